from dataclasses import replace
from typing import Any

import numpy as np
from pytest import approx, mark

from ppc.bench.comparison import static_error
from ppc.bench.laws import build
from ppc.bench.metrics import step_metrics
from ppc.bench.oracle.grid_loop import Loop, Trace, run
from ppc.bench.oracle.repc import Inputs, Model, Repc
from ppc.bench.oscillation import oscillation
from ppc.bench.series import Values

K, TAU_S = 0.33 / 0.04, 0.4
FAST: dict[str, Any] = {
    "Kp": 0.0, "Ki": K / TAU_S, "Kpg": 0.0, "Kig": 1.0, "Kc": 1 / K, "Tfltr": 0.05,
}  # fmt: skip


def voltage_step(step_pu: float, loop: Loop, **more: Any) -> Trace:
    """The grid steps at 2 s; 40 s."""
    index = np.arange(round(40 / loop.dt_s))
    grid_v_pu: Values = np.where(index * loop.dt_s >= 2, 1 + step_pu, 1.0)
    c = Repc(**(FAST | more))
    return run(lambda at: Model(c, loop.dt_s, at), loop, {"grid_v_pu": grid_v_pu})


@mark.parametrize("step_pu", [-0.02, 0.02, -0.04, 0.04])
@mark.parametrize(("scr", "per_2_percent"), [(10, 0.0904), (20, 0.1168), (30, 0.1294)])
def test_the_step_of_q_is_that_of_the_energinet_cases(
    scr: float, per_2_percent: float, step_pu: float
):
    """dQ = -K dUg / (1 + K / SCR), from the model, from the law and by hand."""
    trace = voltage_step(step_pu, Loop(x_pu=1 / scr))
    m = step_metrics(trace.time_s, trace.q_pu, at_s=2.0, until_s=40.0, band_pu=0.05)
    assert m.delta == approx(-per_2_percent * step_pu / 0.02, abs=1.5e-4)
    law = build("droop", {"reference": 1.0, "slope": 0.04, "full": 0.33})
    error = static_error(trace.time_s, trace.q_pu, law(trace.v_pu), window=(35.0, 40.0))
    assert error < 1e-4


class Sampled:
    """A controller called every 0.1 s, its voltage (only) filtered with 50 ms."""

    def __init__(self, c: Repc, dt_s: float, at: Inputs) -> None:
        self.model, self.keep = Model(c, 0.1, at), np.exp(-dt_s / 0.05)
        self.every, self.count, self.v = round(0.1 / dt_s), 0, at.V
        self.out = (at.P, at.Q)

    def step(self, at: Inputs) -> tuple[float, float]:
        self.v = at.V + (self.v - at.V) * self.keep
        if self.count % self.every == 0:
            self.out = self.model.step(replace(at, V=self.v))
        self.count += 1
        return self.out


def overshoot_pu(scr: float, tau_s: float) -> float:
    """The worst of three phases between step and sample; Ug -4 %, 0.15 s of delay."""
    c = Repc(**(FAST | {"Ki": K / tau_s, "Tfltr": 0.0}))
    loop, index, found = Loop(x_pu=1 / scr, dead_time_s=0.15), np.arange(6000), 0.0
    for at_s in (2.0, 2.03, 2.06):
        grid_v_pu: Values = np.where(index * loop.dt_s >= at_s, 0.96, 1.0)
        stimulus = {"grid_v_pu": grid_v_pu}
        trace = run(lambda at: Sampled(c, loop.dt_s, at), loop, stimulus)
        m = step_metrics(
            trace.time_s, trace.q_pu, at_s=at_s, until_s=60.0, band_pu=0.05
        )
        found = max(found, m.overshoot_pu)
    return found


@mark.parametrize(
    ("scr", "tau_s", "expected"), [(10, 0.4, 0.54), (20, 0.4, 0.32), (10, 0.8, 0.115)]
)
def test_the_integral_form_overshoots_as_an_independent_study_found(
    scr: float, tau_s: float, expected: float
):
    assert overshoot_pu(scr, tau_s) == approx(expected, abs=0.015)


def test_in_a_weak_grid_the_integral_form_grows():
    trace = voltage_step(-0.02, Loop(x_pu=1 / 3, dead_time_s=0.2))
    early, final_pu = (trace.time_s > 2) & (trace.time_s < 8), 0.165 / (1 + K / 3)
    swing = oscillation(
        trace.time_s[early], trace.q_pu[early], about=final_pu, least=0.01
    )
    assert swing is not None
    assert swing.damping < -0.05


def test_dead_time_and_lag_are_those_of_the_unit():
    """A reference that goes straight through, P alone."""
    loop = Loop(x_pu=0.05, r_pu=0.02, dead_time_s=0.3, unit_tau_s=0.5)
    index = np.arange(1000)
    p_ref: Values = np.where(index >= 200, 0.5, 0.0)
    c = Repc(Kp=0, Ki=0, Kpg=0, Kig=0, Fflag=0)
    stimulus = {"grid_v_pu": np.ones(1000), "Pref": p_ref}
    trace = run(lambda at: Model(c, loop.dt_s, at), loop, stimulus)
    m = step_metrics(trace.time_s, trace.p_pu, at_s=2.0, until_s=10.0, band_pu=0.05)
    assert m.reaction_s == approx(0.3 + 0.5 * -np.log(0.9), abs=0.02)
    assert m.rise_s == approx(0.5 * np.log(9), abs=0.02)
    assert trace.v_pu[-1] == approx(1 + 0.02 * 0.5)


def test_a_loop_begins_at_rest_where_it_is_told():
    loop = Loop(x_pu=0.05, q_pu=0.2, p_pu=0.6, r_pu=0.01)
    v = 1.0 + 0.05 * 0.2 + 0.01 * 0.6
    stimulus = {
        "grid_v_pu": np.ones(500),
        "Vref": np.full(500, v + 0.2 / K),
        "Pref": np.full(500, 0.6),
    }
    trace = run(lambda at: Model(Repc(**FAST), loop.dt_s, at), loop, stimulus)
    assert np.ptp(trace.q_pu) < 1e-9
    assert (trace.v_pu[-1], trace.p_pu[-1], trace.q_pu[-1]) == approx((v, 0.6, 0.2))
