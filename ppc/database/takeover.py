"""What trend.db takes over from a daily file, a slice of time at once."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import tzinfo
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Connection, MetaData, func, insert, select

from ppc.database.connection import address
from ppc.database.energy import make_energy, make_energy_of, quarters_of, readings_after
from ppc.database.minutes import QUARTER_S, begin_s, make_minutes, make_quarters
from ppc.database.retention import MINUTE_S
from ppc.database.schema import DAYS, IN_TREND, SAMPLED, TREND
from ppc.database.thinning import FINE, thinned

_SLICE_S = 3600
_SLICE_BYTES = 8_000_000
"""Slices of large files are shorter: new rows are not to wait longer than a second."""
_ATTACHED = MetaData()
_IN_DAY = {
    kind.name: TREND.tables[kind.name].to_metadata(_ATTACHED, schema="day")
    for kind in IN_TREND
}
"""The tables of a daily file that is attached."""


class Slice(NamedTuple):
    """Rows of a daily file from `since_s` to before `until_s`, whole minutes [Unix]."""

    since_s: int
    until_s: int


@contextmanager
def attached(connection: Connection, path: Path, schema: str = "day") -> Iterator[None]:
    """Within, the connection sees the file as `day`. It is only read."""
    connection.exec_driver_sql(f"ATTACH DATABASE ? AS {schema}", (address(path),))
    try:
        yield
    finally:
        connection.exec_driver_sql(f"DETACH DATABASE {schema}")


def span_s(connection: Connection) -> tuple[float, float] | None:
    """First and last time of the daily file that is attached. None: it has no rows."""
    ends = [
        connection.execute(select(end(day.c.ts))).scalar()
        for day in _IN_DAY.values()
        for end in (func.min, func.max)
    ]
    times_s = [time_s for time_s in ends if time_s is not None]
    return (min(times_s), max(times_s)) if times_s else None


def cut(connection: Connection, path: Path) -> list[Slice]:
    """The file that is attached in slices, the newest last."""
    span = span_s(connection)
    if span is None:
        return []
    hours_count = span[1] // _SLICE_S - span[0] // _SLICE_S + 1
    parts = max(1.0, path.stat().st_size / hours_count / _SLICE_BYTES)
    length_s = max(1, int(_SLICE_S / parts / MINUTE_S)) * MINUTE_S
    first, last = int(span[0] // length_s), int(span[1] // length_s)
    return [
        Slice(number * length_s, (number + 1) * length_s)
        for number in range(first, last + 1)
    ]


def take_over(connection: Connection, part: Slice, raw_since_s: float) -> None:
    """Copy the rows that are not here yet, and make their minutes and quarters anew.

    Of fine rows only those since `raw_since_s` are copied.
    """
    for kind in IN_TREND:
        day = _IN_DAY[kind.name]
        since_s = part.since_s
        if kind.name in FINE:
            since_s = max(since_s, int(raw_since_s))
        rows = select(day).where(day.c.ts >= since_s, day.c.ts < part.until_s)
        ours = insert(TREND.tables[kind.name]).prefix_with("OR IGNORE")
        connection.execute(ours.from_select(list(day.c), rows))
    for kind in SAMPLED:
        day, (since_s, until_s) = _IN_DAY[kind.name], part
        connection.execute(make_minutes(kind, day, since_s=since_s, until_s=until_s))
        until_s = -(-until_s // QUARTER_S) * QUARTER_S
        connection.execute(make_quarters(kind, since_s=since_s, until_s=until_s))


def take_energy(connection: Connection, part: Slice) -> None:
    """Make the quarters of a slice, once all rows of the file are here."""
    since_s = begin_s(part.since_s, QUARTER_S)
    make_energy(connection, since_s, begin_s(part.until_s - 1, QUARTER_S) + QUARTER_S)


def join_energy(connection: Connection, zone: tzinfo | None) -> None:
    """What the day's readings mean to the days around it; then its own sum."""
    span = span_s(connection)
    if span is not None:
        after_s = readings_after(connection, span[0], span[1] + 1.0)
        make_energy_of(connection, quarters_of({*span, *after_s}), zone)


def list_day(connection: Connection, path: Path) -> None:
    """Have the file that is attached among the finished ones. Nobody has looked it
    through yet.
    """
    t0, t1 = span_s(connection) or (None, None)
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    row = {
        "day": path.stem,
        "t0": t0,
        "t1": t1,
        "file": path.name,
        "bytes": path.stat().st_size,
        "thinned": thinned(driver, "day"),
    }
    connection.execute(insert(DAYS).prefix_with("OR REPLACE").values(row))
