"""What the tests of the record share: a recorder, rows, and a look into files."""

import sqlite3
import time
from contextlib import closing
from datetime import UTC
from itertools import count
from pathlib import Path

from ppc.database.recorder import Recorder
from ppc.database.schema import DAY

NOON_S = 1_795_262_400.0
"""2026-11-21 12:00 UTC."""
HOUR_S, DAY_S = 3600.0, 86_400.0


class Wall:
    """A wall clock that stands where it is put."""

    def __init__(self, now_s=NOON_S):
        self.now_s = now_s

    def __call__(self):
        return self.now_s


def recorder(
    directory, wall, *, zone=UTC, raw_days=7, trend_days=400, files=400, **more
):
    return Recorder(
        directory,
        raw_days=raw_days,
        trend_days=trend_days,
        daily_files=files,
        wall_s=wall,
        zone=zone,
        **more,
    )


def poi(ts, p_w=1.0e6):
    row = {"ts": ts, "device": "poi", "v_v": 20.0e3, "f_hz": 50.0}
    return {**row, "p_w": p_w, "q_var": 0.0, "quality": 0}


_numbers = count(1)


def stored(table, ts, **values):
    """A row as a file has it: values in the order of the columns, numbered on."""
    row = {"ts": ts, "seq": next(_numbers), "clock": 1, **values}
    columns = DAY.tables[table].c.keys()
    assert row.keys() <= set(columns)
    return tuple(map(row.get, columns))


def stored_poi(ts, p_w=1.0e6, device="poi"):
    row = {"device": device, "v_v": 20.0e3, "f_hz": 50.0, "p_w": p_w}
    return stored("poi", ts, **row, q_var=0.0, quality=0)


def ask(path: Path, sql: str):
    """Rows of a file that is only read, as Grafana does."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        return connection.execute(sql).fetchall()


def value(path: Path, sql: str):
    ((answer,),) = ask(path, sql)
    return answer


def cut_short(path: Path, sql: str) -> None:
    """Have a transaction of a file without a WAL end in a kill: SQLite will undo it."""
    journal = path.with_name(f"{path.name}-journal")
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous=OFF")  # it is complete at once
        connection.execute("BEGIN")
        connection.execute(sql)
        undo = journal.read_bytes()
        connection.execute("COMMIT")
    journal.write_bytes(undo)


def is_sound(path: Path) -> bool:
    return value(path, "PRAGMA integrity_check") == "ok"


def names(directory: Path) -> set[str]:
    return {path.name for path in directory.iterdir()}


def wait_until(holds, within_s=10.0):
    until_s = time.monotonic() + within_s
    while not holds():
        assert time.monotonic() < until_s, "waited in vain"
        time.sleep(0.01)


def written(path: Path, sql: str) -> bool:
    """Whether the file answers with anything but 0 or NULL yet."""
    try:
        return bool(value(path, sql))
    except sqlite3.DatabaseError:
        return False
