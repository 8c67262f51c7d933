"""The registers of a segment once more, for those who read no floats."""

from collections.abc import Mapping, Sequence
from math import isfinite, nan

from ppc.adapter.layout import Layout
from ppc.adapter.northbound.published import Published
from ppc.adapter.northbound.register_map import Image
from ppc.adapter.northbound.segment import Segment
from ppc.adapter.plant_view import PlantView
from ppc.communication.errors import ExceptionCode, Refused
from ppc.datamodel.rating import ConnectionPoint
from ppc.keys import Key


def rated(plant: ConnectionPoint) -> Mapping[Key, float]:
    """What per cent are of, as the map publishes it."""
    return {
        Key.P_RATED_W: max(plant.p_max_w, -plant.p_min_w),
        Key.Q_RATED_VAR: plant.q_max_var,
        Key.V_RATED_V: plant.v_nominal_v,
        Key.F_RATED_HZ: plant.f_nominal_hz,
    }


def imaged(
    image: Image, registers: Sequence[Published], plant: ConnectionPoint
) -> list[Published]:
    """What stands in the image for each of the registers."""
    ratings = rated(plant)
    found = []
    for register in registers:
        there = register._replace(
            address=register.address + image.address, block=image.name
        )
        if register.type.is_float:
            form = image.form(register.name.rpartition(".")[2], register.unit)
            scale = form.scale * (ratings[form.of] if form.of else 1.0)
            size = form.type.size
            there = there._replace(type=form.type, size=size, scale=scale)
        found.append(there)
    return found


class ImageSegment:
    """`image.address` further on than the segment: floats are whole numbers there.

    Everything else stands as it is. A float that is one register here leaves the next
    one empty: it reads 0, and what is written there does not matter. What is written
    goes to the segment as if it had been written there; `registers` are the segment's.
    """

    def __init__(
        self,
        image: Image,
        segment: Segment,
        registers: Sequence[Published],
        plant: ConnectionPoint,
    ) -> None:
        self.address, self.count = image.address + segment.address, segment.count
        self._segment, self._offset = segment, image.address
        wholes = imaged(image, registers, plant)
        self._figures = [
            _Figure(told, whole)
            for told, whole in zip(registers, wholes, strict=True)
            if told.type.is_float
        ]
        floats = [figure.float for figure in self._figures]
        at, count = segment.address, segment.count
        self._floats = Layout(floats, at, count)
        self._wholes = Layout(
            [f.whole for f in self._figures], at + image.address, count
        )
        self._as_they_are = [
            slice(2 * (r.address - at), 2 * (r.address + r.size - at))
            for r in registers
            if not r.type.is_float
        ]

    def render(self, view: PlantView | None, now_s: float) -> bytes:
        """The segment's registers of this moment, in whole numbers."""
        shown = self._segment.render(view, now_s)
        raw = self._floats.unpack(shown)
        wholes = [f.to_whole(r) for f, r in zip(self._figures, raw, strict=True)]
        payload = bytearray(self._wholes.pack(wholes))
        for part in self._as_they_are:
            payload[part] = shown[part]
        return bytes(payload)

    def write(self, address: int, payload: bytes, now_s: float) -> None:
        """Hand it to the segment in its own form. Raises what that raises."""
        end = address + len(payload) // 2
        told = bytearray(payload)
        for figure in self._figures:
            first, last = (
                figure.whole.address,
                figure.whole.address + figure.whole.size,
            )
            after = first + figure.float.size
            if after <= address or first >= end:
                continue
            if last <= address:
                raise Refused(ExceptionCode.ILLEGAL_ADDRESS)  # the empty one
            if first < address or last > end:
                raise Refused(ExceptionCode.ILLEGAL_VALUE)  # half a value
            begin = 2 * (first - address)
            raw = figure.to_float(payload[begin : begin + 2 * figure.whole.size])
            told[begin : begin + 2 * figure.float.size] = raw
        self._segment.write(address - self._offset, bytes(told), now_s)


class _Figure:
    """A float, and how it stands in the image."""

    def __init__(self, told: Published, whole: Published) -> None:
        self.float, self.whole = told, whole
        low, high = whole.type.range
        self._absent = low or high
        """What says "not available": the lowest number, or the highest without sign."""
        self._range = (low + 1, high) if low else (low, high - 1)
        self._ratio = told.scale / whole.scale
        self._alone = Layout([told], told.address, told.size)
        self._whole_alone = Layout([whole], whole.address, whole.size)

    def to_whole(self, raw: float) -> float:
        if not isfinite(raw):
            return self._absent
        low, high = self._range
        return min(max(round(raw * self._ratio), low), high)

    def to_float(self, payload: bytes) -> bytes:
        raw = self._whole_alone.unpack(payload)[0]
        return self._alone.pack([nan if raw == self._absent else raw / self._ratio])
