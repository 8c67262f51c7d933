"""Old rows of trend.db, deleted a bit at a time."""

from collections import deque
from math import inf
from typing import NamedTuple

from sqlalchemy import Connection, Table, delete, func, select

from ppc.database.retention import DAY_S, MINUTE_S
from ppc.database.schema import DAYS, MINUTES, QUARTERS, SAMPLED, TREND
from ppc.database.thinning import FINE

_HOUR_S = 60 * MINUTE_S
_VACUUM_PAGES = 1000
"""Pages given back to the file system at once."""

_MADE = frozenset(kind.name + MINUTES for kind in SAMPLED)
SPARED = ((FINE, DAY_S), (_MADE, 7 * DAY_S))
"""Tables that make room when there is little, and how much of each they keep [s]."""


class _Doomed(NamedTuple):
    table: Table
    before_s: float


class Pruning:
    """What is to be deleted, oldest first: a slice of one table each `step`."""

    def __init__(self) -> None:
        self._doomed: deque[_Doomed] = deque()
        self._vacuum = False

    def __bool__(self) -> bool:
        """Whether there is anything to do."""
        return bool(self._doomed) or self._vacuum

    def condemn(self, name: str, before_s: float) -> None:
        """Have the rows of a table go that are older."""
        self._doomed.append(_Doomed(TREND.tables[name], before_s))

    def give_back(self) -> None:
        """Have the room they took go to others; else it is kept for new rows."""
        self._vacuum = True

    def step(self, connection: Connection) -> None:
        """Within a transaction."""
        while self._doomed:
            table, before_s = self._doomed[0]
            first_s = _oldest_s(connection, table)
            if first_s < before_s:
                until_s = min(before_s, first_s + _slice_s(table.name))
                connection.execute(delete(table).where(table.c.ts < until_s))
                return
            self._doomed.popleft()
        if self._vacuum:
            _vacuum(connection)
            free = connection.exec_driver_sql("PRAGMA freelist_count").scalar()
            self._vacuum = bool(free) and _is_incremental(connection)


def oldest_s(connection: Connection, names: frozenset[str]) -> float:
    """Time of the oldest row of some tables; inf: there is none."""
    return min(_oldest_s(connection, TREND.tables[name]) for name in names)


def dated(*, raw_since_s: float, since_s: float) -> list[tuple[str, float]]:
    """Every table and since when it is to be kept."""
    return [
        (name, raw_since_s if name in FINE else since_s)
        for name, table in TREND.tables.items()
        if table is not DAYS
    ]


def _oldest_s(connection: Connection, table: Table) -> float:
    """The key begins with the time, or the table is small."""
    first_s: float | None = connection.execute(select(func.min(table.c.ts))).scalar()
    return inf if first_s is None else first_s


def _slice_s(name: str) -> float:
    """How much of a table goes at once: about as many rows, whatever the table."""
    if name in FINE:
        return 5.0 * MINUTE_S
    if name.endswith(QUARTERS):
        return DAY_S
    return 4.0 * _HOUR_S if name.endswith(MINUTES) else _HOUR_S


def _vacuum(connection: Connection) -> None:
    """The driver asks once for each statement, and once is a page."""
    for _ in range(_VACUUM_PAGES):
        connection.exec_driver_sql("PRAGMA incremental_vacuum(1)")


def _is_incremental(connection: Connection) -> bool:
    mode = connection.exec_driver_sql("PRAGMA auto_vacuum").scalar()
    return mode == 2  # noqa: PLR2004 (incremental: sqlite.org/pragma.html)
