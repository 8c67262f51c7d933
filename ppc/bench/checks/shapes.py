"""The course of a signal: slopes, sines, and other models of the same thing."""

from typing import Annotated, Literal, Self

import numpy as np
from pydantic import Field, model_validator

from ppc.adapter.strict import Strict
from ppc.bench.checks.base import (
    Check,
    Curve,
    Expected,
    Figure,
    NotNegative,
    Number,
    Outcome,
    Positive,
    Text,
    Trial,
)
from ppc.bench.checks.levels import Windowed
from ppc.bench.comparison import compare, slope
from ppc.bench.law import Values
from ppc.bench.laws import AnyLaw
from ppc.bench.tolerance import MRA, band, judge_step


class Slope(Windowed):
    """How fast a signal moves: its mean slope between 10 and 90 %, or its steepest."""

    check: Literal["slope"] = "slope"
    signal: Text
    mean_pu_per_s: Number | None = None
    tolerance: NotNegative = 0.1
    """Of the mean slope, as a share of it."""
    steepest_pu_per_s: NotNegative | None = None
    """Most that any `over_s` may have, either way."""
    over_s: Positive = 1.0

    @model_validator(mode="after")
    def _some(self) -> Self:
        if self.mean_pu_per_s is None and self.steepest_pu_per_s is None:
            raise ValueError("give mean_pu_per_s or steepest_pu_per_s, or both")
        return self

    def judge(self, trial: Trial) -> Outcome:
        at_s, until_s = self.window(trial)
        found = slope(
            trial.traces.time_s,
            trial.column(self.signal),
            at_s=at_s,
            until_s=until_s,
            over_s=self.over_s,
        )
        figures = []
        if self.mean_pu_per_s is not None:
            ends = sorted(
                self.mean_pu_per_s * (1.0 + way * self.tolerance) for way in (-1, 1)
            )
            figures.append(
                Figure("mean slope", found.mean_per_s, "pu/s", ends[0], ends[1])
            )
        if self.steepest_pu_per_s is not None:
            figures.append(
                Figure(
                    f"steepest slope over {self.over_s:g} s",
                    abs(found.largest_per_s),
                    "pu/s",
                    high=self.steepest_pu_per_s,
                )
            )
        return self.outcome(figures, (Curve(self.signal),))


class Sine(Windowed):
    """The answer to a sine: amplitude over that of x times the gain, and phase."""

    check: Literal["sine"] = "sine"
    signal: Text
    x: Text
    period_s: Positive
    gain: Number
    """y per x, in the units of both; its sign says which way."""
    gain_low: NotNegative
    gain_high: Positive
    """Bounds of the measured gain over `gain`."""
    lag_deg: NotNegative
    """Most that y may lag behind x, or be ahead of it."""

    def judge(self, trial: Trial) -> Outcome:
        inside = trial.inside(self.window(trial))
        time_s = trial.traces.time_s[inside]
        turn = np.exp(-2j * np.pi * time_s / self.period_s)
        x = trial.column(self.x)[inside]
        y = trial.column(self.signal)[inside]
        ratio = complex(np.sum((y - y.mean()) * turn) / np.sum((x - x.mean()) * turn))
        ratio /= self.gain
        figures = [
            Figure("gain", abs(ratio), "", self.gain_low, self.gain_high),
            Figure(
                "phase", abs(float(np.angle(ratio, deg=True))), "deg", 0.0, self.lag_deg
            ),
        ]
        return self.outcome(figures, (Curve(self.signal),))


class Tolerance(Check):
    """Steps against the two-sided tolerance of IEEE 1547.1 4.2."""

    check: Literal["tolerance"] = "tolerance"
    signal: Text
    x: Text
    law: AnyLaw
    at: Annotated[tuple[NotNegative, ...], Field(min_length=1)]
    tr_s: Positive
    """Open-loop response time: 90 % of the change."""
    mra_x: Positive | None = None
    mra_y: Positive | None = None
    """Accuracies of x and y. Left out: those of IEEE 1547 for the signal."""
    faster: bool = True
    """Whether being there earlier is right too."""

    @model_validator(mode="after")
    def _accurate(self) -> Self:
        for signal, given in ((self.x, self.mra_x), (self.signal, self.mra_y)):
            if given is None and signal not in MRA:
                raise ValueError(f"no accuracy is known of {signal}: give mra_x, mra_y")
        return self

    def judge(self, trial: Trial) -> Outcome:
        mra_x, mra_y = self.mra_x or MRA[self.x], self.mra_y or MRA[self.signal]
        x, y = trial.column(self.x), trial.column(self.signal)
        figures = []
        for at_s in self.at:
            found = judge_step(
                trial.traces.time_s,
                x,
                y,
                self.law,
                at_s=at_s,
                tr_s=self.tr_s,
                mra_x=mra_x,
                mra_y=mra_y,
                context=trial.columns,
                faster=self.faster,
            )
            dynamic, steady = found.dynamic, found.steady
            figures += [
                Figure(
                    f"{self.tr_s:g} s after {at_s:g} s",
                    *(found.y_at_tr, "pu"),
                    *(float(dynamic.low), float(dynamic.high)),
                ),
                Figure(
                    f"steady after {at_s:g} s",
                    *(found.y_steady, "pu"),
                    *(float(steady.low), float(steady.high)),
                ),
            ]
        around = band(self.law, x, mra_x=mra_x, mra_y=mra_y, context=trial.columns)
        expected = Expected(law=self.law, x=self.x).values(trial)
        low, high = _like(around.low, expected), _like(around.high, expected)
        return self.outcome(figures, (Curve(self.signal, expected, low, high),))


class Errors(Strict):
    """Largest, mean and mean absolute error allowed, pu. Defaults: IEC 61400-27-2."""

    mxe: NotNegative = 0.05
    me: NotNegative = 0.02
    mae: NotNegative = 0.03


class Against(Windowed):
    """A signal keeps close to a law in time."""

    check: Literal["against"] = "against"
    signal: Text
    x: Text = "time_s"
    law: AnyLaw
    limits: Errors = Errors()

    def judge(self, trial: Trial) -> Outcome:
        expected = Expected(law=self.law, x=self.x).values(trial)
        return self.outcome(*errors_of(self, trial, expected, self.limits))


def errors_of(
    check: Windowed, trial: Trial, expected: Values, limits: Errors
) -> tuple[list[Figure], tuple[Curve, ...]]:
    """The three errors of `check.signal` against what was expected, and the picture."""
    signal: str = check.signal  # type: ignore[attr-defined]
    window = check.window(trial)
    found = compare(
        trial.traces.time_s, trial.column(signal), expected, window=window
    ).outside
    assert found is not None, "no time was set apart"
    figures = [
        Figure("largest error", found.mxe, "pu", high=limits.mxe),
        Figure("mean error", abs(found.me), "pu", high=limits.me),
        Figure("mean absolute error", found.mae, "pu", high=limits.mae),
    ]
    return figures, (Curve(signal, trial.only(expected, window)),)


def _like(values: Values, other: Values) -> Values:
    return np.broadcast_to(values, other.shape).astype(float)
