"""One point: registers to raw to SI value, and back."""

from collections.abc import Iterable, Mapping
from math import inf, isnan, nan
from typing import Protocol

from ppc.adapter.form import NotARaw, Raw, bytes_of, raw_of
from ppc.adapter.point import Base, Point, SignFrom
from ppc.adapter.register_type import RegisterType, WordOrder
from ppc.datamodel.rating import UnitRating

Ratings = Mapping[Base, float]
"""Ratings of the unit, SI, for the points whose registers hold parts of one."""


def rating_bases(rating: UnitRating | None) -> Ratings:
    """The ratings a profile may lean on; none for a meter."""
    return {} if rating is None else {base: getattr(rating, base) for base in Base}


class Raws(Protocol):
    """Raw values of the other points of a block, by name."""

    def __getitem__(self, name: str, /) -> Raw | None: ...


class PointCodec:
    """Where a point stands in a payload that begins at `address`, and what it means.

    Raises ValueError when its `base` is a rating the unit does not have.
    """

    def __init__(
        self,
        point: Point,
        address: int,
        word_order: WordOrder = "big",
        byte_order: WordOrder = "big",
        ratings: Ratings | None = None,
    ) -> None:
        self.point = point
        places = [2 * (place - address) for place in point.places]
        usual = "big" if point.type.is_text else word_order
        if point.registers is None and (point.word_order or usual) == "little":
            places.reverse()
        swap = (point.byte_order or byte_order) == "little"
        self._at = [b for p in places for b in ((p + 1, p) if swap else (p, p + 1))]
        mask = point.mask
        if mask is None and point.shift:
            mask = (1 << 16 * point.size) - 1 >> point.shift << point.shift
        self._mask = mask
        self._shift = (
            (mask & -mask).bit_length() - 1
            if point.shift is None and mask is not None
            else point.shift or 0
        )
        self._factor = point.scale / point.divisor
        self.base = 1.0
        """The rating its values are parts of."""
        if point.base is not None:
            rating = (ratings or {}).get(point.base, 0.0)
            if rating == 0.0:
                raise ValueError(f"{point.label} needs {point.base} of the unit")
            self.base = rating
        self.times: PointCodec | None = None
        """The point whose value it is multiplied by; see `join`."""

    @property
    def line(self) -> tuple[float, float]:
        """(a, b) of value = a raw + b, for a point that needs no other."""
        return self._factor * self.base, self.point.offset * self.base

    def raw(self, payload: bytes) -> Raw | None:
        """What stands in the registers; None where that is no such form."""
        data = bytes([payload[i] for i in self._at])
        try:
            raw = raw_of(self.point.type, data)
        except NotARaw:
            return None
        if self._mask is not None:
            return (int(raw) & self._mask) >> self._shift
        return raw

    def value(self, raw: Raw | None, others: Raws) -> float:
        """The SI value; NaN where there is none."""
        point = self.point
        if raw is None or isinstance(raw, str) or raw in point.absents:
            return nan
        if point.special and raw in point.special:
            return point.special[int(raw)]
        if point.map is not None:
            known = point.map.get(int(raw), point.default)
            return nan if known is None else known
        factor = self._factor * self._exponent(others)
        value = (raw * factor + point.offset) * self.base
        if point.sign_from is not None:
            if point.sign_from.magnitude:
                value = abs(value)
            value *= self._sign(point.sign_from, others)
        return value if self.times is None else value * self.times.credible(others)

    def credible(self, others: Raws) -> float:
        """Its value among the raw values of its block; NaN where not to be believed."""
        value = self.value(others[self.point.label], others)
        low, high = self.point.valid or (-inf, inf)
        return value if low <= value <= high else nan

    def put(self, registers: bytearray, raw: Raw) -> None:
        """Write `raw` into its bits of the registers; the others stay."""
        point = self.point
        if self._mask is not None:
            old = int(raw_of(point.type, bytes([registers[i] for i in self._at])))
            raw = old & ~self._mask | int(raw) << self._shift & self._mask
        data = bytes_of(point.type, raw, point.size)
        half = _HALVES.get(point.type, slice(None))
        for at, byte in zip(self._at[half], data[half], strict=True):
            registers[at] = byte

    def raw_for(
        self, value: float, exponent: int = 0, *, turned: bool = False
    ) -> float:
        """The raw number nearest to `value` that the registers can hold.

        ValueError when it is not a number, or no raw value of the map means it.
        """
        point = self.point
        if isnan(value):
            raise ValueError(f"{point.label}: {value} cannot be written")
        for meanings in (point.special, point.map):
            for raw, meaning in (meanings or {}).items():
                if meaning == value:
                    return raw
        if point.map is not None:
            raise ValueError(f"{point.label}: no raw value means {value:g}")
        value = -value if turned else value
        exact = (value / self.base - point.offset) / (self._factor * 10.0**exponent)
        low, high = self._range_that_means_something()
        exact = min(max(exact, low), high)
        return exact + 0.0 if point.type.is_float else round(exact)  # never -0.0

    @property
    def range(self) -> tuple[float, float]:
        """Least and greatest raw number its bits can hold."""
        if self._mask is not None:
            return 0, self._mask >> self._shift
        return self.point.type.range

    def _range_that_means_something(self) -> tuple[float, float]:
        """The range without the ends by which the device says "none"."""
        low, high = self.range
        if not self.point.type.is_float:
            low += low in self.point.absents
            high -= high in self.point.absents
        return low, high

    def _exponent(self, others: Raws) -> float:
        if self.point.scale_from is None:
            return 1.0
        raw = others[self.point.scale_from]
        if raw is None or isinstance(raw, str) or not -10 <= raw <= 10:  # noqa: PLR2004
            return nan
        return float(10.0**raw)

    def _sign(self, rule: SignFrom, others: Raws) -> float:
        raw = others[rule.point]
        if raw is None or isinstance(raw, str):
            return nan
        turned = int(raw) & rule.mask if rule.mask else int(raw) in rule.negative
        return -1.0 if turned else 1.0


def join(codecs: Iterable[PointCodec]) -> None:
    """Make those that are multiplied by others of a block know them."""
    known = {codec.point.label: codec for codec in codecs}
    for codec in known.values():
        if codec.point.times is not None:
            codec.times = known.get(codec.point.times)


_HALVES = {
    RegisterType.U8_HIGH: slice(0, 1),
    RegisterType.S8_HIGH: slice(0, 1),
    RegisterType.U8_LOW: slice(1, 2),
    RegisterType.S8_LOW: slice(1, 2),
}
"""The byte of its register that is written; the other one stays."""
