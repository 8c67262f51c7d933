from hypothesis import given
from hypothesis import strategies as st
from pytest import approx, mark

from ppc.metier.state_of_charge.law import derating_law

DISTANCES = st.floats(-1.0, 1.0)


@mark.parametrize(
    ("distance_pu", "part"),
    [(-0.1, 0.0), (0.0, 0.0), (0.025, 0.5), (0.05, 1.0), (0.5, 1.0)],
)
def test_derating_by_hand(distance_pu: float, part: float):
    assert derating_law(distance_pu, from_pu=0.0, to_pu=0.05) == approx(part)


@mark.parametrize(("distance_pu", "part"), [(0.01, 0.0), (0.03, 0.5), (0.05, 1.0)])
def test_after_the_limit_was_reached_the_line_starts_later(
    distance_pu: float, part: float
):
    assert derating_law(distance_pu, from_pu=0.01, to_pu=0.05) == approx(part)


@given(DISTANCES, DISTANCES, st.floats(0.0, 0.2), st.floats(0.21, 0.5))
def test_more_distance_never_leaves_less_power(
    a: float, b: float, from_pu: float, to_pu: float
):
    near, far = (derating_law(d, from_pu=from_pu, to_pu=to_pu) for d in sorted((a, b)))
    assert 0.0 <= near <= far <= 1.0
