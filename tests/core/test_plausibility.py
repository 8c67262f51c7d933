"""A meter is held against the units: turned, stuck, or just a load that changes."""

from math import sin

from hypothesis import given
from hypothesis import strategies as st
from pytest import approx, mark

from ppc.core.evidence import Verdict, judge, turned
from ppc.core.plausibility import Axis, PlausibilitySettings

DT_S = 0.1
SETTINGS = PlausibilitySettings()


def axis():
    return Axis(10e6, SETTINGS, gap=3.5e6)


def play(axis, seconds, units, meter, *, from_s=0.0):
    """Courses of both over time; when the meter was first accused."""
    for i in range(round(seconds / DT_S)):
        time_s = from_s + i * DT_S
        axis.see(units(time_s), meter(time_s), time_s, DT_S)
        if axis.accused:
            return time_s
    return None


def noise(time_s):
    return 2e3 * sin(77.0 * time_s)


def steps(time_s):
    return 1e6 if int(time_s / 10.0) % 2 else 2e6


@given(st.floats(1e3, 1e7) | st.floats(-1e7, -1e3), st.floats(-0.2, 0.2))
def test_a_change_agrees_or_opposes_within_a_quarter(units, off):
    assert judge(units, units * (1.0 + off)) is Verdict.AGREES
    assert judge(units, -units * (1.0 + off)) is Verdict.OPPOSES
    assert judge(units, units * off) is Verdict.OPEN


def test_turned_means_the_opposite_of_what_is_expected():
    assert turned(4e6, -3.5e6, 0.5e6)
    assert not turned(4e6, 3.5e6, 0.5e6)
    assert not turned(4e6, 0.0, 0.5e6)


def test_a_meter_that_is_right_is_believed_whatever_the_units_do():
    assert play(axis(), 100, steps, lambda t: steps(t) - 3e5 + noise(t)) is None


@mark.parametrize("late_s", [0.1, 0.4])
def test_readings_that_lag_are_no_contradiction(late_s):
    def late(time_s):
        return steps(time_s - late_s) + noise(time_s)

    assert play(axis(), 100, steps, late) is None
    assert play(axis(), 100, late, steps) is None


def test_a_meter_turned_from_the_start_is_found_when_the_units_move():
    found_s = play(axis(), 100, steps, lambda t: -steps(t) + noise(t))
    assert found_s is not None
    assert found_s < 32.0


def test_a_meter_that_stands_still_is_found():
    found_s = play(axis(), 100, steps, lambda _: 1e6)
    assert found_s is not None
    assert 10.0 <= found_s < 18.0


def test_a_load_made_good_is_no_contradiction():
    """The units do what the load does, and the meter sees little of either."""
    load = steps
    assert play(axis(), 100, lambda t: load(t - 0.5), noise) is None
    half = play(axis(), 100, lambda t: 0.3 * load(t - 0.5), lambda t: -0.7 * load(t))
    assert half is None


def test_a_jump_that_nothing_explains_is_found_after_some_seconds():
    found_s = play(
        axis(), 30, lambda _: 0.0, lambda t: noise(t) - (4e6 if t > 10.0 else 0.0)
    )
    assert found_s == approx(13.0, abs=0.2)


def test_a_jump_is_explained_by_units_that_move_and_a_meter_that_follows():
    """A step of the load, which the loop makes good."""

    def units(time_s):
        return 4e6 * min(max(time_s - 10.3, 0.0), 1.0)

    def meter(time_s):
        return units(time_s) - (4e6 if time_s > 10.0 else 0.0) + noise(time_s)

    assert play(axis(), 60, units, meter) is None


def test_a_unit_that_comes_or_goes_explains_a_jump():
    held = axis()
    assert play(held, 10, lambda _: 8e6, lambda t: 8e6 + noise(t)) is None
    held.restart(10.0)
    gone = play(held, 10, lambda _: 4e6, lambda t: 8e6 + noise(t), from_s=10.0)
    assert gone is None


def test_a_turned_meter_is_doubted_at_once_and_believed_again_when_it_agrees():
    held = axis()
    assert play(held, 10, lambda _: 4e6, lambda t: 3.9e6 + noise(t)) is None
    held.see(4e6, -3.9e6, 10.0, DT_S)
    assert held.turned
    assert play(held, 10, lambda _: 4e6, lambda _: -3.9e6, from_s=10.1) is not None
    assert held.known == approx(1e5, abs=1e4)
    for i in range(150):
        time_s = 20.0 + i * DT_S
        held.see(4e6, 3.9e6 + noise(time_s), time_s, DT_S)
        assert held.accused == (i < 100)


def test_a_jump_that_was_true_is_believed_when_changes_prove_it():
    held = axis()

    def meter(time_s):
        return steps(time_s) - 5e6 + noise(time_s)

    assert play(held, 9, lambda _: 2e6, lambda t: 2e6 + noise(t)) is None
    assert play(held, 9, steps, meter, from_s=20.0) is not None
    for i in range(600):
        time_s = 30.0 + i * DT_S
        held.see(steps(time_s), meter(time_s), time_s, DT_S)
    assert not held.accused
