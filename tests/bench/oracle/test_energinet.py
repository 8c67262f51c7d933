import numpy as np
from pytest import approx, mark

from ppc.bench.comparison import slope
from ppc.bench.metrics import step_metrics
from ppc.bench.oracle.energinet import (
    DK2,
    Lfsm,
    active_power,
    low_pass,
    power_factor,
    q_of_u,
    q_set_point,
    ramp_pu_per_s,
)
from ppc.bench.series import Values

DT = 0.02
P_MAX_W = 100e6


def times(seconds: float) -> Values:
    return np.arange(round(seconds / DT), dtype=np.float64) * DT


def quiet(t: Values) -> Values:
    return np.full(len(t), 50.0)


def test_the_ramp_is_20_percent_or_60_mw_a_minute():
    assert ramp_pu_per_s(100e6) == approx(0.2 / 60)
    assert ramp_pu_per_s(300e6) == approx(0.2 / 60)
    assert ramp_pu_per_s(600e6) == approx(0.1 / 60)


@mark.parametrize(("p_max_w", "needs_s"), [(100e6, 150), (600e6, 300)])
def test_half_of_the_power_takes_its_time(p_max_w: float, needs_s: float):
    t = times(400)
    p = active_power(np.where(t >= 10, 0.5, 0.0), quiet(t), dt_s=DT, p_max_w=p_max_w)
    assert t[np.argmax(p >= 0.5 - 1e-9)] == approx(10 + needs_s, abs=0.1)
    found = slope(t, p, at_s=10.0, until_s=10.0 + needs_s, over_s=5.0)
    assert found.mean_per_s == approx(0.5 / needs_s, rel=1e-3)


def test_a_low_pass_has_the_rise_it_is_named_after():
    t = times(10)
    y = low_pass(np.where(t >= 2, 1.0, 0.0), 0.95, DT)
    m = step_metrics(t, y, at_s=2.0, until_s=10.0, band_pu=0.02)
    assert m.rise_s == approx(0.95, abs=DT)


def test_a_set_point_of_q_rises_in_half_a_second_and_is_limited():
    t = times(10)
    q = q_set_point(np.where(t >= 2, 0.5, 0.0), DT)
    m = step_metrics(t, q, at_s=2.0, until_s=10.0, band_pu=0.02)
    assert (m.yss, m.rise_s) == approx((0.33, 0.5), abs=DT)


@mark.parametrize(
    ("f_hz", "p"), [(51.5, 0.18), (50.5, 0.58), (48.5, 1.0), (50.15, 0.7), (52.5, 0.0)]
)
def test_lfsm_takes_pn_as_its_reference(f_hz: float, p: float):
    t = times(20)
    f: Values = np.where(t >= 5, f_hz, 50.0)
    found = active_power(np.full(len(t), 0.7), f, dt_s=DT, p_max_w=P_MAX_W)
    assert found[-1] == approx(p, abs=1e-4)


def test_lfsm_is_a_fifth_of_a_second_late_and_then_filtered():
    """From 50 to 51.5 Hz the filter passes 50.2 after tau ln(1.5 / 1.3)."""
    t = times(20)
    f: Values = np.where(t >= 5, 51.5, 50.0)
    p = active_power(np.full(len(t), 0.7), f, dt_s=DT, p_max_w=P_MAX_W)
    tau_s = 0.5 / np.log(9)
    starts_s = t[np.argmax(p < 0.7)] - 5
    assert starts_s == approx(0.2 + tau_s * np.log(1.5 / 1.3), abs=2 * DT)


def test_the_droops_of_the_second_danish_area_and_of_fsm():
    assert DK2.response(51.0) == approx(-0.5 / 50 / 0.04)
    assert DK2.response(50.4) == 0.0
    both = Lfsm(fsm_droop=0.06)
    assert both.response(50.15) == approx(-0.05)
    assert both.response(49.85) == approx(0.05)
    assert both.response(50.5) == approx(-0.06667 - 0.12, abs=1e-5)
    assert Lfsm(fsm_droop=0.02).response(50.19) == -0.1
    banded = Lfsm(fsm_droop=0.06, fsm_dead_band_hz=0.05)
    assert (banded.response(50.04), banded.response(50.11)) == approx((0, -0.02))


def test_an_interrupted_ramp_stands_still_and_is_continued():
    """Set-point 0.3 to 0.8 at 10 s; 51 Hz from 40 to 70 s, 50.03 Hz to 80 s, 50 Hz.

    0.3 + 0.1 = 0.4 is reached at 40 s; 51 Hz takes 0.32 off; at 50.03 Hz the power is
    0.4 again and still held; from 80 s it is ramped on and 0.8 is there 120 s later.
    """
    t = times(260)
    f = np.select([t < 40, t < 70, t < 80], [50.0, 51.0, 50.03], 50.0)
    p = active_power(np.where(t >= 10, 0.8, 0.3), f, dt_s=DT, p_max_w=P_MAX_W)
    at = {s: float(p[round(s / DT)]) for s in (39.9, 65, 75, 79.9, 110, 199, 201)}
    assert at[39.9] == approx(0.4, abs=1e-3)
    assert at[65] == approx(0.08, abs=1e-3)
    assert (at[75], at[79.9]) == approx((0.4, 0.4), abs=1e-3)
    assert at[110] == approx(0.5, abs=1e-3)
    assert at[199] < 0.799
    assert at[201] == approx(0.8, abs=1e-6)


def test_the_response_to_frequency_rises_in_half_a_second():
    t = times(20)
    f: Values = np.where(t >= 5, 50.5, 50.3)
    p = active_power(np.full(len(t), 0.7), f, dt_s=DT, p_max_w=P_MAX_W)
    m = step_metrics(t, p, at_s=5.0, until_s=20.0, band_pu=0.02)
    assert (m.y0, m.yss) == approx((0.66, 0.58), abs=1e-4)
    assert m.rise_s == approx(0.5, abs=DT)


@mark.parametrize(("f_hz", "ramped_s"), [(50.039, 50), (50.041, 10), (49.959, 10)])
def test_the_ramp_is_held_beyond_40_mhz(f_hz: float, ramped_s: float):
    t = times(60)
    f: Values = np.where(t >= 20, f_hz, 50.0)
    p = active_power(np.where(t >= 10, 0.8, 0.3), f, dt_s=DT, p_max_w=P_MAX_W)
    assert p[-1] == approx(0.3 + ramped_s * 0.2 / 60, abs=1e-3)


def test_between_20_and_40_mhz_the_ramp_goes_on_if_it_was_not_left():
    t = times(60)
    f: Values = np.where(t >= 20, 50.03, 50.0)
    p = active_power(np.where(t >= 10, 0.8, 0.3), f, dt_s=DT, p_max_w=P_MAX_W)
    assert p[-1] == approx(0.3 + 50 * 0.2 / 60, abs=1e-3)


def test_power_falls_with_the_available_power_and_comes_back_on_the_ramp():
    t = times(200)
    sky = np.where((t >= 20) & (t < 50), 0.2, 1.0)
    p = active_power(
        np.full(len(t), 0.5), quiet(t), dt_s=DT, p_max_w=P_MAX_W, p_available_pu=sky
    )
    assert p[round(20 / DT)] == 0.2
    assert p[round(80 / DT)] == approx(0.3, abs=1e-3)
    assert p[-1] == approx(0.5)


def test_lfsm_below_nominal_ends_at_what_is_available():
    t = times(20)
    f: Values = np.where(t >= 5, 48.5, 50.0)
    p = active_power(
        np.full(len(t), 0.7), f, dt_s=DT, p_max_w=P_MAX_W, p_available_pu=0.75
    )
    assert p[-1] == 0.75


def test_q_of_u_has_its_slope_its_limit_and_its_rise():
    t = times(20)
    v: Values = np.where(t >= 5, 0.98, 1.0)
    m = step_metrics(t, q_of_u(v, 1.0, 0.04, DT), at_s=5.0, until_s=20.0, band_pu=0.02)
    assert (m.yss, m.rise_s) == approx((0.165, 0.95), abs=DT)
    assert q_of_u(np.where(t >= 5, 0.9, 1.0), 1.0, 0.04, DT)[-1] == approx(0.33)
    assert q_of_u(np.where(t >= 5, 1.02, 1.0), 1.05, 0.04, DT)[-1] == approx(
        0.33 * 0.03 / 1.05 / 0.04, abs=1e-4
    )


def test_q_of_u_is_held_in_a_fault_until_0_9_pu():
    """0.98 until 10 s; 0.5 until 11; 0.88 until 12; then 0.91: Q at its limit."""
    t = times(20)
    v = np.select([t < 2, t < 10, t < 11, t < 12], [1.0, 0.98, 0.5, 0.88], 0.91)
    q = q_of_u(v, 1.0, 0.04, DT)
    held = q[(t >= 10) & (t < 12)]
    assert np.ptp(held) == 0.0
    assert held[0] == approx(0.165, abs=1e-3)
    assert q[-1] == approx(0.33, abs=1e-3)
    assert np.ptp(q_of_u(np.where(t >= 5, 0.86, 1.0), 1.0, 0.04, DT)) == approx(0.33)


def test_a_power_factor_is_signed_and_limited():
    p = np.array([0.0, 0.5, 1.0, -0.5])
    assert power_factor(p, 0.95) == approx([0, 0.16434, 0.32868, -0.16434], abs=1e-5)
    assert power_factor(p, -0.95) == approx(-power_factor(p, 0.95))
    assert power_factor(p, 0.9)[2] == 0.33
