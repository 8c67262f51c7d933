from math import copysign, hypot

from hypothesis import given
from hypothesis import strategies as st
from pytest import approx, mark

from ppc.metier.power_factor.law import curve_law, reactive_law

POWERS = st.floats(-50e6, 50e6)
FACTORS = st.floats(0.5, 1.0)
SIGNED = st.builds(copysign, FACTORS, st.sampled_from((1.0, -1.0)))
POINTS = st.lists(st.tuples(st.floats(-1.0, 1.0), SIGNED), min_size=2, max_size=5).map(
    lambda points: sorted(points, key=lambda point: point[0])
)


@mark.parametrize(
    ("p_w", "factor", "q_var"),
    [
        (4.0, 0.8, 3.0),
        (4.0, -0.8, -3.0),
        (-4.0, 0.8, 3.0),  # over-excited while a battery charges
        (-4.0, -0.8, -3.0),
        (4.0, 1.0, 0.0),
        (4.0, -1.0, 0.0),
        (0.0, 0.8, 0.0),
    ],
)
def test_reactive_power_by_hand(p_w: float, factor: float, q_var: float):
    assert reactive_law(p_w, factor=factor) == approx(q_var)


@given(POWERS, SIGNED)
def test_active_over_apparent_power_is_the_power_factor(p_w: float, factor: float):
    q_var = reactive_law(p_w, factor=factor)
    assert abs(p_w) == approx(abs(factor) * hypot(p_w, q_var))
    assert q_var * factor >= 0.0
    assert q_var == reactive_law(-p_w, factor=factor)


@mark.parametrize(
    ("p_pu", "factor"),
    [
        (0.0, 0.9),
        (0.2, 0.9),
        (0.35, 0.95),
        (0.5, 1.0),  # half way from +0.9 to -0.9 it is 1, not 0
        (0.65, -0.95),
        (0.8, -0.9),
        (1.1, -0.9),
    ],
)
def test_the_curve_goes_from_one_side_to_the_other_through_one(
    p_pu: float, factor: float
):
    found = curve_law(p_pu, [(0.2, 0.9), (0.8, -0.9)])
    assert reactive_law(1.0, factor=found) == approx(
        reactive_law(1.0, factor=factor), abs=1e-6
    )


@given(st.floats(-2.0, 2.0), POINTS)
def test_the_curve_is_a_power_factor_between_those_of_its_points(p_pu: float, points):
    factor = abs(curve_law(p_pu, points))
    assert min(abs(y) for _, y in points) - 1e-9 <= factor <= 1.0
