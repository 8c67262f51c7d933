from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from pytest import approx, mark

from ppc.metier.frequency_sensitive_mode.law import (
    both_sides,
    droop_curve,
    heard_law,
    share_law,
)

CONTAINMENT = ((0.015, 0.0), (0.2, 0.05), (0.5, 1.0))


def change_pu(f_hz, reserve_pu=0.1, droop_pu=None, deadband_hz=0.0, range_hz=0.2):
    curve = droop_curve(
        droop_pu=droop_pu,
        deadband_hz=deadband_hz,
        range_hz=range_hz,
        reserve_pu=reserve_pu,
        f_nominal_hz=50.0,
    )
    return reserve_pu * share(f_hz, both_sides(curve))


def share(f_hz, curve, *, under=True, over=True):
    return share_law(f_hz, f_nominal_hz=50.0, curve=curve, under=under, over=over)


@mark.parametrize(
    ("f_hz", "wanted_pu"),
    [(50.0, 0), (49.85, 0.05), (50.15, -0.05), (49.8, 0.2 / 3), (49.0, 0.2 / 3)],
)
def test_a_droop_of_6_percent_ends_where_the_limited_mode_begins(f_hz, wanted_pu):
    assert change_pu(f_hz, droop_pu=0.06) == approx(wanted_pu)


def test_the_reserve_may_be_used_up_before_the_range():
    assert change_pu(49.85, droop_pu=0.02) == approx(0.1)
    assert change_pu(49.95, droop_pu=0.02) == approx(0.05)


def test_without_a_droop_all_is_given_at_the_end_of_the_range():
    assert change_pu(49.9, reserve_pu=0.5) == approx(0.25)
    assert change_pu(50.3, reserve_pu=0.5) == approx(-0.5)


def test_the_dead_band_is_taken_off_the_deviation():
    nordic = {"reserve_pu": 0.4, "deadband_hz": 0.1, "range_hz": 0.5}
    assert change_pu(49.91, **nordic) == 0.0
    assert change_pu(49.7, **nordic) == approx(0.2)
    assert change_pu(50.5, **nordic) == approx(-0.4)


@mark.parametrize(
    ("f_hz", "wanted"),
    [(49.99, 0), (50.01, 0), (49.8, 0.05), (50.2, -0.05), (49.35, 1), (50.35, -0.525)],
)
def test_two_slopes_alike_on_both_sides(f_hz, wanted):
    assert share(f_hz, both_sides(CONTAINMENT)) == approx(wanted)


def test_a_curve_may_say_both_sides_itself():
    curve = ((-0.5, 1.0), (-0.1, 0.25), (0.1, -0.25))
    assert both_sides(curve) == curve
    assert share(49.5, curve) == 1.0
    assert share(50.5, curve) == -0.25


def test_one_side_may_be_left_out():
    curve = both_sides(CONTAINMENT)
    assert share(50.5, curve, over=False) == 0.0
    assert share(49.5, curve, under=False) == 0.0


@given(
    st.lists(st.floats(49, 51), min_size=2).map(sorted),
    st.none() | st.floats(0.004, 0.2),
    st.floats(0, 0.19),
    st.floats(0.01, 1.0),
)
def test_more_frequency_never_asks_for_more_power(f_hz, droop_pu, deadband_hz, most_pu):
    asked = [change_pu(f, most_pu, droop_pu, deadband_hz) for f in f_hz]
    assert all(b <= a + 1e-12 for a, b in pairwise(asked))
    assert all(abs(a) <= most_pu for a in asked)


@given(st.lists(st.floats(49, 51), min_size=1), st.floats(0, 0.03))
def test_what_is_heard_is_nearer_than_the_insensitivity(seen, insensitivity_hz):
    heard = None
    for f_hz in seen:
        heard = heard_law(f_hz, heard, insensitivity_hz=insensitivity_hz)
        assert heard == f_hz or abs(heard - f_hz) < insensitivity_hz


def test_insensitivity_lies_around_the_last_value_wherever_that_is():
    heard = heard_law(50.105, 50.1, insensitivity_hz=0.01)
    assert heard == 50.1
    assert heard_law(50.111, heard, insensitivity_hz=0.01) == 50.111
    assert heard_law(50.005, 50.0, insensitivity_hz=0.01) == 50.0
