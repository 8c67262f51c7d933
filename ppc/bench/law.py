"""What a law is: a function from a measured value to the value that is expected.

A law is checked data, called with the measured input `x` (a number, or a trace in time
order) and with `context`, the other columns of the same trace by name. A parameter of
kind `Quantity` is a number or the name of such a column, so that a set-point which
changes during a case is followed. Per unit, hertz and seconds; generator sign.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from typing import Annotated, ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

Values = NDArray[np.float64]
Context = Mapping[str, ArrayLike]

Number = Annotated[float, Field(allow_inf_nan=False)]
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
NotNegative = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Quantity = Number | Annotated[str, Field(min_length=1)]
"""A number, or the name of a column of the trace."""

Tupled = BeforeValidator(
    lambda given: tuple(given) if isinstance(given, list) else given
)
"""For tuples: strict as YAML is read, a list would not do."""

LATCHED = "latched"
"""In place of a column: the power when the frequency left its band."""


def column(name: str, context: Context) -> Values:
    """The column of this name.

    Raises:
        KeyError: there is none; the message names those that are there.
    """
    if name not in context:
        there = ", ".join(sorted(context)) or "none"
        raise KeyError(f"no column {name!r}; there are: {there}")
    return np.asarray(context[name], dtype=np.float64)


def value(quantity: Quantity, context: Context) -> Values:
    """The number itself, or the column that it names."""
    if isinstance(quantity, str):
        return column(quantity, context)
    return np.asarray(quantity, dtype=np.float64)


def beyond(x: Values, dead_band: Values | float) -> Values:
    """How far x lies outside +/- dead_band: 0 inside, no step at its edges."""
    return x - np.clip(x, -np.asarray(dead_band), dead_band)


def latched(values: Values, active: NDArray[np.bool_]) -> Values:
    """While active: the last value before it became so. Else the value itself.

    Where a trace begins active, its first value. A single number is taken as latched.
    """
    if values.ndim == 0 or active.ndim == 0:
        return values
    index = np.arange(len(active))
    starts = active & ~np.concatenate(([False], active[:-1]))
    since = np.maximum.accumulate(np.where(starts, np.maximum(index - 1, 0), 0))
    return np.asarray(values[np.where(active, since, index)])


def within(y: Values, low: Values, high: Values) -> Values:
    """The y moved into [low, high]; NaN is no limit; the low one wins if they cross."""
    topped = np.where(np.isnan(high), y, np.minimum(y, high))
    return np.asarray(np.where(np.isnan(low), topped, np.maximum(topped, low)))


class Law(BaseModel, ABC):
    """Base of all laws. `low` and `high` limit the result (None or NaN: no limit)."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    inputs: ClassVar[tuple[str, ...]] = ()
    """Parameters whose text is the name of a column."""

    low: Quantity | None = None
    high: Quantity | None = None

    def __call__(self, x: ArrayLike, context: Context | None = None) -> Values:
        """Give the expected value at the measured x.

        Raises:
            KeyError: a column that a parameter names is not in the context.
        """
        context = context or {}
        y = self.unlimited(np.asarray(x, dtype=np.float64), context)
        low = np.nan if self.low is None else self.low
        high = np.nan if self.high is None else self.high
        return within(y, value(low, context), value(high, context))

    @abstractmethod
    def unlimited(self, x: Values, context: Context) -> Values:
        """Give the law before its limits."""

    def breaks(self, context: Context) -> Iterator[Values]:  # noqa: ARG002
        """Give the x where the curve bends, for a tolerance around it."""
        yield from ()

    def parts(self) -> "Iterator[Law]":
        """Give the laws that this one is made of."""
        yield from ()

    def columns(self) -> set[str]:
        """Give the names of all columns that the context must have."""
        named = {getattr(self, field) for field in ("low", "high", *self.inputs)}
        own = {name for name in named if isinstance(name, str) and name != LATCHED}
        return own.union(*(part.columns() for part in self.parts()))
