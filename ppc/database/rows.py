"""Rows as they are handed in, made into what a table takes."""

from collections.abc import Callable, Mapping
from datetime import tzinfo
from math import floor
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import Table

from ppc.database.daily import day_name
from ppc.database.schema import DAY, KINDS

Row = Mapping[str, Any]
Values = tuple[Any, ...]


class _Shape(NamedTuple):
    blank: Mapping[str, None]
    """All columns, empty."""
    values: Callable[[Row], Values]
    """In the order of the columns."""
    key_size: int
    """So many of the first columns must not be empty."""


def _shape(table: Table) -> _Shape:
    columns = list(map(str, table.c.keys()))
    blank = dict.fromkeys(columns)
    return _Shape(blank, itemgetter(*columns), columns.index("clock"))


_SHAPES = {name: _shape(DAY.tables[name]) for name in KINDS}


def fit(table: str, row: Row, seq: int, clock: int) -> Values:
    """What the row has, in the order of the table's columns; NULL what it has not.

    Raises LookupError: no such table or column, or a part of the key is missing.
    """
    blank, in_order, key_size = _SHAPES[table]
    whole = {**blank, **row, "seq": seq, "clock": clock}
    values = in_order(whole)
    if len(whole) != len(blank) or None in values[:key_size]:
        raise LookupError(table)
    return values


def count_row(row: Row, seq: int) -> Values:
    """A row of the counters. Raises LookupError: the device or the time is missing."""
    return (row["device"], row["ts"], seq, *map(row.get, KINDS["energy"].numbers))


class Calendar:
    """Local dates. That of the second which was asked for last is known by heart.

    No zone changes its date within a second. Zone None: the machine's.
    """

    def __init__(self, zone: tzinfo | None) -> None:
        self._zone = zone
        self._second: int | None = None
        self._day = ""

    def day(self, time_s: float) -> str:
        """As files have it. Raises what `day_name` raises, and TypeError."""
        second = floor(time_s)
        if second != self._second:
            self._day, self._second = day_name(second, self._zone), second
        return self._day
