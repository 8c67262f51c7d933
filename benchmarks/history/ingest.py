"""A day of samples through the recorder, and through bare sqlite3, in turns."""

import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import insert
from sqlalchemy.dialects.sqlite.pysqlite import dialect

from benchmarks.history.plant import NOON_S, SIGNALS_EACH, Plant
from ppc.database.recorder import Recorder
from ppc.database.schema import DAY

_SLICE_S = 600
"""Simulated seconds that are made at once, outside of what is timed."""
_MINUTE_S = 60


class Cost(NamedTuple):
    """What a stretch of samples costs."""

    rows: int
    cpu_s: float
    file_bytes: int

    @property
    def rows_per_s(self) -> float:
        """By processor time: the machine may have other things to do."""
        return self.rows / self.cpu_s

    def bytes_per_value(self) -> float:
        return self.file_bytes / (self.rows * SIGNALS_EACH)


class Turn:
    """Times something in turns with others, over the same simulated seconds."""

    def __init__(self) -> None:
        self.cpu_s = 0.0

    def time(self, act: Callable[[], object]) -> None:
        cpu_s = time.process_time()
        act()
        self.cpu_s += time.process_time() - cpu_s


def ingest(folder: Path, signals: int, seconds: int) -> dict[str, Cost]:
    """The record with its trend store, and bare sqlite3: a transaction a second each.

    What the recorder's thread does is done here in turns with the other, and timed.
    """
    plant = Plant(signals)
    made_ready, bare, ours, trend_part = Turn(), Turn(), Turn(), Turn()
    begin_s = NOON_S - NOON_S % 86_400.0
    wall = [begin_s]
    recorder = Recorder(
        folder / "record", raw_days=7, trend_days=400, daily_files=10, zone=UTC,
        wall_s=lambda: wall[0],
    )  # fmt: skip
    (folder / "record").mkdir(parents=True)
    for name in ("write", "roll_up"):
        part_of(recorder._trend, name, trend_part)  # noqa: SLF001
    raw_path = folder / "bare.db"
    with closing(_bare(raw_path)) as connection:
        for first in range(0, seconds, _SLICE_S):
            part = range(first, min(first + _SLICE_S, seconds))
            made = [plant.rows(second, begin_s) for second in part]
            flat: list[list[tuple[Any, ...]]] = []
            made_ready.time(partial(_make_ready, made, flat))
            bare.time(partial(_write, connection, flat))
            ours.time(partial(_record, recorder, made, wall))
        bare.time(lambda: connection.execute("PRAGMA wal_checkpoint(TRUNCATE)"))
    recorder._daily.close()  # noqa: SLF001 (another thread finishes the files)
    recorder._trend.close()  # noqa: SLF001
    recorder.start()
    ours.time(recorder.stop)
    assert recorder.dropped == 0, "rows were dropped: nothing here counts"
    rows = seconds * len(plant.devices)
    (day,) = (folder / "record").glob("20*.db")
    trend = folder / "record" / "trend.db"
    size = {path: path.stat().st_size for path in (raw_path, day, trend)}
    ready_s, bare_s = made_ready.cpu_s, bare.cpu_s
    return {
        "bare, rows at hand": Cost(rows, bare_s, size[raw_path]),
        "bare, rows made": Cost(rows, bare_s + ready_s, size[raw_path]),
        "file of the day": Cost(rows, ours.cpu_s - trend_part.cpu_s, size[day]),
        "trend.db": Cost(rows, trend_part.cpu_s, size[trend]),
        "the record, both": Cost(rows, ours.cpu_s, size[day] + size[trend]),
    }


def part_of(whole: object, name: str, turn: Turn) -> None:
    """Have every call of a method counted on its own, too."""
    act = getattr(whole, name)
    setattr(whole, name, lambda *given: turn.time(partial(act, *given)))


def _record(
    recorder: Recorder, made: list[list[dict[str, Any]]], wall: list[float]
) -> None:
    """What the recorder's thread does, second by second, minute by minute."""
    for rows in made:
        wall[0] = rows[0]["ts"]
        recorder.record("bess", rows)
        recorder._write_what_waits()  # noqa: SLF001 (its thread would wait for the next)
        if wall[0] % _MINUTE_S == 0:
            recorder.roll_up()


_COLUMNS = tuple(column.name for column in DAY.tables["bess"].c)
_NUMBERS = _COLUMNS[4:]


def _bare(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
    names = ", ".join(_COLUMNS)
    connection.execute(
        f"CREATE TABLE bess ({names}, PRIMARY KEY (ts, seq, device)) WITHOUT ROWID"
    )
    return connection


def _make_ready(
    made: list[list[dict[str, Any]]], flat: list[list[tuple[Any, ...]]]
) -> None:
    """Of rows by name, tuples: what executemany is given."""
    for seq, rows in enumerate(made):
        flat.append(
            [
                (row["ts"], seq, row["device"], 1, *map(row.get, _NUMBERS))
                for row in rows
            ]
        )


def _write(
    connection: sqlite3.Connection, batches: list[list[tuple[Any, ...]]]
) -> None:
    statement = str(insert(DAY.tables["bess"]).compile(dialect=dialect()))
    for batch in batches:
        connection.execute("BEGIN")
        connection.executemany(statement, batch)
        connection.execute("COMMIT")
