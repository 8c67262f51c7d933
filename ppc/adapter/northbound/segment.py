"""A run of registers that a station shows beside its map."""

from typing import Protocol

from ppc.adapter.plant_view import PlantView


class Segment(Protocol):
    """Registers [address, address + count) of a station, in both register tables.

    Called in the event loop; must return at once.
    """

    address: int
    count: int

    def render(self, view: PlantView | None, now_s: float) -> bytes:
        """All its registers as they stand, two bytes each, big-endian.

        `view` None: there was no control cycle yet. Called once per view, or after a
        write; what counts down by itself is fresh once a cycle.
        """
        ...

    def write(self, address: int, payload: bytes, now_s: float) -> None:
        """Take the registers in `payload`, all of them inside of the segment.

        Raises `Refused`, and has then changed nothing.
        """
        ...
