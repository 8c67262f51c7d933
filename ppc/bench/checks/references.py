"""A signal beside that of another model: REPC, or a reference response of Energinet."""

from collections.abc import Mapping
from typing import Any, Literal, Self

import numpy as np
from pydantic import Field, ValidationError, model_validator

from ppc.bench.checks.base import Outcome, Text, Trial
from ppc.bench.checks.levels import Windowed
from ppc.bench.checks.shapes import Errors, errors_of
from ppc.bench.law import Values
from ppc.bench.oracle import energinet, grid_loop
from ppc.bench.oracle.grid_loop import Loop
from ppc.bench.oracle.repc import Model, Repc

Name = Literal[
    "energinet_ramp",
    "energinet_lfsm",
    "energinet_q",
    "energinet_q_of_u",
    "energinet_power_factor",
    "repc_a",
    "repc_c",
]


class Reference(Windowed):
    """The largest, mean and mean absolute error against the model's own trace.

    Models of Energinet take what was ordered and measured; `parameters`: `droop`,
    `factor`, `p_max_w`, of LFSM `over_hz`, `under_hz`, `fsm_droop`. REPC closes its own
    loop over a grid like ours; `parameters`: those of the model, and of the loop
    `x_pu`, `r_pu`, `unit_tau_s`, `dead_time_s`.
    """

    check: Literal["reference"] = "reference"
    signal: Text
    model: Name
    parameters: dict[str, float] = Field(default_factory=dict)
    limits: Errors = Errors()

    @model_validator(mode="after")
    def _buildable(self) -> Self:
        try:
            _parts(self.model, self.parameters)
        except (TypeError, ValidationError) as error:
            raise ValueError(f"{self.model}: {error}") from None
        return self

    def judge(self, trial: Trial) -> Outcome:
        expected = _trace(self, trial)
        return self.outcome(*errors_of(self, trial, expected, self.limits))


def _parts(model: Name, given: Mapping[str, float]) -> tuple[Any, dict[str, float]]:
    """The model's own settings, and the rest. TypeError: unknown ones."""
    loop = {"x_pu", "r_pu", "unit_tau_s", "dead_time_s"}
    if model in {"repc_a", "repc_c"}:
        version: Literal["A", "C"] = "A" if model == "repc_a" else "C"
        own = {k: v for k, v in given.items() if k not in loop}
        gains = {"Kp": 0.0, "Ki": 0.0, "Kpg": 0.0, "Kig": 0.0} | own
        whole = {k: int(v) if k.endswith("Flag") else v for k, v in gains.items()}
        repc = Repc(version=version, **whole)  # type: ignore[arg-type]
        return repc, {k: v for k, v in given.items() if k in loop}
    known = {
        "energinet_ramp": {"p_max_w"},
        "energinet_lfsm": {"p_max_w", "over_hz", "under_hz", "droop", "fsm_droop"},
        "energinet_q": set(),
        "energinet_q_of_u": {"droop"},
        "energinet_power_factor": {"factor"},
    }[model]
    if unknown := set(given) - known:
        raise TypeError(f"no parameter {', '.join(sorted(unknown))}")
    return None, dict(given)


def _trace(check: Reference, trial: Trial) -> Values:
    time_s, column = trial.traces.time_s, trial.column
    dt_s = float(time_s[1] - time_s[0])
    settings, rest = _parts(check.model, check.parameters)
    match check.model:
        case "energinet_q":
            return energinet.q_set_point(_known(column("order.q_set_pu")), dt_s)
        case "energinet_q_of_u":
            v_ref = _known(column("order.v_set_pu"), 1.0)
            return energinet.q_of_u(column("v_pu"), v_ref, rest["droop"], dt_s)
        case "energinet_power_factor":
            return energinet.power_factor(column("p_pu"), rest["factor"])
        case "energinet_ramp" | "energinet_lfsm":
            p_max_w = rest.pop("p_max_w", 10e6)
            return energinet.active_power(
                _known(column("order.p_set_pu")),
                column("f_hz"),
                dt_s=dt_s,
                p_max_w=p_max_w,
                lfsm=energinet.Lfsm(**rest),
                p_available_pu=column("p_available_pu"),
            )
        case _:
            return _repc(settings, rest, trial, dt_s, check.signal)


def _repc(
    settings: Repc, rest: dict[str, float], trial: Trial, dt_s: float, signal: str
) -> Values:
    column = trial.column
    f_nominal_hz = float(column("f_hz")[0])
    loop = Loop(
        dt_s=dt_s,
        p_pu=float(column("p_pu")[0]),
        q_pu=float(column("q_pu")[0]),
        **rest,
    )
    stimulus = {
        "grid_v_pu": column("grid_v_pu"),
        "f": column("f_hz") / f_nominal_hz,
        "Vref": _known(column("order.v_set_pu"), 1.0),
        "Qref": _known(column("order.q_set_pu")),
        "Pref": _known(column("order.p_set_pu")),
    }
    trace = grid_loop.run(lambda at: Model(settings, dt_s, at), loop, stimulus)
    found: Values = getattr(trace, signal)
    return found


def _known(values: Values, missing: float = 0.0) -> Values:
    return np.where(np.isnan(values), missing, values)
