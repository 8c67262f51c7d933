from math import inf

from hypothesis import given
from hypothesis import strategies as st
from pytest import approx, mark

from ppc.metier.energy_management.law import (
    allowed_law,
    endurance_law,
    most_reserve_law,
    short_term_law,
)

DEVIATIONS = st.floats(-1.0, 1.0)


def endurance(soc_pu, p_set_w=0.0):
    return endurance_law(
        soc_pu,
        soc_min_pu=0.05,
        soc_max_pu=0.95,
        energy_wh=20e6,
        reserve_w=10e6,
        p_set_w=p_set_w,
    )


@mark.parametrize(
    ("soc_pu", "p_set_w", "minutes"),
    [
        (0.5, 0.0, (54, 54)),
        (0.3, 0.0, (30, 78)),
        (0.0, 0.0, (0, 114)),
        (0.5, 5e6, (36, 108)),
        (0.5, 10e6, (27, inf)),
    ],
)
def test_how_long_the_store_lasts_both_ways(soc_pu, p_set_w, minutes):
    assert endurance(soc_pu, p_set_w) == approx(minutes)


@mark.parametrize(("ratio", "most_w"), [(1.25, 8e6), (1.34, 7.4627e6)])
def test_some_of_the_power_is_not_for_sale(ratio, most_w):
    assert most_reserve_law(10e6, ratio=ratio) == approx(most_w, rel=1e-4)


@given(DEVIATIONS)
def test_what_is_allowed_never_works_against_the_reserve(deviation_hz):
    low, high = allowed_law(deviation_hz, normal_hz=0.01)
    if deviation_hz > 0.01:
        assert (low, high) == (-1, 0)
    elif deviation_hz < -0.01:
        assert (low, high) == (0, 1)
    else:
        assert (low, high) == (-1, 1)


@given(DEVIATIONS)
def test_of_a_lasting_deviation_nothing_is_answered(deviation_hz):
    within_hz = min(max(deviation_hz, -0.1), 0.1)
    added_w = short_term_law(
        within_hz, deviation_hz, restored_w=0.0, reserve_w=1e6, full_hz=0.1,
        most_w=1.34e6,
    )  # fmt: skip
    assert added_w == approx(1e6 * within_hz / 0.1, abs=1e-3)


@given(DEVIATIONS, st.floats(-0.1, 0.1), st.floats(-0.34e6, 0.34e6))
def test_reserve_and_restoring_stay_within_what_is_set_aside(now_hz, mean_hz, extra_w):
    added_w = short_term_law(
        mean_hz, now_hz, restored_w=extra_w, reserve_w=1e6, full_hz=0.1, most_w=1.34e6
    )
    answered_w = -1e6 * min(max(now_hz / 0.1, -1.0), 1.0)
    assert abs(answered_w + added_w) <= 1.34e6 + 1.0
