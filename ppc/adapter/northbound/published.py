"""What stands where: one register of a station, as it is told to whoever reads it."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from ppc.adapter.register_type import RegisterType, WordOrder


class Published(NamedTuple):
    """One value of a station. value [SI] = raw * scale."""

    name: str
    address: int
    """Counted from 0, as on the wire."""
    type: RegisterType
    size: int
    """Registers occupied."""
    unit: str
    meaning: str
    scale: float = 1.0
    access: str = "r"
    word_order: WordOrder = "big"
    block: str = "map"
    """The part of the station it belongs to."""


def gaps(shown: Iterable[Published]) -> Iterator[tuple[int, int]]:
    """Runs [first, end) of registers that carry nothing, before the last that does."""
    end = 0
    for register in sorted(shown, key=lambda r: r.address):
        if register.address > end:
            yield end, register.address
        end = max(end, register.address + register.size)
