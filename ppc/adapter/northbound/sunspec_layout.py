"""A SunSpec device of ours: which models stand where, and how values become registers.

Source: SunSpec Device Information Model Specification 1.1: the marker "SunS", models
one behind the other, each with its number and length before its points, and the end
model 0xFFFF of length 0. All is big-endian.
"""

import struct
from collections.abc import Iterator, Mapping, Sequence
from math import ceil, isfinite, log10
from typing import NamedTuple

from ppc.adapter.layout import Layout
from ppc.adapter.register_type import RegisterType, WordOrder
from ppc.adapter.sunspec.facts import HEAD, GroupFact, PointFact, model
from ppc.adapter.sunspec.point_type import SunSpecType

MARKER = b"SunS"
END = b"\xff\xff\0\0"
_PAD = 0x8000
Values = Mapping[str, float | str | None]
"""By path within a model ("W", "Crv.1.Pt.2.V"), in the unit of the point."""


def exponent(most: float, form: RegisterType) -> int:
    """The least exponent of ten, 0 or more, with which `most` fits."""
    high = form.range[1] - 1
    return max(ceil(log10(most / high)), 0) if most > high else 0


class Spot(NamedTuple):
    """One point of a model, at an address."""

    path: str
    fact: PointFact
    address: int

    @property
    def type(self) -> RegisterType:
        assert self.fact.type.register_type is not None, "models here have none such"
        return self.fact.type.register_type

    @property
    def word_order(self) -> WordOrder:
        return "big"

    @property
    def end(self) -> int:
        return self.address + self.fact.size


class ModelLayout:
    """One model, its number standing at `address`."""

    def __init__(self, number: int, address: int, counts: Mapping[str, int]) -> None:
        """`counts`: how often each group comes whose size is not fixed, by its path
        without numbers. ValueError: the model is not known.
        """
        top = model(number)
        if top is None:
            raise ValueError(f"SunSpec model {number} is not known")
        self.number, self.address = number, address
        self.spots: list[Spot] = []
        at = address + HEAD
        for path, fact in _walk(top, "", "", counts):
            self.spots.append(Spot(path, fact, at))
            at += fact.size
        self.end = at
        self._numbers = [s for s in self.spots if s.type is not RegisterType.TEXT]
        self._texts = [s for s in self.spots if s.type is RegisterType.TEXT]
        self._layout = Layout(self._numbers, address + HEAD, at - address - HEAD)

    def pack(self, values: Values) -> bytes:
        """The registers of the model, with its number and length."""
        raw = [self._raw(spot, values) for spot in self._numbers]
        payload = bytearray(self._layout.pack(raw))
        for spot in self._texts:
            first, size = 2 * (spot.address - self.address - HEAD), 2 * spot.fact.size
            text = str(values.get(spot.path) or "").encode("ascii", "replace")
            payload[first : first + size] = text[:size].ljust(size, b"\0")
        return struct.pack(">HH", self.number, len(payload) // 2) + payload

    def value(self, spot: Spot, payload: bytes, values: Values) -> float | None:
        """What the registers of one point say; None: not implemented, or no number."""
        [raw] = Layout([spot], spot.address, spot.fact.size).unpack(payload)
        if raw == spot.fact.type.absent:
            return None
        return raw * self._scale(spot, values)

    def _raw(self, spot: Spot, values: Values) -> float:
        kind, value = spot.fact.type, values.get(spot.path)
        if kind is SunSpecType.PAD:
            return _PAD
        low, high = spot.type.range
        absent = kind.absent
        if not isinstance(value, int | float) or not isfinite(value):
            return 0 if absent is None else absent
        if absent == low and low:
            low += 1
        elif absent == high:
            high -= 1
        raw = round(value / self._scale(spot, values))
        return min(max(raw, low), high)

    @staticmethod
    def _scale(spot: Spot, values: Values) -> float:
        sf = spot.fact.sf
        if isinstance(sf, str):
            told = values.get(sf)
            sf = int(told) if isinstance(told, int | float) else 0
        return float(10.0 ** (sf or 0))


def _walk(
    group: GroupFact, path: str, plain: str, counts: Mapping[str, int]
) -> Iterator[tuple[str, PointFact]]:
    """Points first, then groups; `plain` is the path without numbers."""
    for point in group.points:
        yield path + point.name, point
    for each in group.groups:
        name = plain + each.name
        if each.count is None:
            yield from _walk(each, f"{path}{each.name}.", f"{name}.", counts)
            continue
        count = each.count if isinstance(each.count, int) else counts[name]
        for i in range(1, count + 1):
            yield from _walk(each, f"{path}{each.name}.{i}.", f"{name}.", counts)


class Chain:
    """All models of a device, from the marker to the end model."""

    def __init__(
        self,
        address: int,
        numbers: Sequence[int],
        counts: Mapping[int, Mapping[str, int]],
    ) -> None:
        """`counts`: of each model, as `ModelLayout` wants them."""
        self.address = address
        self.models: list[ModelLayout] = []
        at = address + len(MARKER) // 2
        for number in numbers:
            layout = ModelLayout(number, at, counts.get(number, {}))
            self.models.append(layout)
            at = layout.end
        self.count = at + len(END) // 2 - address

    def pack(self, values: Mapping[int, Values]) -> bytes:
        """All registers; `values` by the number of the model."""
        parts = (layout.pack(values[layout.number]) for layout in self.models)
        return MARKER + b"".join(parts) + END

    def spots(self, address: int, end: int) -> list[tuple[ModelLayout, Spot]]:
        """The points that lie, whole or in part, in [address, end)."""
        return [
            (layout, spot)
            for layout in self.models
            if layout.address < end and layout.end > address
            for spot in layout.spots
            if spot.address < end and spot.end > address
        ]
