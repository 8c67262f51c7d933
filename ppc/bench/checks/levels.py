"""Values that must be right, or stay within bounds."""

from math import inf
from typing import Literal, Self

import numpy as np
from pydantic import model_validator

from ppc.bench.checks.base import (
    Check,
    Curve,
    Expected,
    Figure,
    NotNegative,
    Number,
    Outcome,
    Text,
    Trial,
)
from ppc.bench.law import Values
from ppc.bench.laws import AnyLaw
from ppc.bench.series import Window


class Windowed(Check):
    """Something that holds from one time to another, or at all times."""

    from_s: NotNegative = 0.0
    to_s: NotNegative = inf

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.from_s >= self.to_s:
            raise ValueError("from_s must be before to_s")
        return self

    def window(self, trial: Trial) -> Window:
        """Its end belongs to it where the case ends."""
        last_s = float(trial.traces.time_s[-1])
        return self.from_s, min(self.to_s, last_s + 1e-6)


class Static(Windowed):
    """The mean over a window is what the law says of the measured x."""

    check: Literal["static"] = "static"
    signal: Text
    x: Text = "time_s"
    law: AnyLaw
    tolerance_pu: NotNegative

    def judge(self, trial: Trial) -> Outcome:
        y = trial.column(self.signal)
        expected = Expected(law=self.law, x=self.x).values(trial)
        inside = trial.inside(self.window(trial))
        error = float(np.mean(y[inside] - expected[inside])) if inside.any() else np.nan
        figure = Figure("static error", abs(error), "pu", high=self.tolerance_pu)
        shown = trial.only(expected, self.window(trial))
        margin = self.tolerance_pu
        curve = Curve(self.signal, shown, shown - margin, shown + margin)
        return self.outcome([figure], (curve,))


class Within(Windowed):
    """A signal stays between two values, or two laws of measured values."""

    check: Literal["within"] = "within"
    signal: Text
    low: Number | Expected | None = None
    high: Number | Expected | None = None
    tolerance_pu: NotNegative = 0.0
    allowed_s: NotNegative = 0.0
    """For so long, in all, it may be outside."""

    @model_validator(mode="after")
    def _some(self) -> Self:
        if self.low is None and self.high is None:
            raise ValueError("give low or high, or both")
        return self

    def judge(self, trial: Trial) -> Outcome:
        y, inside = trial.column(self.signal), trial.inside(self.window(trial))
        low = _values(self.low, trial, -inf) - self.tolerance_pu
        high = _values(self.high, trial, inf) + self.tolerance_pu
        beyond = np.maximum(low - y, y - high)
        outside = inside & ~(beyond <= 0.0)  # NaN is outside
        time_s = trial.traces.time_s
        every_s = float(time_s[1] - time_s[0]) if len(time_s) > 1 else 0.0
        worst = float(np.max(beyond[inside])) if inside.any() else np.nan
        figures = [
            Figure("farthest outside", max(worst, 0.0), "pu"),
            Figure(
                "time outside",
                float(np.count_nonzero(outside)) * every_s,
                "s",
                high=self.allowed_s,
            ),
        ]
        why = ""
        if not figures[1].passed:
            at_s = float(time_s[outside][0])
            why = (
                f"{self.signal} is outside for {figures[1].value:.4g} s, first at "
                f"{at_s:.4g} s, by up to {figures[0].value:.4g}"
            )
        window = self.window(trial)
        curve = Curve(
            self.signal, None, _shown(low, trial, window), _shown(high, trial, window)
        )
        return self.outcome(figures, (curve,), why)


def _values(bound: float | Expected | None, trial: Trial, none: float) -> Values:
    if isinstance(bound, Expected):
        return bound.values(trial)
    level = none if bound is None else bound
    return np.full(trial.traces.time_s.shape, level)


def _shown(bound: Values, trial: Trial, window: Window) -> Values | None:
    return trial.only(bound, window) if np.isfinite(bound).any() else None
