from hypothesis import given
from hypothesis import strategies as st
from pytest import approx, mark

from ppc.metier.volt_var.law import curve_law, lock_law, reference_law
from ppc.metier.volt_var.policy import CATEGORY_B

VOLTS = st.floats(0.0, 2.0)
REFERENCES = st.floats(0.95, 1.05)


@mark.parametrize(
    ("v_pu", "q_pu"),
    [(0.80, 0.44), (0.95, 0.22), (1.0, 0.0), (1.05, -0.22), (1.2, -0.44)],
)
def test_the_curve_by_hand(v_pu: float, q_pu: float):
    assert curve_law(v_pu, CATEGORY_B) == approx(q_pu)
    moved = curve_law(v_pu + 0.03, CATEGORY_B, v_reference_pu=1.03, q_offset_pu=0.1)
    assert moved == approx(q_pu + 0.1)


@given(VOLTS, VOLTS, REFERENCES)
def test_a_falling_curve_never_answers_a_higher_voltage_with_more_q(
    a: float, b: float, v_reference_pu: float
):
    low, high = (
        curve_law(v, CATEGORY_B, v_reference_pu=v_reference_pu) for v in sorted((a, b))
    )
    assert -0.44 <= high <= low <= 0.44


@given(REFERENCES, VOLTS, st.floats(0.01, 1e4))
def test_the_reference_goes_towards_the_voltage_and_stays_in_its_range(
    present: float, v_pu: float, dt_s: float
):
    after = reference_law(present, v_pu, tau_s=300.0, dt_s=dt_s)
    assert 0.95 <= after <= 1.05
    assert min(present, v_pu) - 1e-9 <= after or after == 0.95
    assert after <= max(present, v_pu) + 1e-9 or after == 1.05


def test_the_reference_has_done_63_percent_after_its_time_constant():
    v_pu = 1.0
    for _ in range(300):
        v_pu = reference_law(v_pu, 1.05, tau_s=300.0, dt_s=1.0)
    assert v_pu == approx(1.0 + 0.05 * 0.63212, abs=1e-6)


@mark.parametrize(
    ("locked", "p_pu", "then"),
    [
        (True, 0.19, True),
        (True, 0.20, False),
        (True, -0.20, False),
        (False, 0.05, False),
        (False, 0.049, True),
        (False, -0.5, False),
    ],
)
def test_between_the_two_levels_nothing_changes(locked, p_pu, then):
    assert lock_law(p_pu, locked=locked, lock_in_pu=0.2, lock_out_pu=0.05) is then
