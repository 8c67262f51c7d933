from hypothesis import given
from hypothesis import strategies as st
from pytest import approx, mark

from ppc.metier.watt_var.law import curve_law

CURVE = ((-1.0, 0.44), (-0.5, 0.0), (0.5, 0.0), (1.0, -0.44))


@mark.parametrize(
    ("p_pu", "q_pu"),
    [(0.0, 0.0), (0.5, 0.0), (0.75, -0.22), (0.9, -0.33), (2.0, -0.33), (-0.75, 0.22)],
)
def test_curve_by_hand(p_pu: float, q_pu: float):
    assert curve_law(p_pu, CURVE, most_pu=0.33) == approx(q_pu)


@given(st.floats(-2.0, 2.0), st.floats(0.0, 1.0))
def test_never_more_than_the_most_and_alike_on_both_sides(p_pu: float, most_pu: float):
    q_pu = curve_law(p_pu, CURVE, most_pu=most_pu)
    assert abs(q_pu) <= most_pu
    assert q_pu == approx(-curve_law(-p_pu, CURVE, most_pu=most_pu))
