"""Where rows of the record go."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

Row = Mapping[str, Any]
Rows = list[Row]


class Record(Protocol):
    """Takes rows from any thread: never blocks, never raises."""

    @property
    def dropped(self) -> int:
        """Rows lost since the start."""
        ...

    @property
    def counted(self) -> Mapping[str, Mapping[str, float | None]]:
        """Energy counters of the run before, by device."""
        ...

    def record(self, table: str, rows: Sequence[Row]) -> None: ...

    def count(self, counters: Sequence[Row]) -> None:
        """How far energy is counted; in place of what was said before."""
        ...
