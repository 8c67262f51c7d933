"""What of the record a target does not have yet: the daily files are the queue."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from math import inf
from pathlib import Path

from ppc.database.daily import daily_files, day_name, is_finished
from ppc.export.cursor import Cursor, mark
from ppc.export.line_protocol import Line, lines
from ppc.history.day_file import DayFile, Unreadable

LIVE_S = 60.0
"""Rows as young as this are new: they go first."""
_SETTLED_S = 5.0
"""Of rows at the begin of that time others of their hand-in may lie before it."""
_SLICE_S = 300.0
"""How much of a file is read at once: it is never kept open for longer."""

Batch = Sequence[Line]
Tell = Callable[[Unreadable], None]


class Backlog:
    """Rows of a record for one target, as points."""

    def __init__(self, directory: Path, cursor: Cursor, plant: str, tell: Tell) -> None:
        self._directory = directory
        self._cursor = cursor
        self._plant = plant
        self._tell = tell

    def live(self, now_s: float) -> tuple[Batch, set[int]]:
        """New rows that are not acknowledged, and the numbers to acknowledge then."""
        since_s = now_s - LIVE_S
        first = day_name(since_s)
        found: list[Line] = []
        for path in daily_files(self._directory):
            if path.stem >= first:
                with self._telling(path):
                    found += self._missing(path, since_s, inf, set())
        settled_s = since_s + _SETTLED_S
        numbers = {line.seq for line in found if line.ts >= settled_s}
        return found, numbers - {line.seq for line in found if line.ts < settled_s}

    def sweep(self) -> Iterator[Batch]:
        """All that is not acknowledged, the oldest first. Who asks for the next batch
        says that the one before is acknowledged.
        """
        for path in daily_files(self._directory):
            if not self._cursor.is_done(path):
                with self._telling(path):
                    yield from self._sweep_file(path)

    def _sweep_file(self, path: Path) -> Iterator[Batch]:
        finished, before = path.exists() and is_finished(path), mark(path)
        begin_s, _ = _span(path)
        again: set[int] = set()
        while begin_s is not None and begin_s <= (_span(path)[1] or begin_s):
            found = self._missing(path, begin_s, begin_s + _SLICE_S, again)
            again = {line.seq for line in found}
            if found:
                yield found
            begin_s += _SLICE_S
        if finished and before == mark(path):
            self._cursor.finish_file(path, before)

    def _missing(
        self, path: Path, since_s: float, until_s: float, again: set[int]
    ) -> list[Line]:
        """Rows of a stretch. `again`: hand-ins begun in the stretch before."""
        done = self._cursor.ranges
        found: list[Line] = []
        with DayFile(path) as file:
            for table in file.tables:
                names = file.columns(table)
                order = "ts, seq" if "seq" in names else "ts"
                sql = (
                    f"SELECT * FROM {table} WHERE ts >= ? AND ts < ?"  # noqa: S608
                    f" ORDER BY {order}"
                )
                rows = (
                    dict(zip(names, row, strict=True))
                    for row in file.rows(sql, since_s, until_s)
                )
                wanted = (
                    row
                    for row in rows
                    if (seq := row.get("seq") or 0) not in done or seq in again
                )
                found += lines(table, wanted, self._plant)
        return found

    @contextmanager
    def _telling(self, path: Path) -> Iterator[None]:
        """A file that cannot be read is left out; one that is gone is not missed."""
        try:
            yield
        except Unreadable as error:
            if path.exists():
                self._tell(error)


def _span(path: Path) -> tuple[float | None, float | None]:
    """First and last time in a file. Raises Unreadable."""
    with DayFile(path) as file:
        times = [
            time_s
            for table in file.tables
            for sql in ("min", "max")
            if (time_s := file.value(f"SELECT {sql}(ts) FROM {table}")) is not None  # noqa: S608
        ]
    return min(times, default=None), max(times, default=None)
