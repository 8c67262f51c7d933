"""Laws from frequency (x, in Hz) to active power (pu of the plant), generator sign."""

from abc import abstractmethod
from collections.abc import Iterator
from typing import ClassVar, Literal

import numpy as np

from ppc.bench.law import (
    LATCHED,
    Context,
    Law,
    NotNegative,
    Positive,
    Quantity,
    Values,
    beyond,
    column,
    latched,
    value,
)


class FrequencyLaw(Law):
    """A law P(f): `baseline_pu` plus a response.

    `baseline_pu` and `p_ref_pu` may be "latched": the column `latch_of` as it was when
    the column `latch_on` (x, if the context has none) left the band without response.
    """

    inputs: ClassVar[tuple[str, ...]] = ("baseline_pu",)
    baseline_pu: Quantity = 0.0
    f_nominal_hz: Positive = 50.0
    latch_of: str = "p_pu"
    latch_on: str = "f_hz"

    @abstractmethod
    def response(self, x: Values, context: Context) -> Values:
        """Give the change of power at the frequency x, before limits."""

    def band_hz(self) -> tuple[float, float]:
        """Give the frequencies between which there is no response."""
        return self.f_nominal_hz, self.f_nominal_hz

    def power(self, quantity: Quantity, x: Values, context: Context) -> Values:
        """Give a power that may be latched."""
        if quantity != LATCHED:
            return value(quantity, context)
        f_hz = column(self.latch_on, context) if self.latch_on in context else x
        low, high = self.band_hz()
        return latched(column(self.latch_of, context), (f_hz < low) | (f_hz > high))

    def unlimited(self, x: Values, context: Context) -> Values:
        return self.power(self.baseline_pu, x, context) + self.response(x, context)

    def breaks(self, context: Context) -> Iterator[Values]:  # noqa: ARG002
        yield from (np.asarray(edge) for edge in self.band_hz() if np.isfinite(edge))

    def columns(self) -> set[str]:
        own = super().columns()
        asks = {getattr(self, name) for name in self.inputs}
        return own | {self.latch_of} if LATCHED in asks else own


class Lfsm(FrequencyLaw):
    """LFSM-O above `over_hz`, LFSM-U below `under_hz`: p_ref / droop per f / fn.

    The reference power differs by country, so it must be given: "latched" (FR, AT),
    1.0 (pmax: DK, PL); `p_ref_under_pu` where LFSM-U has another one (DE: pmax).
    EU 2016/631 art. 13(2), 15(2)(c).
    """

    inputs: ClassVar[tuple[str, ...]] = ("baseline_pu", "p_ref_pu", "p_ref_under_pu")
    over_hz: Positive | None = None
    under_hz: Positive | None = None
    droop_pu: Positive
    droop_under_pu: Positive | None = None
    p_ref_pu: Quantity
    p_ref_under_pu: Quantity | None = None

    def band_hz(self) -> tuple[float, float]:
        low = -np.inf if self.under_hz is None else self.under_hz
        return low, np.inf if self.over_hz is None else self.over_hz

    def response(self, x: Values, context: Context) -> Values:
        low, high = self.band_hz()
        under = self.p_ref_pu if self.p_ref_under_pu is None else self.p_ref_under_pu
        droop_under_pu = self.droop_under_pu or self.droop_pu
        down = self.power(self.p_ref_pu, x, context) * np.maximum(x - high, 0)
        up = self.power(under, x, context) * np.maximum(low - x, 0)
        return np.asarray(
            (up / droop_under_pu - down / self.droop_pu) / self.f_nominal_hz
        )


class Fsm(FrequencyLaw):
    """FSM: p_ref / droop per (f - dead band) / fn, at most `most_pu` either way.

    `range_hz` bounds the deviation that counts, so that an lfsm added to it starts
    where this one ends. EU 2016/631 art. 15(2)(d).
    """

    inputs: ClassVar[tuple[str, ...]] = ("baseline_pu", "p_ref_pu")
    droop_pu: Positive
    dead_band_hz: NotNegative = 0.0
    p_ref_pu: Quantity = 1.0
    most_pu: Positive | None = None
    range_hz: Positive | None = None

    def band_hz(self) -> tuple[float, float]:
        return (
            self.f_nominal_hz - self.dead_band_hz,
            self.f_nominal_hz + self.dead_band_hz,
        )

    def response(self, x: Values, context: Context) -> Values:
        reach, most = self.range_hz or np.inf, self.most_pu or np.inf
        low_by = beyond(
            np.clip(self.f_nominal_hz - x, -reach, reach), self.dead_band_hz
        )
        gain = self.power(self.p_ref_pu, x, context) / self.droop_pu
        return np.asarray(np.clip(gain * low_by / self.f_nominal_hz, -most, most))

    def breaks(self, context: Context) -> Iterator[Values]:
        yield from super().breaks(context)
        if self.range_hz is not None:
            yield np.asarray(self.f_nominal_hz - self.range_hz)
            yield np.asarray(self.f_nominal_hz + self.range_hz)


class Fcr(FrequencyLaw):
    """FCR of Continental Europe: `reserve_pu` at +/- `full_hz`, linear, no dead band.

    The 10 mHz of insensitivity are around the last value: a tolerance in x, not a part
    of the law. TenneT, FCR handbook 6.1.3.
    """

    reserve_pu: Positive
    full_hz: Positive = 0.2

    def response(self, x: Values, context: Context) -> Values:  # noqa: ARG002
        low_by = (self.f_nominal_hz - x) / self.full_hz
        return np.asarray(self.reserve_pu * np.clip(low_by, -1, 1))

    def breaks(self, context: Context) -> Iterator[Values]:  # noqa: ARG002
        yield np.asarray(self.f_nominal_hz - self.full_hz)
        yield np.asarray(self.f_nominal_hz + self.full_hz)


GB_CURVES = {
    "dc": ((0.015, 0.0), (0.2, 0.05), (0.5, 1.0)),
    "dm": ((0.015, 0.0), (0.1, 0.05), (0.2, 1.0)),
    "dr": ((0.015, 0.0), (0.2, 1.0)),
}
"""Deviation in Hz, share of the reserve. dc: NESO; dm, dr: from memory."""


class Gb(FrequencyLaw):
    """Dynamic Containment, Moderation or Regulation: two slopes with a knee."""

    product: Literal["dc", "dm", "dr"]
    reserve_pu: Positive

    def band_hz(self) -> tuple[float, float]:
        dead_band_hz = GB_CURVES[self.product][0][0]
        return self.f_nominal_hz - dead_band_hz, self.f_nominal_hz + dead_band_hz

    def response(self, x: Values, context: Context) -> Values:  # noqa: ARG002
        deviation, share = np.array(GB_CURVES[self.product]).T
        low_by = self.f_nominal_hz - x
        size = np.interp(np.abs(low_by), deviation, share)
        return np.asarray(np.sign(low_by) * self.reserve_pu * size)

    def breaks(self, context: Context) -> Iterator[Values]:  # noqa: ARG002
        for deviation_hz, _ in GB_CURVES[self.product]:
            yield np.asarray(self.f_nominal_hz - deviation_hz)
            yield np.asarray(self.f_nominal_hz + deviation_hz)
