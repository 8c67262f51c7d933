from math import exp

from pytest import approx

from ppc.configuration.simulation import UnitSection
from ppc.simulation.physics.response import Dynamics, Lag, SetPoints

DYNAMICS = Dynamics(
    dead_time_s=0.05, response_s=0.08, ramp_pu_per_s=10.0, watchdog_s=5.0
)


def test_a_set_point_waits_for_the_dead_time():
    points = SetPoints(DYNAMICS, 0.0, 0.0)
    points.write(p_set_w=7.0, q_set_var=2.0)
    seen = [points.step(0.01) for _ in range(6)]
    assert seen == [(0.0, 0.0)] * 4 + [(7.0, 2.0)] * 2


def test_a_newer_set_point_does_not_overtake_an_older_one():
    points = SetPoints(DYNAMICS, 0.0, 0.0)
    points.write(p_set_w=1.0)
    points.step(0.02)
    points.write(p_set_w=2.0)
    assert [points.step(0.02)[0] for _ in range(3)] == [0.0, 1.0, 2.0]


def test_a_set_point_written_alone_leaves_the_other():
    points = SetPoints(DYNAMICS, 0.0, 0.0)
    points.write(p_set_w=1.0, q_set_var=2.0)
    points.write(p_set_w=3.0)
    assert points.step(1.0) == (3.0, 2.0)
    points.write(q_set_var=4.0)
    assert points.step(1.0) == (3.0, 4.0)


def test_what_is_not_renewed_lapses_after_the_watchdog_time():
    points = SetPoints(DYNAMICS, 9.0, 0.0)
    points.write(p_set_w=1.0, q_set_var=2.0)
    assert points.step(4.9) == (1.0, 2.0)
    assert not points.lapsed
    assert points.step(0.2) == (9.0, 0.0)
    assert points.lapsed


def test_what_is_renewed_does_not_lapse():
    points = SetPoints(DYNAMICS, 9.0, 0.0)
    for _ in range(10):
        points.write(p_set_w=1.0)
        assert points.step(4.0) == (1.0, 0.0)


def test_without_a_watchdog_a_set_point_stays():
    points = SetPoints(DYNAMICS._replace(watchdog_s=None), 9.0, 0.0)
    points.write(p_set_w=1.0)
    assert points.step(1e6) == (1.0, 0.0)


def test_the_lag_is_of_first_order_whatever_the_step():
    fine, coarse = Lag(0.08, 1e9), Lag(0.08, 1e9)
    for _ in range(16):
        fine.step(1.0, 0.01)
    for _ in range(2):
        coarse.step(1.0, 0.08)
    assert fine.value == approx(1 - exp(-2))
    assert coarse.value == approx(1 - exp(-2))


def test_the_ramp_limits_the_rate():
    lag = Lag(0.0, 10.0)
    assert [lag.step(5.0, 0.1) for _ in range(6)] == approx([1, 2, 3, 4, 5, 5])
    assert lag.step(-5.0, 0.1) == approx(4.0)


def test_a_unit_may_be_slower_than_its_kind():
    own = DYNAMICS.with_own(UnitSection(response_s=2.0, soc_pu=0.7), 60.0)
    assert own == Dynamics(0.05, 2.0, 10.0, 60.0)
