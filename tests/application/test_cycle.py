from pytest import approx

from ppc.application.cycle import Cycle, CycleLog


def cycle(tick_s, *, late_s=0.001, acked=2, expected=2, meter=True):
    made = Cycle(tick_s, tick_s - 0.01, begun_s=tick_s + late_s, meter_in_time=meter)
    made.expected_count, made.acknowledged_count = expected, acked
    made.last_acknowledged_s = tick_s + 0.004
    return made


def test_a_cycle_is_complete_when_every_unit_has_acknowledged():
    assert cycle(1.0).acknowledged_s == approx(0.004)
    assert cycle(1.0, acked=1).acknowledged_s is None
    assert cycle(1.0, acked=0, expected=0).acknowledged_s is None


def test_the_log_sums_up_the_last_seconds():
    log = CycleLog(0.1)
    for i in range(50):
        log.add(cycle(0.1 * i, late_s=0.02 if i == 20 else 0.001, meter=i % 2 == 0))
    status = log.status()
    assert status.late_p50_s == approx(0.001)
    assert status.late_max_s == approx(0.02)
    assert status.meter_in_time_pu == approx(0.5, abs=0.02)
    assert status.incomplete_count == 0


def test_cycles_that_were_not_acknowledged_are_counted_for_ever():
    log = CycleLog(0.1, keep_s=1.0)
    for i in range(100):
        log.add(cycle(0.1 * i, acked=1 if i < 3 else 2))
    assert log.status().incomplete_count == 3


def test_an_empty_log_has_a_status():
    assert CycleLog(0.1).status().acknowledged_p50_s is None
