"""What is judged over hours: an answer that rides on a baseline, and the energy."""

from typing import Literal

import numpy as np

from ppc.adapter.strict import Strict
from ppc.bench.checks.base import (
    Curve,
    Expected,
    Figure,
    NotNegative,
    Outcome,
    Positive,
    Text,
    Trial,
)
from ppc.bench.checks.levels import Windowed
from ppc.bench.law import Values
from ppc.bench.laws import AnyLaw
from ppc.bench.series import Series, TraceError


class TrackingLimits(Strict):
    """The most there may be; left out, a figure is only told."""

    mean_pu: NotNegative | None = None
    """Of the size of the error."""
    bias_pu: NotNegative | None = None
    p95_pu: NotNegative | None = None
    max_pu: NotNegative | None = None
    outside: NotNegative | None = None
    """Share of the time outside the corridor."""


class Tracking(Windowed):
    """A signal is its baseline plus what the law says of the measured `x`.

    A sample without a baseline is outside, and fails every limit.
    """

    check: Literal["tracking"] = "tracking"
    signal: Text
    baseline: Text = "p_baseline_pu"
    x: Text = "f_meter_hz"
    law: AnyLaw
    corridor_pu: Positive
    """Half its width."""
    limits: TrackingLimits = TrackingLimits()

    def judge(self, trial: Trial) -> Outcome:
        answer = Expected(law=self.law, x=self.x).values(trial)
        expected = trial.column(self.baseline) + answer
        inside = trial.inside(self.window(trial))
        error = (trial.column(self.signal) - expected)[inside]
        if not len(error):
            raise TraceError("no samples in the window")
        size, most = np.abs(error), self.limits
        figures = [
            Figure("mean error", float(np.mean(size)), "pu", high=most.mean_pu),
            Figure("bias", abs(float(np.mean(error))), "pu", high=most.bias_pu),
            Figure("p95", float(np.quantile(size, 0.95)), "pu", high=most.p95_pu),
            Figure("largest", float(np.max(size)), "pu", high=most.max_pu),
            Figure(
                "outside the corridor",
                1.0 - float(np.mean(size <= self.corridor_pu)),
                "of the time",
                high=most.outside,
            ),
            Figure("answer, rms", float(np.sqrt(np.mean(answer[inside] ** 2))), "pu"),
        ]
        shown = trial.only(expected, self.window(trial))
        margin = self.corridor_pu
        return self.outcome(
            figures, (Curve(self.signal, shown, shown - margin, shown + margin),)
        )


class Ramp(Windowed):
    """How far a signal, less what a law says of `x`, moves within `over_s`.

    Both ends are means over `mean_s`, in which delays of the answer cancel out.
    """

    check: Literal["ramp"] = "ramp"
    signal: Text
    x: Text = "f_meter_hz"
    law: AnyLaw | None = None
    over_s: Positive = 60.0
    mean_s: NotNegative = 10.0
    most_pu: NotNegative

    def judge(self, trial: Trial) -> Outcome:
        y = trial.column(self.signal)
        if self.law is not None:
            y = y - Expected(law=self.law, x=self.x).values(trial)
        seen = Series.of(trial.traces.time_s, y).cut(self.window(trial))
        seen = seen.smooth(self.mean_s)
        last_s = seen.time_s[-1]
        early = seen.time_s <= last_s - self.over_s
        late = np.interp(seen.time_s[early] + self.over_s, seen.time_s, seen.y)
        moves = np.abs(late - seen.y[early])
        if not len(moves):
            raise TraceError(f"the window is shorter than {self.over_s:g} s")
        worst = int(np.argmax(moves))
        most = Figure("most", float(moves[worst]), "pu", high=self.most_pu)
        figures = [most, Figure("p99", float(np.quantile(moves, 0.99)), "pu")]
        why = ""
        if not most.passed:
            why = (
                f"{self.signal} moves by {most.value:.4g} in {self.over_s:g} s "
                f"from {seen.time_s[worst]:.5g} s on"
            )
        return self.outcome(figures, why=why)


class Energy(Windowed):
    """What the batteries gave and took, and where that left their state of charge."""

    check: Literal["energy"] = "energy"
    low_pu: NotNegative | None = None
    high_pu: NotNegative | None = None
    """Between which the state of charge stays."""
    cycles: NotNegative | None = None
    """Most of full cycles: half the way of the state of charge, up and down."""

    def judge(self, trial: Trial) -> Outcome:
        inside = trial.inside(self.window(trial))
        time_s, soc = trial.traces.time_s[inside], trial.column("soc_pu")[inside]
        p_pu = trial.column("p_bess_pu")[inside]
        cycles = float(np.sum(np.abs(np.diff(soc)))) / 2.0
        figures = [
            Figure("lowest charge", float(np.min(soc)), "pu", low=self.low_pu),
            Figure("highest charge", float(np.max(soc)), "pu", high=self.high_pu),
            Figure("charge at the end", float(soc[-1]), "pu"),
            Figure("given", _hours(np.maximum(p_pu, 0.0), time_s), "pu h"),
            Figure("taken", _hours(np.maximum(-p_pu, 0.0), time_s), "pu h"),
            Figure("full cycles", cycles, high=self.cycles),
        ]
        flat = np.ones_like(trial.traces.time_s)
        ends = [
            None if level is None else trial.only(level * flat, self.window(trial))
            for level in (self.low_pu, self.high_pu)
        ]
        return self.outcome(figures, (Curve("soc_pu", None, *ends),))


def _hours(y: Values, time_s: Values) -> float:
    return float(np.trapezoid(y, time_s)) / 3600.0
