"""Registers to SI values: the blocks of a profile, compiled."""

from collections.abc import Iterator, Mapping
from math import isfinite, nan
from typing import NamedTuple

from ppc.adapter.block import Block
from ppc.adapter.block_image import BlockImage
from ppc.adapter.layout import Layout
from ppc.adapter.packing import Place, lies_plain
from ppc.adapter.point import Point
from ppc.adapter.point_codec import PointCodec, Ratings
from ppc.adapter.register_type import WordOrder
from ppc.datamodel.observation import Observation, Quality
from ppc.keys import Key

MISSED_READS = 3
"""A value is old after this many poll periods without news."""
_GREATEST = 1.7976931348623157e308


class Row(NamedTuple):
    """What one read of one block brought: the machine's form of its observations.

    `bad` has bit i set when value i must not be trusted. One row per block instead of
    an object per value: a tenth of the time (docs/decisions/0006).
    """

    time_s: float
    """When it was asked for, so that a value is never younger than it looks."""
    expires_s: float
    bad: int
    values: tuple[float, ...]
    missing: int = 0
    """Those of `bad` the device has no register for: no reason to doubt the others."""

    @property
    def empty(self) -> bool:
        """Whether nothing at all was there to be read."""
        return self.missing == (1 << len(self.values)) - 1


class BlockCodec:
    """Decodes the registers of one block into rows, and rows into observations.

    `encode` is the other direction, for whoever plays the device. A block of plain
    numbers is decoded by one `struct`; any other point by point.
    """

    def __init__(
        self,
        block: Block,
        word_order: WordOrder,
        period_s: float,
        *,
        byte_order: WordOrder = "big",
        ratings: Ratings | None = None,
    ) -> None:
        """`ratings`: of the unit, for points with a `base`; ValueError without."""
        self.block = block
        self.keys = block.keys
        self.life_s = block.life_s or MISSED_READS * (block.every_s or period_s)
        self.image = BlockImage(block, word_order, byte_order, ratings)
        """The same block, point by point: also those for people."""
        self._plain = (
            _Plain(block, word_order, self.image.points)
            if byte_order == "big"
            and all(_is_plain(p) for p in block.points)
            and not block.sums
            else None
        )

    def decode(self, payload: bytes, time_s: float) -> Row:
        """The row carried by `payload`, asked for at `time_s`."""
        values, bad = (
            self.image.signals(payload)
            if self._plain is None
            else self._plain.signals(payload)
        )
        return Row(time_s, time_s + self.life_s, bad, values)

    def observations(self, device: str, row: Row) -> Iterator[Observation]:
        """The row as people see it: every value with its own quality."""
        for i, (key, value) in enumerate(zip(self.keys, row.values, strict=True)):
            quality = Quality.GOOD
            if row.bad >> i & 1:
                quality = Quality.OUT_OF_RANGE if isfinite(value) else Quality.FAILURE
            yield Observation(device, key, value, row.time_s, row.expires_s, quality)

    def encode(self, values: Mapping[Key, float]) -> bytes:
        """The registers a device with these SI values shows; absent where none."""
        return self.image.encode(values)


class _Plain:
    """Numbers side by side, each alone: one `struct`, one multiplication each."""

    def __init__(
        self, block: Block, word_order: WordOrder, points: tuple[PointCodec, ...]
    ) -> None:
        places = [Place(p.places[0], p.type, p.word_order) for p in block.points]
        self._layout = Layout(places, block.address, block.count, word_order)
        self._scales = tuple(codec.line for codec in points)
        self._checks = tuple(
            (i, *(p.absents or (None,)), *(p.valid or (-_GREATEST, _GREATEST)))
            for i, p in enumerate(block.points)
        )
        self._maps = tuple((i, p.map) for i, p in enumerate(block.points) if p.map)

    def signals(self, payload: bytes) -> tuple[tuple[float, ...], int]:
        raw = self._layout.unpack(payload)
        values = [
            r * scale + offset
            for r, (scale, offset) in zip(raw, self._scales, strict=True)
        ]
        for i, meaning in self._maps:
            values[i] = meaning.get(int(raw[i]), nan)
        bad = 0
        for r, value, (i, absent, low, high) in zip(
            raw, values, self._checks, strict=True
        ):
            if r == absent:
                values[i] = nan
                bad |= 1 << i
            elif not low <= value <= high:
                bad |= 1 << i
                if not isfinite(value):
                    values[i] = nan
        return tuple(values), bad


def _is_plain(point: Point) -> bool:
    """Whether nothing about it asks for more than scale, offset, map and one absent."""
    special = (
        point.scale_from,
        point.sign_from,
        point.times,
        point.special,
        point.default,
        point.step_max,
    )
    return (
        point.key is not None
        and lies_plain(point)
        and not any(entry is not None for entry in special)
        and not point.rising
        and len(point.absents) <= 1
    )
