"""Registers to SI values and set-points to registers: a profile, compiled."""

from collections.abc import Iterator, Mapping
from math import isfinite, isnan, nan
from typing import NamedTuple

from ppc.adapter.layout import Layout
from ppc.adapter.profile import Block, CommandBlock, Point
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


class BlockCodec:
    """Decodes the registers of one block into rows, and rows into observations.

    `encode` is the other direction, for whoever plays the device.
    """

    def __init__(self, block: Block, word_order: WordOrder, period_s: float) -> None:
        self.block = block
        self.keys = tuple(point.key for point in block.points)
        self.life_s = block.life_s or MISSED_READS * (block.every_s or period_s)
        self._layout = Layout(block.points, block.address, block.count, word_order)
        self._scales = tuple((p.scale, p.offset) for p in block.points)
        self._checks = tuple(
            (1 << i, p.absent, *(p.valid or (-_GREATEST, _GREATEST)))
            for i, p in enumerate(block.points)
        )
        self._maps = tuple((i, p.map) for i, p in enumerate(block.points) if p.map)
        self._writers = tuple(_Writer(p, credible=False) for p in block.points)

    def decode(self, payload: bytes, time_s: float) -> Row:
        """The row carried by `payload`, asked for at `time_s`."""
        raw = self._layout.unpack(payload)
        values = [
            r * scale + offset
            for r, (scale, offset) in zip(raw, self._scales, strict=True)
        ]
        for i, meaning in self._maps:
            values[i] = meaning.get(int(raw[i]), nan)
        bad = 0
        for r, value, (bit, absent, low, high) in zip(
            raw, values, self._checks, strict=True
        ):
            if r == absent or not low <= value <= high:
                bad |= bit
        return Row(time_s, time_s + self.life_s, bad, tuple(values))

    def observations(self, device: str, row: Row) -> Iterator[Observation]:
        """The row as people see it: every value with its own quality."""
        for i, (point, value) in enumerate(
            zip(self.block.points, row.values, strict=True)
        ):
            quality = _quality(point, value) if row.bad >> i & 1 else Quality.GOOD
            yield Observation(
                device, point.key, value, row.time_s, row.expires_s, quality
            )

    def encode(self, values: Mapping[Key, float]) -> bytes:
        """The registers a device with these SI values shows; absent where none."""
        return self._layout.pack(
            [
                w.absent if isnan(values.get(key, nan)) else w.raw(values[key])
                for key, w in zip(self.keys, self._writers, strict=True)
            ]
        )


class CommandCodec:
    """Encodes the set-points of one command block into registers, and back."""

    def __init__(self, block: CommandBlock, word_order: WordOrder) -> None:
        self.block = block
        self.keys = tuple(point.key for point in block.points)
        self._layout = Layout(block.points, block.address, block.count, word_order)
        self._writers = tuple(_Writer(p, credible=True) for p in block.points)
        self.safe = self.encode(*(point.safe for point in block.points))
        """The registers that do no harm."""

    def encode(self, *values: float) -> bytes:
        """The registers that carry `values` [SI], in the order of `keys`.

        A value the device cannot take is clamped to the nearest it can. One that is
        not a number must never be sent: ValueError.
        """
        return self._layout.pack(
            [w.raw(v) for w, v in zip(self._writers, values, strict=True)]
        )

    def decode(self, payload: bytes) -> dict[Key, float]:
        """The SI values in `payload`, for whoever plays the device."""
        raw = self._layout.unpack(payload)
        return {
            p.key: r * p.scale + p.offset
            for p, r in zip(self.block.points, raw, strict=True)
        }


class _Writer:
    """SI value to raw number for one point."""

    def __init__(self, point: Point, *, credible: bool) -> None:
        """`credible`: what is not valid is clamped, as far as it must be."""
        self._point = point
        self._scale, self._offset = point.scale, point.offset
        self._whole = not point.type.is_float
        low, high = point.type.range
        if point.valid and credible:
            ends = [(v - point.offset) / point.scale for v in point.valid]
            low, high = max(low, min(ends)), min(high, max(ends))
        self._low, self._high = low, high
        self._codes = {v: raw for raw, v in (point.map or {}).items()}

    def raw(self, value: float) -> float:
        if self._codes:
            return self._codes[value]
        raw = (value - self._offset) / self._scale
        if not self._low <= raw <= self._high:
            if isnan(raw):
                raise ValueError(f"{self._point.key}: {value} cannot be written")
            raw = min(max(raw, self._low), self._high)
        return round(raw) if self._whole else raw

    @property
    def absent(self) -> float:
        """The raw number that says "none"; NaN or 0 where the map knows no such."""
        if self._point.absent is None:
            return 0 if self._whole else nan
        return int(self._point.absent) if self._whole else self._point.absent


def _quality(point: Point, value: float) -> Quality:
    """Why a value that failed its check failed."""
    absent = point.absent is not None and (
        value == point.absent * point.scale + point.offset
    )
    return Quality.FAILURE if absent or not isfinite(value) else Quality.OUT_OF_RANGE
