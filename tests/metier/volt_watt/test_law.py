from hypothesis import given
from hypothesis import strategies as st
from pytest import approx, mark

from ppc.metier.volt_watt.law import closing_law, curve_law

POWERS = st.floats(-1e9, 1e9)


@mark.parametrize(("v_pu", "left"), [(1.0, 1.0), (1.06, 1.0), (1.08, 0.6), (1.2, 0.2)])
def test_the_curve_by_hand(v_pu: float, left: float):
    assert curve_law(v_pu, ((1.06, 1.0), (1.1, 0.2))) == approx(left)


def test_a_tighter_limit_begins_at_the_present_power():
    assert closing_law(10.0, 4.0, power=6.0, tau_s=1.0, dt_s=0.0) == 6.0
    assert closing_law(10.0, 4.0, power=2.0, tau_s=1.0, dt_s=0.0) == 4.0
    assert closing_law(10.0, 4.0, power=None, tau_s=1.0, dt_s=0.0) == 10.0


@given(POWERS, POWERS, st.none() | POWERS, st.floats(0, 60), st.floats(0, 10))
def test_it_never_leaves_what_lies_between(present, target, power, tau_s, dt_s):
    limit = closing_law(present, target, power=power, tau_s=tau_s, dt_s=dt_s)
    slack = 1e-6 * max(abs(present), abs(target), 1.0)
    assert min(present, target) - slack <= limit <= max(present, target) + slack
