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
    plant, turns = Plant(signals), Turns()
    begin_s = NOON_S - NOON_S % 86_400.0
    wall = [begin_s]
    recorder = Recorder(
        folder / "record", raw_days=7, trend_days=400, daily_files=10, zone=UTC,
        wall_s=lambda: wall[0],
    )  # fmt: skip
    (folder / "record").mkdir(parents=True)
    for name in ("write", "roll_up"):
        part_of(recorder._trend, name, turns.trend)  # noqa: SLF001
    with closing(_bare(folder / "bare.db")) as connection:
        for first in range(0, seconds, _SLICE_S):
            part = range(first, min(first + _SLICE_S, seconds))
            made = [plant.rows(second, begin_s) for second in part]
            flat: list[list[tuple[Any, ...]]] = []
            turns.making.time(partial(_make_ready, made, flat))
            turns.bare.time(partial(_write, connection, flat))
            turns.ours.time(partial(_record, recorder, made, wall))
        turns.bare.time(lambda: connection.execute("PRAGMA wal_checkpoint(TRUNCATE)"))
    recorder._daily.close()  # noqa: SLF001 (another thread finishes the files)
    recorder._trend.close()  # noqa: SLF001
    recorder.start()
    turns.ours.time(recorder.stop)
    assert recorder.dropped == 0, "rows were dropped: nothing here counts"
    return turns.costs(seconds * len(plant.devices), folder)


class Turns:
    """Who has a turn."""

    def __init__(self) -> None:
        self.making, self.bare, self.ours, self.trend = (Turn() for _ in range(4))

    def costs(self, rows: int, folder: Path) -> dict[str, Cost]:
        """Of each, with the file it wrote."""
        (day,) = (folder / "record").glob("20*.db")
        files = folder / "bare.db", day, folder / "record" / "trend.db"
        bare, daily, trend = (path.stat().st_size for path in files)
        made_s = self.bare.cpu_s + self.making.cpu_s
        return {
            "bare, rows at hand": Cost(rows, self.bare.cpu_s, bare),
            "bare, rows made": Cost(rows, made_s, bare),
            "file of the day": Cost(rows, self.ours.cpu_s - self.trend.cpu_s, daily),
            "trend.db": Cost(rows, self.trend.cpu_s, trend),
            "the record, both": Cost(rows, self.ours.cpu_s, daily + trend),
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
