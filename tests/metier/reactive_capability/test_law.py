from math import inf

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from pytest import approx, importorskip, mark

from ppc.metier.reactive_capability.law import band_law, both, power_law

LEAST, MOST = -0.328684, 0.410775
P_MIN = ((0.0, -0.05), (0.05, -0.05), (0.05, -0.1), (0.2, LEAST))
P_MAX = ((0.0, 0.0), (0.05, 0.0), (0.05, 0.1), (0.2, MOST))
V_MIN = ((96 / 110, MOST), (103 / 110, LEAST))
V_MAX = ((120 / 110, MOST), (127 / 110, LEAST))
PUS = st.floats(-1.2, 1.2)
BANDS = st.tuples(PUS, PUS).map(lambda b: tuple(sorted(b)))


@mark.parametrize(
    ("p_pu", "band"),
    [
        (0.0, (-0.05, 0.0)),
        (0.049, (-0.05, 0.0)),
        (0.05, (-0.1, 0.1)),
        (0.2, (LEAST, MOST)),
        (1.0, (LEAST, MOST)),
        (-1.0, (LEAST, MOST)),
        (-0.01, (-0.05, 0.0)),
    ],
)
def test_vde_4120_variant_2_by_hand(p_pu: float, band: tuple[float, float]):
    assert power_law(p_pu, P_MIN, P_MAX) == approx(band)


def test_corners_with_a_negative_power_are_not_folded():
    corners = ((-1.0, 0.1), (0.0, 0.2), (1.0, 0.3))
    assert power_law(-1.0, None, corners) == (-inf, approx(0.1))


@given(PUS, st.floats(0.8, 1.2))
def test_without_corners_nothing_is_limited(p_pu: float, v_pu: float):
    free = (-inf, inf)
    assert both(power_law(p_pu, None, None), band_law(v_pu, None, None)) == free


@given(BANDS, BANDS)
def test_what_both_leave_lies_in_the_first_and_in_the_second_if_it_can(by_p, by_v):
    low, high = both(by_p, by_v)
    assert by_p[0] <= low <= high <= by_p[1]
    if by_v[0] <= by_p[1] and by_p[0] <= by_v[1]:
        assert by_v[0] <= low <= high <= by_v[1]
    else:
        assert low == high


def test_sides_that_cross_leave_one_point():
    assert band_law(0.0, ((0, 0.3), (1, 0.3)), ((0, 0.1), (1, 0.1))) == (0.1, 0.1)


def test_vde_4120_is_that_of_pandapower():
    areas = importorskip(
        "pandapower.control.controller.DERController.PQVAreas",
        reason="the group oracle is not installed",
    )
    by_power = areas.PQArea4120(LEAST, MOST)
    by_voltage = areas.QVArea4120(LEAST, MOST)
    for p_pu in np.linspace(0.0, 1.0, 201):
        theirs = by_power.q_flexibility(np.array([p_pu]))[0]
        assert power_law(p_pu, P_MIN, P_MAX) == approx(theirs)
    for v_pu in np.linspace(0.86, 1.17, 200):
        theirs = by_voltage.q_flexibility(None, np.array([v_pu]))[0]
        assert band_law(v_pu, V_MIN, V_MAX) == approx(theirs, abs=1e-9)
