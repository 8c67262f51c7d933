"""Answers to steps: how quick, how far beyond, how exact in the end."""

from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from ppc.adapter.strict import Strict
from ppc.bench.checks.base import (
    Check,
    Curve,
    Expected,
    Figure,
    NotNegative,
    Outcome,
    Positive,
    Text,
    Trial,
)
from ppc.bench.comparison import static_error
from ppc.bench.law import Values
from ppc.bench.laws import AnyLaw
from ppc.bench.metrics import LAST_SHARE, StepMetrics, step_metrics
from ppc.bench.series import Window


class StepLimits(Strict):
    """Most that is allowed; `damping` is the least."""

    reaction_s: NotNegative | None = None
    rise_s: NotNegative | None = None
    response_s: NotNegative | None = None
    settling_s: NotNegative | None = None
    t1_s: NotNegative | None = None
    overshoot_pu: NotNegative | None = None
    undershoot_pu: NotNegative | None = None
    damping: NotNegative | None = None
    static_pu: NotNegative | None = None
    """Of the mean of the last tenth against the law at the measured x."""


class Steps(Check):
    """Steps of `at`, each seen until the next one, or until something else moves."""

    check: Literal["steps"] = "steps"
    signal: Text
    at: Literal["each"] | Annotated[tuple[NotNegative, ...], Field(min_length=1)]
    until_s: Positive | None = None
    """Each is seen for this long instead."""
    x: Text = "time_s"
    law: AnyLaw | None = None
    band_pu: Positive
    profile: Literal["iec", "ner"] = "iec"
    least_change: Positive = 2e-3
    """A smaller change is no step: it has no shape to be judged."""
    limits: StepLimits

    def judge(self, trial: Trial) -> Outcome:
        y = trial.column(self.signal)
        expected = Expected(law=self.law, x=self.x).values(trial) if self.law else None
        figures: list[Figure] = []
        for window in self._windows(trial):
            figures += self._one(trial, y, expected, window)
        return self.outcome(figures, (Curve(self.signal, expected),))

    def _windows(self, trial: Trial) -> list[Window]:
        moved = [t for t in trial.steps_s if t > 0.0]
        starts = moved if self.at == "each" else list(self.at)
        ends = sorted({*moved, *starts, trial.duration_s})
        if self.until_s is not None:
            return [(s, min(s + self.until_s, trial.duration_s)) for s in starts]
        return [(s, next(e for e in ends if e > s)) for s in starts]

    def _one(
        self, trial: Trial, y: Values, expected: Values | None, window: Window
    ) -> list[Figure]:
        at_s, until_s = window
        time_s, limits = trial.traces.time_s, self.limits
        found = step_metrics(
            time_s,
            y,
            at_s=at_s,
            until_s=until_s,
            band_pu=self.band_pu,
            profile=self.profile,
            least_change=self.least_change,
        )
        when = f"at {at_s:g} s"
        figures = []
        if expected is not None and limits.static_pu is not None:
            tail = (until_s - LAST_SHARE * (until_s - at_s), until_s)
            error = static_error(time_s, y, expected, window=tail)
            figures.append(
                Figure(f"static error {when}", error, "pu", high=limits.static_pu)
            )
        if self._no_step(trial, expected, found, window):
            return figures
        for name, high in limits:
            if high is None or name == "static_pu":
                continue
            value, unit = getattr(found, name), "s" if name.endswith("_s") else "pu"
            word = name.rsplit("_", 1)[0]
            if name == "settling_s":
                word = f"settling to {100 * self.band_pu:g} %"
            if name == "damping":
                if np.isnan(value):
                    continue  # it does not swing at all
                figures.append(Figure(f"damping {when}", value, "", low=high))
            else:
                figures.append(Figure(f"{word} {when}", value, unit, high=high))
        return figures

    def _no_step(
        self,
        trial: Trial,
        expected: Values | None,
        found: StepMetrics,
        window: Window,
    ) -> bool:
        """Whether nothing moved, and nothing had to."""
        if abs(found.delta) >= self.least_change:
            return False
        if expected is None:
            return False
        before = trial.inside((window[0] - 1.0, window[0]))
        after = trial.inside(window)
        wanted = np.nanmean(expected[after]) - np.nanmean(expected[before])
        return bool(abs(wanted) < 2.0 * self.least_change)
