"""Set-points to registers: the write groups of a profile, compiled."""

from collections.abc import Iterable, Mapping
from math import inf, isnan, nan
from types import MappingProxyType

from ppc.adapter.block import CommandBlock
from ppc.adapter.packing import Packing
from ppc.adapter.point import CommandPoint
from ppc.adapter.point_codec import PointCodec, Ratings
from ppc.adapter.register_type import WordOrder
from ppc.keys import Key

MOST_EXPONENT = 10
"""Scale factors beyond are none; -32768 says "not implemented" (SunSpec)."""
_NONE: Mapping[str, int] = MappingProxyType({})


class CommandCodec:
    """Encodes the set-points of one command block into registers, and back."""

    def __init__(
        self,
        block: CommandBlock,
        word_order: WordOrder,
        *,
        byte_order: WordOrder = "big",
        ratings: Ratings | None = None,
    ) -> None:
        """`ratings`: of the unit, for points with a `base`; ValueError without."""
        self.block = block
        self.keys = block.keys
        self.needs = frozenset(p.scale_from for p in block.points if p.scale_from)
        """Names of the points whose raw values `encode` wants as exponents."""
        self._points = tuple(
            (p, PointCodec(p, block.address, word_order, byte_order, ratings))
            for p in block.points
        )
        self._packing = Packing(
            [codec for _, codec in self._points],
            *(block.address, block.count, word_order, byte_order),
        )
        self.safe: Mapping[Key, float] = {p.key: p.safe for p in block.points if p.key}
        """The set-points that do no harm."""

    def encode(
        self,
        values: Mapping[Key, float],
        *,
        exponents: Mapping[str, int] = _NONE,
        present: bytes | None = None,
    ) -> bytes:
        """The registers that carry `values` [SI].

        A value the device cannot take is clamped to the nearest it can. One that is
        not a number, or has no exponent, must never be sent: ValueError. `present`:
        what the registers hold now; what no point covers stays as it is.
        """
        raws = []
        for point, codec in self._points:
            exponent = exponents[point.scale_from] if point.scale_from else 0
            if abs(exponent) > MOST_EXPONENT:
                raise ValueError(f"{point.scale_from}: no exponent of ten, {exponent}")
            raws.append(_raw(point, codec, values, exponent))
        return self._packing.pack(raws, present)

    def decode(
        self, payload: bytes, *, exponents: Mapping[str, int] = _NONE
    ) -> dict[Key, float]:
        """The SI values in `payload`: for who plays the device, and to read back.

        Parts of a set-point add up, a direction turns a magnitude, and of points that
        each tell all of it (a third per phase) the first is taken.
        """
        return decoded(((self, payload),), exponents=exponents)

    def tell(
        self, payload: bytes, told: "Told", *, exponents: Mapping[str, int] = _NONE
    ) -> None:
        """Add what is in `payload` to what other groups have told."""
        for point, codec in self._points:
            if point.key is None:
                continue
            raw = codec.raw(payload)
            if point.by_sign is not None:
                among = point.by_sign
                rank = {among.negative: -1.0, among.zero: 0.0, among.positive: 1.0}
                told.signs[point.key] = nan if raw is None else rank.get(int(raw), nan)
                continue
            value = codec.value(raw, exponents)
            if point.part in ("positive", "negative"):
                told.values[point.key] = told.values.get(point.key, 0.0) + value
            else:
                told.values.setdefault(point.key, value)
            if point.part == "magnitude":
                told.sizes.add(point.key)


class Told:
    """Set-points as registers tell them: values, directions, and which are sizes."""

    def __init__(self) -> None:
        self.values: dict[Key, float] = {}
        self.signs: dict[Key, float] = {}
        self.sizes: set[Key] = set()


def decoded(
    groups: Iterable[tuple[CommandCodec, bytes]],
    *,
    exponents: Mapping[str, int] = _NONE,
) -> dict[Key, float]:
    """The SI values that all groups of a unit hold together."""
    told = Told()
    for codec, payload in groups:
        codec.tell(payload, told, exponents=exponents)
    return {
        key: value * told.signs.get(key, 1.0) if key in told.sizes else value
        for key, value in told.values.items()
    }


def _raw(
    point: CommandPoint,
    codec: PointCodec,
    values: Mapping[Key, float],
    exponent: int,
) -> float:
    if point.constant is not None:
        return point.constant
    if point.always is not None:
        return codec.raw_for(point.always, exponent)
    assert point.key is not None, "the format wants a key or a constant"
    value = values[point.key]
    if isnan(value):
        raise ValueError(f"{point.key}: {value} cannot be written")
    if point.by_sign is not None:
        among = point.by_sign
        if value == 0.0:
            return among.zero
        return among.positive if value > 0.0 else among.negative
    if point.part == "positive":
        value = max(value, 0.0)
    elif point.part == "negative":
        value = min(value, 0.0)
    elif point.part == "magnitude":
        value = abs(value)
    low, high = point.valid or (-inf, inf)
    if point.limit_pu is not None:
        low, high = (part * codec.base for part in point.limit_pu)
    return codec.raw_for(min(max(value, low), high), exponent)
