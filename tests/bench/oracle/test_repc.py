from dataclasses import replace
from math import exp
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from pytest import approx, mark

from ppc.bench.oracle.repc import Inputs, Model, Repc

DT = 0.01
OFF: dict[str, Any] = {"Kp": 0.0, "Ki": 0.0, "Kpg": 0.0, "Kig": 0.0}
REST = Inputs(V=1.0, P=0.0, Q=0.0)


def outputs(
    c: Repc, at: Inputs, seconds: float, *, start: Inputs = REST, ideal: bool = False
) -> list[tuple[float, float]]:
    """Pext and Qext of each step; `ideal`: the plant does at once as it is told."""
    model, rows = Model(c, DT, start), []
    for _ in range(round(seconds / DT)):
        rows.append(model.step(at))
        if ideal:
            at = replace(at, P=rows[-1][0], Q=rows[-1][1])
    return rows


def q_end(c: Repc, at: Inputs, seconds: float, **how: Any) -> float:
    return outputs(c, at, seconds, **how)[-1][1]


def p_end(c: Repc, at: Inputs, seconds: float, **how: Any) -> float:
    return outputs(c, at, seconds, **how)[-1][0]


def gains(**given_: Any) -> Repc:
    return Repc(**(OFF | {"Tfltr": 0.0, "Tp": 0.0, "Tg": 0.0} | given_))


def test_at_rest_nothing_moves():
    start = Inputs(V=1.02, P=0.4, Q=-0.1, Vref=1.02 - 0.012, Pref=0.4)
    c = Repc(Kp=2, Ki=5, Kpg=1, Kig=1, Kc=0.12, Tfv=0.1, Ddn=20, Dup=20)
    assert outputs(c, start, 5.0, start=start)[-1] == approx((0.4, -0.1))


def test_q_control_integrates_to_its_reference_with_one_over_ki():
    rows = outputs(gains(RefFlag=0, Ki=2.0), replace(REST, Qref=0.3), 5.0, ideal=True)
    assert rows[49][1] == approx(0.3 * (1 - exp(-1)), rel=0.02)
    assert rows[-1][1] == approx(0.3, abs=1e-4)


def test_voltage_control_stands_on_its_droop_line():
    """V held 2 % low: V + Kc Q = Vref gives Q = 0.02 / Kc."""
    c = gains(Ki=20.0, Kc=0.04 / 0.33)
    assert q_end(c, replace(REST, V=0.98), 5.0, ideal=True) == approx(0.165, abs=1e-4)


def test_line_drop_compensation_controls_the_voltage_behind_the_line():
    """|1 - j0.1 (-j0.2)| = 0.98 behind X = 0.1 with Q = 0.2; 0.95 behind R with P."""
    c = gains(VCFlag=1, Kp=1.0, Xc=0.1, Kc=9.0)
    assert q_end(c, replace(REST, Q=0.2), 0.1) == approx(0.02)
    low = replace(REST, V=0.9, Q=0.18)
    assert q_end(c, low, 0.1, start=low) == approx(0.18 + 1.0 - 0.88)
    at = replace(REST, P=0.5)
    drop = gains(VCFlag=1, Kp=1.0, Rc=0.1)
    assert q_end(drop, at, 0.1, start=replace(REST, P=0.5)) == approx(0.05)


def test_the_dead_band_is_offset_and_the_error_limit_comes_after_it():
    c = gains(Kp=1.0, dbd1=-0.01, dbd2=0.02, emin=-0.03, emax=0.05)
    by_v = {0.985: 0.0, 0.97: 0.01, 0.9: 0.05, 1.009: 0.0, 1.02: -0.01, 1.2: -0.03}
    for v, q in by_v.items():
        assert q_end(c, replace(REST, V=v), 0.1) == approx(q, abs=1e-9)


def test_an_integrator_at_its_limit_leaves_it_at_once():
    c = gains(Kp=0.5, Ki=5.0, Qmax=0.33, Qmin=-0.33)
    model = Model(c, DT, REST)
    for _ in range(60_000):
        _, q = model.step(replace(REST, V=0.9))
    assert q == approx(0.33)
    _, q = model.step(replace(REST, V=1.02))
    assert q < 0.33
    for _ in range(700):
        _, q = model.step(replace(REST, V=1.02))
    assert q == approx(-0.33)


def test_a_proportional_part_over_the_limit_does_not_wind_the_integrator_up():
    model = Model(gains(Kp=10, Ki=5.0, Qmax=0.33, Qmin=-0.33), DT, REST)
    for v in (0.9, 1.1):
        for _ in range(1000):
            model.step(replace(REST, V=v))
        assert model.s2 == 0.0
    for _ in range(10):
        model.step(replace(REST, V=0.98))
    assert model.s2 == approx(10 * 5.0 * 0.02 * DT)


def test_inside_its_limits_the_integrator_of_a_pi_goes_on():
    """From the lower limit upwards, and back, while Kp e is large."""
    model = Model(gains(Kp=10, Ki=5.0, Qmax=0.33, Qmin=-0.33), DT, REST)
    for start, v, sign in ((-0.2, 0.98, 1), (0.2, 1.02, -1)):
        model.s2 = start
        model.step(replace(REST, V=v))
        assert model.s2 == approx(start + sign * 5.0 * 0.02 * DT)


def test_below_vfrz_reactive_output_stands_still_and_then_goes_on():
    c = gains(Kp=1.0, Ki=5.0, Vfrz=0.85)
    model = Model(c, DT, REST)
    for _ in range(50):
        _, before = model.step(replace(REST, V=0.98))
    for _ in range(100):
        _, during = model.step(replace(REST, V=0.2))
    _, after = model.step(replace(REST, V=0.98))
    assert during == before
    assert before < after < before + 0.01


@mark.parametrize(("version", "p"), [("A", 0.4), ("C", 0.0)])
def test_only_version_c_freezes_active_power(version: Any, p: float):
    c = gains(Kig=1.0, Vfrz=0.85, version=version)
    assert p_end(c, replace(REST, V=0.5, Pref=0.4), 1.0) == approx(p)


def test_version_c_stays_frozen_for_a_time_after_the_voltage_is_back():
    model = Model(gains(Ki=5.0, Vfrz=0.85, tFrz=0.3, version="C"), DT, REST)
    model.step(replace(REST, V=0.5))
    rows = [model.step(replace(REST, V=0.98))[1] for _ in range(60)]
    frozen = [q for q in rows if q == 0.0]
    assert len(frozen) * DT == approx(0.3, abs=1.5 * DT)
    assert rows[-1] > 0


def test_lead_and_lag_begin_with_their_ratio():
    c = gains(Kp=1.0, Tft=0.2, Tfv=0.4)
    rows = outputs(c, replace(REST, V=0.9), 4.0)
    assert rows[0][1] == approx(0.1 * (0.5 + 0.5 * (1 - exp(-DT / 0.4))))
    assert rows[39][1] == approx(0.1 * (1 - 0.5 * exp(-1)))
    assert rows[-1][1] == approx(0.1, abs=1e-4)


@mark.parametrize(("f", "p"), [(0.99, 0.6), (1.01, 0.3), (1.0, 0.5), (0.9995, 0.5)])
def test_frequency_moves_active_power_along_its_droops(f: float, p: float):
    """Dead band 0.001, Dup 10/0.9, Ddn 20/0.9: +0.1 and -0.2."""
    c = gains(Kig=5.0, fdbd1=-0.001, fdbd2=0.001, Dup=10 / 0.9, Ddn=20 / 0.9)
    start = replace(REST, P=0.5, Pref=0.5)
    assert p_end(c, replace(start, f=f), 5.0, start=start, ideal=True) == approx(p)


def test_the_power_error_and_the_power_are_limited():
    c = gains(Kig=1.0, femin=-0.05, femax=0.1, Pmax=0.3, Pmin=-0.2)
    assert p_end(c, replace(REST, Pref=0.9), 1.0) == approx(0.1)
    assert p_end(c, replace(REST, Pref=-0.9), 1.0) == approx(-0.05)
    assert p_end(c, replace(REST, Pref=0.9), 9.0) == approx(0.3)
    assert p_end(c, replace(REST, Pref=-0.9), 9.0) == approx(-0.2)


def test_without_fflag_the_reference_goes_through():
    c = gains(Fflag=0, Kig=5.0, Dup=20.0)
    assert p_end(c, replace(REST, Pref=0.7, f=0.98), 0.1) == 0.7


def test_filters_have_their_time_constants():
    seen = Repc(Kp=1.0, Ki=0, Kpg=0, Kig=0, Tfltr=0.5)
    q_seen = outputs(seen, replace(REST, V=0.9), 1.0)
    assert q_seen[49][1] == approx(0.1 * (1 - exp(-1)))
    by_p = gains(Kpg=1.0, Tp=0.5)
    p_seen = outputs(by_p, replace(REST, P=0.3), 1.0)
    assert p_seen[49][0] == approx(-0.3 * (1 - exp(-1)))
    out = outputs(gains(Kpg=1.0, Tg=0.5), replace(REST, Pref=0.3), 1.0)
    assert out[49][0] == approx(0.3 * (1 - exp(-1)))


# What REPC_C adds.


def test_c_controls_a_power_factor_and_none_near_zero():
    c = gains(RefFlag=2, Ki=5.0, version="C")
    start = replace(REST, P=0.8)
    closed = Model(c, DT, start)
    q = 0.0
    for _ in range(500):
        _, q = closed.step(replace(start, pf=-0.95, Q=q))
    assert q == approx(-0.8 * 0.32868, abs=1e-4)
    for _ in range(500):
        _, q = closed.step(replace(start, pf=0.0099, Q=q))
    assert q == approx(0, abs=1e-4)
    _, q = closed.step(replace(start, pf=0.0101, Q=q))
    assert q > 0.5


def test_c_limits_its_references():
    c = gains(RefFlag=0, Kp=1.0, QRefMin=-0.1, QRefMax=0.2, version="C")
    assert q_end(c, replace(REST, Qref=0.9), 0.1) == approx(0.2)
    assert q_end(c, replace(REST, Qref=-0.9), 0.1) == approx(-0.1)
    v = gains(Kp=1.0, URefMin=0.95, URefMax=1.05, version="C")
    assert q_end(v, replace(REST, Vref=1.2), 0.1) == approx(0.05)
    assert q_end(v, replace(REST, Vref=0.8), 0.1) == approx(-0.05)
    pf = gains(RefFlag=2, Kp=1.0, PfMin=0.95, version="C")
    start = replace(REST, P=1.0)
    assert q_end(pf, replace(start, pf=0.5), 0.1, start=start) == approx(
        0.32868, abs=1e-5
    )


def test_c_ramps_its_references():
    q = gains(RefFlag=0, Kp=1.0, DQRefMin=-0.2, DQRefMax=0.1, version="C")
    assert q_end(q, replace(REST, Qref=0.9), 2.0) == approx(0.2)
    assert q_end(q, replace(REST, Qref=-0.9), 2.0) == approx(-0.4)
    p = gains(Kpg=1.0, DPrMin=-0.2, DPrMax=0.1, version="C")
    assert p_end(p, replace(REST, Pref=0.9), 2.0) == approx(0.2)
    assert p_end(p, replace(REST, Pref=-0.9), 2.0) == approx(-0.4)


def test_c_limits_the_rate_of_its_outputs():
    c = gains(Kp=1.0, Kpg=1.0, QvrMin=-0.2, QvrMax=0.1, PrMin=-0.4, PrMax=0.3)
    up = outputs(c, replace(REST, V=0.5, Pref=0.9), 2.0)[-1]
    down = outputs(c, replace(REST, V=1.5, Pref=-0.9), 2.0)[-1]
    assert (up, down) == (approx((0.6, 0.2)), approx((-0.8, -0.4)))


def test_c_adds_auxiliary_signals():
    c = gains(Kp=1.0, Kpg=1.0, version="C")
    at = replace(REST, PAux=0.07, UAux=0.03)
    assert outputs(c, at, 0.1)[-1] == approx((0.07, 0.03))


def test_c_filters_the_frequency_limits_it_and_trusts_it_only_at_voltage():
    c = gains(Kpg=1.0, Dup=10.0, Ddn=10.0, tFrq=0.5, version="C")
    rows = outputs(c, replace(REST, f=0.99), 1.0)
    assert rows[49][0] == approx(0.1 * (1 - exp(-1)))
    limited = gains(Kpg=1.0, Dup=10.0, Ddn=10.0, DfMin=-0.002, DfMax=0.004)
    assert p_end(limited, replace(REST, f=0.99), 0.1) == approx(0.04)
    assert p_end(limited, replace(REST, f=1.01), 0.1) == approx(-0.02)
    at_voltage = gains(Kpg=1.0, Dup=10.0, Ddn=10.0, UFreq=0.8)
    assert p_end(at_voltage, replace(REST, f=0.99, V=0.79), 0.1) == 0.0
    assert p_end(at_voltage, replace(REST, f=0.99, V=0.8), 0.1) == approx(0.1)


def test_c_filters_the_droop_path():
    """Q steps to 0.5: -Kc Q comes with tC."""
    c = gains(Kp=1.0, Kc=0.1, tC=0.5, version="C")
    rows = outputs(c, replace(REST, Q=0.5), 1.0)
    assert rows[49][1] == approx(-0.05 * (1 - exp(-1)))


def test_c_can_leave_the_feedback_of_power_out():
    with_it, without = gains(Kpg=0.5), gains(Kpg=0.5, PefdFlag=0)
    at = replace(REST, P=0.3, Pref=0.5)
    assert p_end(with_it, at, 0.1) == approx(0.1)
    assert p_end(without, at, 0.1) == approx(0.25)


def test_c_feeds_its_reference_forward_and_trims_within_limits():
    c = gains(Kig=1.0, FfwrdFlag=1, PiMin=-0.02, PiMax=0.05, Pmax=0.6, version="C")
    assert p_end(c, replace(REST, Pref=0.5), DT) == approx(0.5, abs=0.01)
    assert p_end(c, replace(REST, Pref=0.5), 9.0) == approx(0.55)
    assert p_end(c, replace(REST, Pref=0.58), 9.0) == approx(0.6)
    assert p_end(c, replace(REST, P=0.9, Pref=0.5), 9.0) == approx(0.48)


@given(
    st.lists(
        st.tuples(
            st.floats(0.7, 1.2), st.floats(-1, 1), st.floats(-0.4, 0.4),
            st.floats(0.96, 1.04), st.floats(-1, 1),
        ),
        min_size=1, max_size=40,
    )
)  # fmt: skip
@settings(deadline=None, max_examples=60)
def test_outputs_stay_within_their_limits_whatever_comes(
    rows: list[tuple[float, float, float, float, float]],
):
    c = Repc(
        Kp=3, Ki=20, Kpg=2, Kig=5, Kc=0.12, Tfv=0.1, Vfrz=0.85, Qmin=-0.33, Qmax=0.33,
        Pmin=-0.5, Pmax=1.0, Ddn=20, Dup=20,
    )  # fmt: skip
    model = Model(c, 0.05, REST)
    for v, p, q, f, p_ref in rows:
        p_out, q_out = model.step(Inputs(V=v, P=p, Q=q, f=f, Pref=p_ref))
        assert -0.5 - 1e-9 <= p_out <= 1.0 + 1e-9
        assert -0.33 - 1e-9 <= q_out <= 0.33 + 1e-9
