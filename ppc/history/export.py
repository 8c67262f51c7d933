"""Rows out of the record, across days, into one file."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from ppc.database.daily import daily_files
from ppc.database.retention import DAY_S
from ppc.database.schema import DAY, Kind
from ppc.history.day_file import DayFile, Unreadable
from ppc.history.frames import Span, as_listed, long, wide
from ppc.history.signals import (
    Columns,
    Signal,
    Source,
    Wish,
    signals_of,
    sources_in,
)
from ppc.history.sinks import Sink

Tell = Callable[[float], None]
"""Hears how far it is, in daily files."""
_TELL_ROWS = 2000

_LONG = {"device": str, "signal": str, "value": float, "text": str}


class NothingFits(Exception):
    """There are rows, but none of the device or signal that was asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """What is to be exported, and how."""

    wish: Wish
    span: Span
    every_s: int | None = None
    is_long: bool = False


class Reader:
    """Reads a stretch of the record. `troubles` has the files that cannot be read."""

    def __init__(self, directory: Path, export: Export) -> None:
        self._export = export
        self._columns = Columns((), export.wish)
        self.files = files_of(directory, export.span)
        self.troubles: dict[Path, Unreadable] = {}
        self.names: Sequence[str] = ()
        """Columns after the time."""
        self.types: Sequence[type] = ()

    def look(self, tell: Tell = lambda _: None) -> None:
        """Find the columns there will be. Raises NothingFits."""
        wish = self._export.wish
        if wish.is_list:
            names = DAY.tables[wish.kinds[0].name].c.keys()
            self.names = [name for name in names if name != "ts"]
            self.types = [_type_of(wish.kinds[0], name) for name in self.names]
            return
        found: set[Source] = set()
        for number, path in enumerate(self.files):
            tell(number)
            with self._noting(path), DayFile(path) as file:
                found.update(sources_in(file, wish, *self._export.span))
        self._columns = Columns(found, wish)
        if found and not self._columns.names:
            raise NothingFits(_offer(found, wish))
        if self._export.is_long:
            self.names, self.types = tuple(_LONG), tuple(_LONG.values())
        else:
            self.names = self._columns.names
            self.types = [_type(signal) for signal in self._columns.signals]

    def write(self, sink: Sink, tell: Tell = lambda _: None) -> int:
        """All rows, in the order of time. Returns how many."""
        rows_count = 0
        for number, path in enumerate(self.files):
            tell(number)
            with self._noting(path), DayFile(path) as file:
                began_s = None
                for ts, row in self._rows(file):
                    began_s = ts if began_s is None else began_s
                    sink.write(ts, row)
                    rows_count += 1
                    if rows_count % _TELL_ROWS == 0:
                        tell(number + min(0.99, (ts - began_s) / DAY_S))
        return rows_count

    def _rows(self, file: DayFile) -> Iterator[tuple[float, list[Any]]]:
        wish, span = self._export.wish, self._export.span
        if wish.is_list:
            return as_listed(file, wish.kinds[0], self.names, span, wish.devices)
        form = long if self._export.is_long else wide
        return form(file, self._columns, span, self._export.every_s)

    @contextmanager
    def _noting(self, path: Path) -> Iterator[None]:
        """The rest goes on when one file cannot be read."""
        try:
            yield
        except Unreadable as error:
            self.troubles[path] = error


def files_of(directory: Path, span: Span) -> list[Path]:
    """Daily files that may have rows of a stretch, in whatever zone they were made."""
    first = _name(span.since_s, -1)
    last = _name(span.until_s, 1)
    return [path for path in daily_files(directory) if first <= path.stem <= last]


def _name(time_s: float, days: int) -> str:
    try:
        at = datetime.fromtimestamp(time_s, UTC) + timedelta(days=days)
    except (ValueError, OverflowError, OSError):
        return "0" if days < 0 else "9999_99_99"
    return at.strftime("%Y_%m_%d")


def _type(signal: Signal) -> type:
    if signal.is_text:
        return str
    return int if signal.is_whole else float


def _type_of(kind: Kind, name: str) -> type:
    """Of a column of a list, as the schema has it."""
    of = DAY.tables[kind.name].c[name].type.python_type
    return of if of in {int, float} else str


def _offer(found: Iterable[Source], wish: Wish) -> str:
    """What there is instead."""
    devices = sorted({source.device for source in found})
    names = dict.fromkeys(
        signal.name for kind in wish.kinds for signal in signals_of(kind)
    )
    return (
        f"no such device or signal there; devices: {', '.join(devices)}; signals: "
        f"{', '.join(names)}"
    )
