"""What a check is: asked of a trial, it answers in figures."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isnan
from typing import Annotated

import numpy as np
from pydantic import Field

from ppc.adapter.strict import Strict
from ppc.bench.law import Values
from ppc.bench.laws import AnyLaw
from ppc.bench.series import Window
from ppc.bench.traces import Traces

Number = Annotated[float, Field(allow_inf_nan=False)]
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
NotNegative = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Text = Annotated[str, Field(min_length=1)]


@dataclass(frozen=True, slots=True)
class Figure:
    """A number that was measured, and what it may be. NaN keeps no limit."""

    name: str
    value: float
    unit: str = ""
    low: float | None = None
    high: float | None = None

    @property
    def passed(self) -> bool:
        if self.low is None and self.high is None:
            return True
        return (
            not isnan(self.value)
            and (self.low is None or self.value >= self.low)
            and (self.high is None or self.value <= self.high)
        )

    def __str__(self) -> str:
        value = "none" if isnan(self.value) else f"{rounded(self.value)} {self.unit}"
        allowed = []
        if self.low is not None:
            allowed.append(f"at least {rounded(self.low)}")
        if self.high is not None:
            allowed.append(f"at most {rounded(self.high)}")
        limits = f" ({', '.join(allowed)})" if allowed else ""
        return f"{self.name}: {value.strip()}{limits}"


def rounded(value: float) -> str:
    """Four figures, of which none is finer than a hundred-thousandth."""
    return f"{round(value, 5):.4g}"


@dataclass(frozen=True, slots=True)
class Curve:
    """For the picture of a signal: what was expected of it, and what was allowed."""

    signal: str
    expected: Values | None = None
    low: Values | None = None
    high: Values | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a check found. `why` says in a sentence what is wrong; "" if nothing is."""

    check: str
    figures: tuple[Figure, ...]
    why: str = ""
    curves: tuple[Curve, ...] = ()

    @property
    def passed(self) -> bool:
        return not self.why


@dataclass(frozen=True, slots=True)
class Trial:
    """What happened in a case."""

    traces: Traces
    steps_s: tuple[float, ...]
    """When something was moved."""
    duration_s: float
    columns: Mapping[str, Values] = field(init=False)
    """Of the traces, and time_s."""

    def __post_init__(self) -> None:
        columns = {**self.traces.columns, "time_s": self.traces.time_s}
        object.__setattr__(self, "columns", columns)

    def column(self, name: str) -> Values:
        """KeyError, which names those that are there: there is no such column."""
        if name not in self.columns:
            there = ", ".join(sorted(self.columns))
            raise KeyError(f"there is no signal {name}; there is {there}")
        return self.columns[name]

    def inside(self, window: Window) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        time_s = self.traces.time_s
        return (time_s >= window[0] - 1e-9) & (time_s < window[1] - 1e-9)

    def only(self, values: Values, window: Window) -> Values:
        """`values` in the window, NaN outside: for pictures."""
        return np.where(self.inside(window), values, np.nan)


class Expected(Strict):
    """A value that follows from others: a law at the measured x."""

    law: AnyLaw
    x: Text = "time_s"

    def values(self, trial: Trial) -> Values:
        y = self.law(trial.column(self.x), trial.columns)
        return np.broadcast_to(y, trial.traces.time_s.shape).astype(float)


class Check(Strict, ABC):
    """Base of all checks."""

    name: Text

    @abstractmethod
    def judge(self, trial: Trial) -> Outcome: ...

    def outcome(
        self, figures: list[Figure], curves: tuple[Curve, ...] = (), why: str = ""
    ) -> Outcome:
        """The first figure that fails is the sentence, if there is none yet."""
        failing = [str(figure) for figure in figures if not figure.passed]
        more = f", and {len(failing) - 1} more" if len(failing) > 1 else ""
        sentence = why or (f"{failing[0]}{more}" if failing else "")
        return Outcome(self.name, tuple(figures), sentence, curves)
