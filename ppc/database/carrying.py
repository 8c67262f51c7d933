"""What a new trend.db takes from the old one: what no daily file holds any more."""

from collections.abc import Iterator
from datetime import date, datetime, tzinfo
from math import inf
from pathlib import Path

from sqlalchemy import Connection, select

from ppc.database.daily import daily_files
from ppc.database.energy import day_span_s
from ppc.database.schema import DAYS, TREND, VERSION

_FOUND = "rows, integrity, seq_first, seq_last"
"""What is known of a file once it was looked through."""


def carry_over(connection: Connection, directory: Path, zone: tzinfo | None) -> None:
    """From the file that is attached as `old`, if it is of this version."""
    if connection.exec_driver_sql("PRAGMA old.user_version").scalar() != VERSION:
        return
    whole = _whole_days(connection, directory)
    for name, table in TREND.tables.items():
        if table is DAYS:
            continue
        for since_s, until_s in _between(whole, zone):
            connection.exec_driver_sql(
                f"INSERT OR IGNORE INTO main.{name} "  # noqa: S608 (the schema's names)
                f"SELECT * FROM old.{name} WHERE ts >= ? AND ts < ?",
                (since_s, until_s),
            )
    connection.exec_driver_sql(
        f"UPDATE days SET ({_FOUND}) = (SELECT {_FOUND} FROM old.days AS known "  # noqa: S608
        "WHERE known.file = days.file AND known.bytes = days.bytes)"
    )
    connection.exec_driver_sql(
        "INSERT OR IGNORE INTO main.days SELECT * FROM old.days WHERE integrity != 'ok'"
    )


def _whole_days(connection: Connection, directory: Path) -> list[date]:
    """Days whose files have all their rows, in order: they need nothing."""
    thin = set(
        connection.execute(select(DAYS.c.day).where(DAYS.c.thinned > 0)).scalars()
    )
    names = [path.stem for path in daily_files(directory)]
    return [
        datetime.strptime(name, "%Y_%m_%d").date()  # noqa: DTZ007 (a date has no zone)
        for name in names
        if name not in thin
    ]


def _between(days: list[date], zone: tzinfo | None) -> Iterator[tuple[float, float]]:
    """Stretches of time that belong to none of the days [Unix]."""
    since_s = -inf
    for day in days:
        begin_s, end_s = day_span_s(day, zone)
        if since_s < begin_s:
            yield since_s, begin_s
        since_s = end_s
    yield since_s, inf
