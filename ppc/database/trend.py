"""trend.db: raw rows of the last days and minutes of the last years, for panels.

Everything in it can be made again from the daily files: losing it is harmless.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from math import inf
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Connection, MetaData, delete, func, insert, select
from sqlalchemy.exc import DatabaseError

from ppc.database.connection import transaction
from ppc.database.daily import daily_files, is_finished
from ppc.database.file import remove
from ppc.database.migrations import UnknownVersionError
from ppc.database.minutes import make_minutes
from ppc.database.retention import Retention
from ppc.database.schema import DAY, DAYS, IN_TREND, SAMPLED, TREND
from ppc.database.store import Batch, Store, bring_up

logger = logging.getLogger(__name__)

NAME = "trend.db"
_AGAIN_S = 120.0
"""Minutes as young as this are made again: their last rows may have come late."""
_SLICE_S = 3600.0
"""How much of a daily file is taken over at once."""
_ATTACHED = MetaData()
_IN_DAY = {
    kind.name: TREND.tables[kind.name].to_metadata(_ATTACHED, schema="day")
    for kind in IN_TREND
}
"""The tables of a daily file that is attached."""


class _Slice(NamedTuple):
    """A part of a daily file: rows from `since_s` to before `until_s` [Unix]."""

    path: Path
    since_s: float
    until_s: float
    is_last: bool


class Trend:
    """The second file the recorder's thread writes. Raises what `Store` raises.

    Opened when it is first needed. What it may then lack is taken from the daily files,
    an hour per call of `catch_up`: all that are not in its list of finished days.
    """

    def __init__(
        self, path: Path, *, retention: Retention, wall_s: Callable[[], float]
    ) -> None:
        self._path = path
        self._retention = retention
        self._wall_s = wall_s
        self._store: Store | None = None
        self._lacking: list[Path] = []
        """Daily files to be looked at; the next one is the last."""
        self._slices: list[_Slice] = []
        self._oldest_s = inf
        """Time of the oldest row since the last roll-up."""

    def write(self, batch: Batch) -> None:
        """Add rows as recorded."""
        rows_by_table = {k: rows for k, rows in batch.items() if k in _IN_DAY}
        self._opened().write(rows_by_table)
        oldest_s = (min(row[0] for row in rows) for rows in rows_by_table.values())
        self._oldest_s = min(self._oldest_s, *oldest_s, inf)

    def roll_up(self) -> None:
        """Make the minutes of the rows that are new, and the last two again."""
        store = self._opened()
        since_s = min(self._oldest_s, self._wall_s() - _AGAIN_S)
        with store.transaction() as connection:
            for kind in SAMPLED:
                raw = TREND.tables[kind.name]
                connection.execute(make_minutes(kind, raw, since_s=since_s))
        self._oldest_s = inf

    def prune(self) -> None:
        """Delete what is older than it is to be kept. Minutes are made first."""
        self.roll_up()
        now_s, raw = self._wall_s(), {kind.name for kind in SAMPLED}
        raw_since_s = self._retention.raw_since_s(now_s)
        since_s = self._retention.minutes_since_s(now_s)
        files = [path.name for path in daily_files(self._path.parent)]
        with self._opened().transaction() as connection:
            for name, table in TREND.tables.items():
                if table is not DAYS:
                    old_s = raw_since_s if name in raw else since_s
                    connection.execute(delete(table).where(table.c.ts < old_s))
            connection.execute(delete(DAYS).where(DAYS.c.file.not_in(files)))

    def note_day(self, path: Path) -> None:
        """Have `catch_up` compare a finished daily file, and list it."""
        if self._store and path not in self._lacking:
            self._lacking.append(path)

    def catch_up(self) -> bool:
        """Take over an hour of a daily file. False: nothing is lacking.

        A daily file that cannot be read is left out, and told.
        """
        connection = self._opened().connection
        if not self._slices and not self._lacking:
            return False
        path = self._slices[-1].path if self._slices else self._lacking.pop()
        try:
            bring_up(path, DAY)
            with _attached(connection, path):
                if self._slices:
                    self._take_over(connection, self._slices.pop())
                else:
                    self._slices = _cut(connection, path)
        except (DatabaseError, OSError, UnknownVersionError) as error:
            self._slices = []
            logger.warning("%s is not in %s: %s", path.name, NAME, error)
        return True

    def finish(self) -> None:
        """Make the last minutes; close so that who may only read can open it."""
        if self._store:
            self.roll_up()
            store, self._store = self._store, None
            store.finish()

    def close(self) -> None:
        """Let go of the file as it is."""
        if self._store:
            store, self._store = self._store, None
            store.close()

    def _opened(self) -> Store:
        if self._store and self._store.is_lost:
            logger.error("%s is gone: made again from the daily files", NAME)
            self.close()
        if self._store is None:
            self._store = Store(self._path, TREND)
            self._lacking = self._not_listed(self._store.connection)
            self._slices = []
        return self._store

    def _not_listed(self, connection: Connection) -> list[Path]:
        listed = set(connection.execute(select(DAYS.c.file)).scalars())
        return [p for p in daily_files(self._path.parent) if p.name not in listed]

    def _take_over(self, connection: Connection, part: _Slice) -> None:
        """Copy the rows that are not here yet, and make their minutes anew."""
        raw_since_s = self._retention.raw_since_s(self._wall_s())
        with transaction(connection):
            for kind in IN_TREND:
                day = _IN_DAY[kind.name]
                kept_s = raw_since_s if kind in SAMPLED else 0.0
                rows = select(day).where(
                    day.c.ts >= max(part.since_s, kept_s), day.c.ts < part.until_s
                )
                ours = insert(TREND.tables[kind.name]).prefix_with("OR IGNORE")
                connection.execute(ours.from_select(list(day.c), rows))
            for kind in SAMPLED:
                day, (since_s, until_s) = _IN_DAY[kind.name], part[1:3]
                connection.execute(
                    make_minutes(kind, day, since_s=since_s, until_s=until_s)
                )
            if part.is_last and is_finished(part.path):
                _list_day(connection, part.path)


def rebuild(
    directory: Path, *, retention: Retention, wall_s: Callable[[], float]
) -> Path:
    """Make trend.db again from the daily files; then it takes the old one's place.

    A recorder that writes there meanwhile notices and goes on in the new file.
    """
    path, fresh = directory / NAME, directory / f"{NAME}.new"
    remove(fresh)
    trend = Trend(fresh, retention=retention, wall_s=wall_s)
    while trend.catch_up():
        pass
    trend.finish()
    remove(path)
    return fresh.replace(path)


@contextmanager
def _attached(connection: Connection, path: Path) -> Iterator[None]:
    """Within, the connection sees the file as `day`."""
    uri = f"{path.absolute().as_uri()}?mode=ro"
    connection.exec_driver_sql("ATTACH DATABASE ? AS day", (uri,))
    try:
        yield
    finally:
        connection.exec_driver_sql("DETACH DATABASE day")


def _span(connection: Connection) -> tuple[float | None, float | None, int]:
    """First and last time and number of rows of the daily file that is attached."""
    spans = [
        connection.execute(
            select(func.min(day.c.ts), func.max(day.c.ts), func.count())
        ).one()
        for day in _IN_DAY.values()
    ]
    return (
        min((t0 for t0, _, _ in spans if t0 is not None), default=None),
        max((t1 for _, t1, _ in spans if t1 is not None), default=None),
        sum(n for _, _, n in spans),
    )


def _cut(connection: Connection, path: Path) -> list[_Slice]:
    """The file in slices of whole hours, the newest last."""
    t0, t1, _ = _span(connection)
    if t0 is None or t1 is None:
        return []
    first, last = int(t0 // _SLICE_S), int(t1 // _SLICE_S)
    return [
        _Slice(path, hour * _SLICE_S, (hour + 1) * _SLICE_S, is_last=hour == first)
        for hour in range(first, last + 1)
    ]


def _list_day(connection: Connection, path: Path) -> None:
    t0, t1, rows_count = _span(connection)
    row = {"day": path.stem, "t0": t0, "t1": t1, "rows": rows_count, "file": path.name}
    connection.execute(insert(DAYS).prefix_with("OR REPLACE").values(row))
