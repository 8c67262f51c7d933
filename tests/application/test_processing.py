"""What the control thread does for others, between two cycles."""

from threading import Event
from types import SimpleNamespace

from pytest import fixture, raises

from ppc.application.processing import Processing


class Clock:
    def __init__(self):
        self.time_s = 0.0

    def now_s(self):
        return self.time_s

    def wall_s(self):
        return self.time_s

    def sleep_until(self, time_s):
        self.time_s = max(self.time_s, time_s)

    def wait(self, _event, _within_s):
        return True


class Broken:
    """A brain in which a function raises in every cycle."""

    def rehearse(self, _rows, _now_s):
        pass

    def decide(self, _rows, **_at):
        raise RuntimeError("a bug")


@fixture
def processing():
    field = SimpleNamespace(
        meter=SimpleNamespace(slots=[(0, None)]),
        second=None,
        meter_lead=SimpleNamespace(s=0.002),
        units_lead=SimpleNamespace(s=0.003),
        meter_fresh=Event(),
        rows=[None],
        read_units=None,
        read_meter=None,
    )
    processing = Processing(
        Broken(),
        field,
        lambda *_: None,
        clock=Clock(),
        period_s=0.1,
        grace_s=0.005,
        realtime=False,
        publish=lambda _: None,
        record=lambda *_: None,
    )
    processing.begin()
    return processing


def test_what_is_asked_is_done_one_a_cycle_in_order_also_when_control_fails(processing):
    done = []
    asked = [processing.between_cycles(lambda i=i: done.append(i)) for i in range(3)]
    assert done == []
    for i in range(3):
        processing.cycle()
        assert done == list(range(i + 1))
        assert [each.done() for each in asked] == [n <= i for n in range(3)]


def test_what_is_cancelled_is_not_done_and_what_fails_is_told(processing, caplog):
    done = []
    gone = processing.between_cycles(lambda: done.append("gone"))
    bad = processing.between_cycles(lambda: 1 / 0)
    good = processing.between_cycles(lambda: done.append("good"))
    assert gone.cancel()
    for _ in range(3):
        processing.cycle()
    assert done == ["good"]
    with raises(ZeroDivisionError):
        bad.result()
    assert good.result() is None
    assert "failed between two cycles" in caplog.text
