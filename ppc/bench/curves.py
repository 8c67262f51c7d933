"""Laws that are a value, a curve, a droop, a power factor or a ramp; generator sign."""

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal, Self

import numpy as np
from pydantic import Field
from pydantic import model_validator as check

from ppc.bench.law import (
    Context,
    Law,
    NotNegative,
    Number,
    Positive,
    Quantity,
    Tupled,
    Values,
    beyond,
    value,
)

Excitation = Literal["over", "under"]
"""Over-excited: Q > 0, raises the voltage. Under-excited: Q < 0."""
Factor = Annotated[float, Field(gt=0, le=1)]


class Constant(Law):
    """The same value at every x."""

    inputs: ClassVar[tuple[str, ...]] = ("value",)
    value: Quantity

    def unlimited(self, x: Values, context: Context) -> Values:
        return value(self.value, context) + np.zeros(x.shape)


class Curve(Law):
    """Straight lines through points, flat beyond the first and the last.

    Q(U), P(U), Q(P), cos phi as a number: whatever x and y are. `scale` multiplies y.
    """

    inputs: ClassVar[tuple[str, ...]] = ("scale",)
    points: Annotated[
        list[Annotated[tuple[Number, Number], Tupled]], Field(min_length=1)
    ]
    scale: Quantity = 1.0

    @check(mode="after")
    def rising(self) -> Self:
        """Raises: ValueError, if x does not rise from point to point."""
        if np.any(np.diff([x for x, _ in self.points]) <= 0):
            raise ValueError("x must rise from point to point")
        return self

    def unlimited(self, x: Values, context: Context) -> Values:
        at, y = np.array(self.points).T
        bare = np.where(np.isnan(x), np.nan, np.interp(x, at, y))
        return np.asarray(value(self.scale, context) * bare)

    def breaks(self, context: Context) -> Iterator[Values]:  # noqa: ARG002
        yield from (np.asarray(x) for x, _ in self.points)


class Droop(Law):
    """`offset + gain * db(reference - x)`; db is 0 inside +/- dead_band, no step.

    Give `gain`, or `slope` with `full`: gain = full / slope (Q(U): Qmax over droop).
    """

    inputs: ClassVar[tuple[str, ...]] = ("reference", "offset")
    reference: Quantity
    gain: Number | None = None
    slope: Positive | None = None
    full: Positive | None = None
    dead_band: NotNegative = 0.0
    offset: Quantity = 0.0

    @check(mode="after")
    def one_way(self) -> Self:
        """Raises: ValueError, unless gain or slope with full is given."""
        two = (self.slope is not None, self.full is not None)
        if two not in {(True, True), (False, False)} or (self.gain is None) != two[0]:
            raise ValueError("give gain, or slope and full")
        return self

    def unlimited(self, x: Values, context: Context) -> Values:
        slope, full = self.slope or 1.0, self.full or 0.0
        gain = full / slope if self.gain is None else self.gain
        error = value(self.reference, context) - x
        return value(self.offset, context) + gain * beyond(error, self.dead_band)

    def breaks(self, context: Context) -> Iterator[Values]:
        middle = value(self.reference, context)
        yield from (middle - self.dead_band, middle + self.dead_band)


def reactive(p_pu: Values, factor: Values) -> Values:
    """|P| tan(acos cos phi): the sign of Q comes from the excitation, never from P."""
    return np.asarray(np.abs(p_pu) * np.tan(np.arccos(factor)))


class PowerFactor(Law):
    """Q at a constant cos phi; Q = +/- |P| tan(acos cos phi)."""

    factor: Factor
    excitation: Excitation

    def unlimited(self, x: Values, context: Context) -> Values:  # noqa: ARG002
        q = reactive(x, np.asarray(self.factor))
        return q if self.excitation == "over" else -q

    def breaks(self, context: Context) -> Iterator[Values]:  # noqa: ARG002
        yield np.asarray(0.0)


class PowerFactorCurve(Law):
    """Q from cos phi(P): points of P, cos phi and excitation.

    Between an over- and an under-excited point cos phi goes straight through 1.
    """

    points: Annotated[
        list[Annotated[tuple[Number, Factor, Excitation], Tupled]], Field(min_length=1)
    ]

    @check(mode="after")
    def rising(self) -> Self:
        """Raises: ValueError, if P does not rise from point to point."""
        if np.any(np.diff([p for p, _, _ in self.points]) <= 0):
            raise ValueError("P must rise from point to point")
        return self

    def unlimited(self, x: Values, context: Context) -> Values:  # noqa: ARG002
        at = [p for p, _, _ in self.points]
        lack = [1 - f if e == "over" else f - 1 for _, f, e in self.points]
        away = np.interp(x, at, lack)
        return np.asarray(np.sign(away) * reactive(x, 1 - np.abs(away)))

    def breaks(self, context: Context) -> Iterator[Values]:  # noqa: ARG002
        yield from (np.asarray(p) for p, _, _ in self.points)


class Ramp(Law):
    """From `start` to `end` at a rate, beginning at `start_s`; x is the time in s."""

    inputs: ClassVar[tuple[str, ...]] = ("start", "end")
    start: Quantity
    end: Quantity
    rate_per_s: Positive
    start_s: Number = 0.0

    def unlimited(self, x: Values, context: Context) -> Values:
        start = value(self.start, context)
        change = value(self.end, context) - start
        moved = self.rate_per_s * np.maximum(x - self.start_s, 0)
        return np.asarray(start + np.sign(change) * np.minimum(moved, np.abs(change)))

    def breaks(self, context: Context) -> Iterator[Values]:
        change = np.abs(value(self.end, context) - value(self.start, context))
        yield np.asarray(self.start_s)
        yield np.asarray(self.start_s + change / self.rate_per_s)
