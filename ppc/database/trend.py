"""trend.db: raw rows of the last days and minutes of the last years, for panels.

Everything in it can be made again from the daily files: losing it is harmless.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import Integer, cast, delete, func, insert, select

from ppc.database.schema import SIGNALS, TREND
from ppc.database.store import Batch, Store

NAME = "trend.db"
_MINUTE_S = 60
_AGAIN_S = 120
"""Minutes as old as this are made again: their last rows may have come late."""
_LEFT_OUT = {"commands"}
_CHUNK = 5000


class Trend:
    """The second file the recorder's thread writes."""

    def __init__(self, directory: Path) -> None:
        self._store = Store(directory / NAME, TREND)

    def write(self, batch: Batch) -> None:
        self._store.write({k: v for k, v in batch.items() if k not in _LEFT_OUT})

    def roll_up(self, now_s: float) -> None:
        """Make the minutes since the last ones, and the last two again. Idempotent."""
        connection = self._store.connection
        with connection.begin():
            for kind, names in SIGNALS.items():
                raw, minutes = TREND.tables[kind], TREND.tables[f"{kind}_1m"]
                last = connection.execute(select(func.max(minutes.c.ts))).scalar()
                since_s = min(last or 0, int(now_s - _AGAIN_S)) // _MINUTE_S * _MINUTE_S
                minute = cast(raw.c.ts / _MINUTE_S, Integer) * _MINUTE_S
                figures = [
                    made(raw.c[name])
                    for name in names
                    for made in (func.avg, func.min, func.max)
                ]
                rows = (
                    select(raw.c.device, minute, *figures)
                    .where(raw.c.ts >= since_s)
                    .group_by(raw.c.device, minute)
                )
                connection.execute(
                    insert(minutes)
                    .prefix_with("OR REPLACE")
                    .from_select([c.name for c in minutes.c], rows)
                )

    def prune(self, *, raw_before_s: float, minutes_before_s: float) -> None:
        """Delete what is older."""
        connection = self._store.connection
        with connection.begin():
            for name, table in TREND.tables.items():
                if name == "days":
                    continue
                before_s = minutes_before_s if name.endswith("_1m") else raw_before_s
                connection.execute(delete(table).where(table.c.ts < before_s))

    def note_day(self, path: Path) -> None:
        """Enter a finished daily file in the list of days."""
        self._store.write({"days": [_day_row(path)]})

    def finish(self) -> None:
        self._store.finish()

    def close(self) -> None:
        self._store.close()


def rebuild(directory: Path) -> Path:
    """Make trend.db again from the daily files in `directory`."""
    path = directory / NAME
    for old in (path, *(path.with_name(NAME + end) for end in ("-wal", "-shm"))):
        old.unlink(missing_ok=True)
    trend = Trend(directory)
    for day in daily_files(directory):
        for batch in _batches(day):
            trend.write(batch)
        trend.note_day(day)
    trend.roll_up(_AGAIN_S)
    trend.finish()
    return path


def daily_files(directory: Path) -> list[Path]:
    """The files of the record, oldest first."""
    return sorted(directory.glob("[0-9][0-9][0-9][0-9]_[0-9][0-9]_[0-9][0-9].db"))


def _batches(day: Path) -> Iterator[Batch]:
    with closing(sqlite3.connect(f"file:{day}?mode=ro", uri=True)) as connection:
        connection.row_factory = sqlite3.Row
        tables = [n for n in TREND.tables if n != "days" and not n.endswith("_1m")]
        for name in tables:
            if name in _LEFT_OUT:
                continue
            cursor = connection.execute(f"SELECT * FROM {name}")  # noqa: S608 (ours)
            while rows := cursor.fetchmany(_CHUNK):
                yield {name: [_without_id(row) for row in rows]}


def _without_id(row: sqlite3.Row) -> dict[str, Any]:
    return {key: row[key] for key in row.keys() if key != "id"}  # noqa: SIM118


def _day_row(path: Path) -> dict[str, Any]:
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        t0, t1, rows = connection.execute(
            "SELECT min(ts), max(ts), count(*) FROM poi"
        ).fetchone()
    return {"day": path.stem, "file": path.name, "t0": t0, "t1": t1, "rows": rows}
