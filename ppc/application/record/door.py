"""Where rows of the record go."""

from collections.abc import Mapping
from typing import Any, Protocol

Row = Mapping[str, Any]
Rows = list[Row]


class Record(Protocol):
    """Takes rows from any thread: never blocks, never raises."""

    @property
    def dropped(self) -> int:
        """Rows lost since the start."""

    def record(self, table: str, rows: Rows) -> None: ...

    def event(self, severity: str, source: str, text: str) -> None: ...
