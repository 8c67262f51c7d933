"""Rows as they are handed in, made into what a table takes."""

from collections.abc import Mapping
from datetime import tzinfo
from math import floor
from typing import Any, NamedTuple

from ppc.database.daily import day_name
from ppc.database.schema import KINDS, Kind

Row = Mapping[str, Any]
Values = tuple[Any, ...]


class _Shape(NamedTuple):
    key: tuple[str, ...]
    rest: tuple[str, ...]
    columns: frozenset[str]


def _shape(kind: Kind) -> _Shape:
    rest = tuple(map(str, (*kind.numbers, *kind.texts)))
    return _Shape(kind.key, rest, frozenset(("ts", *kind.key, *rest)))


_SHAPES = {name: _shape(kind) for name, kind in KINDS.items()}


def fit(table: str, row: Row, seq: int, clock: int) -> Values:
    """What the row has, in the order of the table's columns; NULL what it has not.

    Raises LookupError: no such table or column, or a part of the key is missing.
    """
    shape = _SHAPES[table]
    key = [row[name] for name in shape.key]
    if row["ts"] is None or None in key or not row.keys() <= shape.columns:
        raise LookupError(table)
    return (row["ts"], seq, *key, clock, *map(row.get, shape.rest))


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
