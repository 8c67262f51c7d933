from hypothesis import given
from hypothesis import strategies as st
from pytest import approx, mark

from ppc.metier.voltage_support.law import (
    beyond_law,
    error_law,
    grid_voltage_law,
    normal_law,
    pi_law,
    remote_voltage_law,
    slope_to_grid_law,
)

VOLTS = st.floats(0.0, 2.0)
SLOPES = st.floats(0.02, 0.07)
BANDS = st.floats(0.0, 0.05)


@mark.parametrize(
    ("v_pu", "q_pu"),
    [
        (1.00, 0.0),
        (1.01, 0.0),  # edge of the dead band
        (1.03, -0.5),  # absorbs when the voltage is high
        (0.97, +0.5),  # injects when it is low
        (0.90, +1.0),  # never more than q_max
    ],
)
def test_droop_by_hand(v_pu: float, q_pu: float):
    q = normal_law(v_pu, v_set_pu=1.0, slope_pu=0.04, deadband_pu=0.01)
    assert q == approx(q_pu)


@given(VOLTS, VOLTS, SLOPES, BANDS)
def test_droop_never_answers_a_higher_voltage_with_more_q(
    a: float, b: float, slope_pu: float, deadband_pu: float
):
    low, high = (
        normal_law(v, v_set_pu=1.0, slope_pu=slope_pu, deadband_pu=deadband_pu)
        for v in sorted((a, b))
    )
    assert -1.0 <= high <= low <= 1.0


@given(st.floats(0.0, 0.1), SLOPES, BANDS)
def test_droop_answers_high_and_low_alike(
    deviation_pu: float, slope_pu: float, deadband_pu: float
):
    low, high = (
        normal_law(v, v_set_pu=1.0, slope_pu=slope_pu, deadband_pu=deadband_pu)
        for v in (1.0 - deviation_pu, 1.0 + deviation_pu)
    )
    assert low == approx(-high, abs=1e-9)


@given(VOLTS, BANDS)
def test_droop_has_no_jump_at_the_edge_of_the_dead_band(
    v_pu: float, deadband_pu: float
):
    near = [
        normal_law(v, v_set_pu=1.0, slope_pu=0.02, deadband_pu=deadband_pu)
        for v in (v_pu, v_pu + 1e-9)
    ]
    assert near[0] == approx(near[1], abs=1e-6)


@mark.parametrize(("blind_s", "q_var"), [(0.0, 5.0), (10.0, 5.0), (10.1, 1.0)])
def test_without_a_measurement_first_the_last_value_then_the_default(
    blind_s: float, q_var: float
):
    assert error_law(5.0, blind_s=blind_s, hold_s=10.0, default=1.0) == q_var


@given(
    st.floats(0.95, 1.05),
    st.floats(0.9, 1.1),
    st.floats(0.02, 0.07),
    st.floats(0.01, 1.0),
    st.floats(0.1, 0.5),
)
def test_the_way_over_the_grids_voltage_ends_on_the_droop(
    v_set_pu, v0_pu, slope_pu, sensitivity_pu, q_max_pu
):
    to_grid_pu = slope_to_grid_law(
        slope_pu, q_max_pu=q_max_pu, sensitivity_pu=sensitivity_pu
    )
    q = normal_law(v0_pu, v_set_pu=v_set_pu, slope_pu=to_grid_pu)
    v_pu = v0_pu + sensitivity_pu * q * q_max_pu
    back_pu = grid_voltage_law(v_pu, q * q_max_pu, sensitivity_pu=sensitivity_pu)
    assert back_pu == approx(v0_pu)
    assert normal_law(v_pu, v_set_pu=v_set_pu, slope_pu=slope_pu) == approx(q, abs=1e-9)


def test_the_far_end_of_a_line_by_hand():
    far = remote_voltage_law(1.0, 0.0, 0.3, r_pu=0.0, x_pu=0.1)
    assert far == approx(0.97)
    far = remote_voltage_law(1.0, 0.5, 0.0, r_pu=0.1, x_pu=0.2)
    assert far == approx((0.95**2 + 0.1**2) ** 0.5)
    assert remote_voltage_law(1.0, 0.5, 0.3, r_pu=0.0, x_pu=0.0) == 1.0


def test_the_pi_law_adds_to_what_was_granted():
    q = pi_law(0.2, 0.01, 0.004, kp=5.0, ki_per_s=10.0, dt_s=0.1)
    assert q == approx(0.2 + 5.0 * 0.006 + 10.0 * 0.01 * 0.1)
    assert pi_law(0.2, 0.0, 0.0, kp=5.0, ki_per_s=10.0, dt_s=0.1) == 0.2


def test_beyond_a_dead_band():
    beyond = [beyond_law(e, deadband_pu=0.01) for e in (-0.03, -0.01, 0.005, 0.02)]
    assert beyond == approx([-0.02, 0.0, 0.0, 0.01])
