"""Raw values of several points into registers: by one `struct` where all lie plain."""

from collections.abc import Sequence
from typing import NamedTuple

from ppc.adapter.form import Raw
from ppc.adapter.layout import Layout
from ppc.adapter.point import Point
from ppc.adapter.point_codec import PointCodec
from ppc.adapter.register_type import RegisterType, WordOrder


class Place(NamedTuple):
    """Where a plain number lies, as `Layout` wants to know it."""

    address: int
    type: RegisterType
    word_order: WordOrder | None


def lies_plain(point: Point) -> bool:
    """Whether it takes whole registers, side by side, in an order `struct` knows."""
    return (
        point.type.plain
        and point.registers is None
        and point.mask is None
        and not point.shift
        and point.byte_order != "little"
    )


def layout_of(
    points: Sequence[Point],
    address: int,
    count: int,
    word_order: WordOrder,
    byte_order: WordOrder,
) -> Layout | None:
    """The layout of points that all lie plain; None where one does not."""
    if byte_order != "big" or not all(map(lies_plain, points)):
        return None
    places = [Place(p.places[0], p.type, p.word_order) for p in points]
    return Layout(places, address, count, word_order)


class Packing:
    """`count` registers from `address`, and the points in them."""

    def __init__(
        self,
        codecs: Sequence[PointCodec],
        address: int,
        count: int,
        word_order: WordOrder,
        byte_order: WordOrder,
    ) -> None:
        self._codecs, self._count = tuple(codecs), count
        points = [codec.point for codec in codecs]
        self._whole = tuple(not point.type.is_float for point in points)
        self._layout = layout_of(points, address, count, word_order, byte_order)

    def pack(self, raws: Sequence[Raw], present: bytes | None = None) -> bytes:
        """The registers; what no point covers stays as in `present`, else 0."""
        if self._layout is not None and present is None:
            return self._layout.pack(
                [
                    int(raw) if whole else float(raw)
                    for raw, whole in zip(raws, self._whole, strict=True)
                ]
            )
        registers = bytearray(present or 2 * self._count)
        for codec, raw in zip(self._codecs, raws, strict=True):
            codec.put(registers, raw)
        return bytes(registers)
