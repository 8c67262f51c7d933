"""Exponents of ten that the device tells, for the set-points that lean on them."""

from collections.abc import Iterable, Iterator

from ppc.adapter.block import Block
from ppc.adapter.codec import BlockCodec
from ppc.application.survey import Run

_GREATEST = 10


class Exponents(dict[str, int]):
    """By name of the point; those that are not known are not there."""

    def __init__(self, names: Iterable[str]) -> None:
        super().__init__()
        self._names = frozenset(names)

    def stand_in(self, block: Block) -> bool:
        """Whether any of them is read with this block."""
        return any(point.label in self._names for point in block.points)

    def see(self, codec: BlockCodec, payload: bytes, refused: tuple[Run, ...]) -> None:
        """Take up those that this read of a block brought."""
        for name, raw in self._in(codec, payload, refused):
            if isinstance(raw, int) and -_GREATEST <= raw <= _GREATEST:
                self[name] = raw
            else:
                self.pop(name, None)

    def _in(
        self, codec: BlockCodec, payload: bytes, refused: tuple[Run, ...]
    ) -> Iterator[tuple[str, object]]:
        gone = {place for run in refused for place in range(*run)}
        first = codec.block.address
        for point_codec in codec.image.points:
            point = point_codec.point
            if point.label not in self._names:
                continue
            raw = point_codec.raw(payload)
            lost = any(place - first in gone for place in point.places)
            yield point.label, None if lost or raw in point.absents else raw
