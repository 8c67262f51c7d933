from hypothesis import given
from hypothesis import strategies as st
from pytest import approx, mark

from ppc.metier.energy_management.memory import (
    AlertDetector,
    Need,
    RollingMean,
    Thresholds,
)

LEVELS = ((0.05, 900.0), (0.1, 300.0), (0.2, 0.0))


@mark.parametrize("sign", [-1, 1])
@mark.parametrize(
    ("off_hz", "after_s"), [(0.2, 0), (0.199, 300), (0.1, 300), (0.099, 900)]
)
def test_alert_state_begins_after_the_time_of_each_level(off_hz, after_s, sign):
    detector = AlertDetector(LEVELS)
    detector.step(0.0, 0.0)
    began_s = next(t for t in range(1, 1000) if detector.step(sign * off_hz, float(t)))
    assert began_s == after_s + 1


def test_a_small_deviation_is_none():
    detector = AlertDetector(LEVELS)
    assert not any(detector.step(0.049, float(t)) for t in range(2000))


def test_each_counter_begins_anew_when_its_level_is_left():
    detector = AlertDetector(LEVELS)
    for t in range(290):
        assert not detector.step(0.12, float(t))
    assert not detector.step(0.09, 290.0)
    assert not detector.step(0.12, 301.0)
    assert not detector.step(0.12, 600.0)
    assert detector.step(0.12, 601.0)


def test_it_ends_below_the_least_level_and_not_before():
    detector = AlertDetector(LEVELS)
    assert detector.step(-0.25, 1.0)
    assert detector.step(-0.06, 2.0)
    assert detector.step(None, 3.0)
    assert not detector.step(-0.04, 4.0)


def test_restoring_begins_and_ends_at_different_states_of_charge():
    need, at = Need(), Thresholds(0.3, 0.45, 0.55, 0.7)
    seen = [
        need.step(soc, at) for soc in (0.5, 0.31, 0.29, 0.44, 0.46, 0.69, 0.71, 0.56)
    ]
    assert seen == [0, 0, -1, -1, 0, 0, 1, 1]
    assert need.step(0.55, at) == 0


@given(st.lists(st.floats(-1.0, 1.0), min_size=1, max_size=200))
def test_the_mean_is_that_of_the_window(values):
    mean = RollingMean(10.0)
    for value in values:
        seen = mean.step(value, 1.0)
    assert seen == approx(sum(values[-10:]) / 10.0, abs=1e-9)


def test_a_window_is_full_at_any_moment():
    mean = RollingMean(10.0)
    seen = [mean.step(1.0, 0.1) for _ in range(137)]
    assert seen[:100] == approx([0.01 * (i + 1) for i in range(100)])
    assert seen[100:] == approx([1.0] * 37)


@mark.parametrize("dt_s", [0.02, 0.1, 1.0, 2.5, 30.0])
def test_the_mean_does_not_depend_on_the_cycle_time(dt_s):
    mean = RollingMean(300.0)
    for _ in range(round(150 / dt_s)):
        half = mean.step(1.0, dt_s)
    for _ in range(round(300 / dt_s)):
        whole = mean.step(1.0, dt_s)
    for _ in range(round(300 / dt_s)):
        gone = mean.step(0.0, dt_s)
    assert (half, whole, gone) == approx((0.5, 1.0, 0.0), abs=1e-9)
    assert gone == 0.0
