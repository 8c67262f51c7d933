"""From rows to minutes, from minutes to quarters of an hour: the statements.

They are made once: it takes SQLAlchemy longer to build one than SQLite to do it.
"""

from collections.abc import Iterable
from functools import cache
from math import inf
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Integer,
    Select,
    Table,
    TextClause,
    and_,
    bindparam,
    case,
    cast,
    func,
    insert,
    select,
    text,
)
from sqlalchemy.dialects.sqlite.pysqlite import dialect

from ppc.database.retention import DAY_S, MINUTE_S
from ppc.database.schema import FIGURES, MINUTES, QUARTERS, SAMPLED, TREND, Kind

QUARTER_S = 900
_JOINED_S = 1800


def make_minutes(
    kind: Kind, raw: Table, *, since_s: float, until_s: float = inf
) -> TextClause:
    """Make the minutes of the rows in `raw` from `since_s` to before `until_s` [Unix].

    Minutes that are there already are replaced: `since_s` is taken back to a whole
    minute, `until_s` must be one.
    """
    return _between(_minutes_of(kind, raw), MINUTE_S, since_s, until_s)


def make_quarters(kind: Kind, *, since_s: float, until_s: float = inf) -> TextClause:
    """The same for quarters of an hour, out of the minutes.

    Averages are those of the rows: each minute counts by the number of its rows. Where
    some rows of a minute have no number, its average stands for them.
    """
    return _between(_quarters_of(kind), QUARTER_S, since_s, until_s)


@cache
def _minutes_of(kind: Kind, raw: Table) -> TextClause:
    figures = [
        getattr(func, figure)(raw.c[name]).label(f"{name}_{figure}")
        for name in kind.numbers
        for figure in FIGURES
    ]
    rows = _grouped(kind, raw, MINUTE_S).add_columns(
        func.count().label("samples_count"), *figures
    )
    return _made(kind, raw, TREND.tables[kind.name + MINUTES], rows)


@cache
def _quarters_of(kind: Kind) -> TextClause:
    minutes = TREND.tables[kind.name + MINUTES]
    count = minutes.c.samples_count
    figures = [
        _over_minutes(minutes, name, figure, count).label(f"{name}_{figure}")
        for name in kind.numbers
        for figure in FIGURES
    ]
    rows = _grouped(kind, minutes, QUARTER_S).add_columns(
        func.sum(count).label("samples_count"), *figures
    )
    return _made(kind, minutes, TREND.tables[kind.name + QUARTERS], rows)


def unmade_quarters(connection: Connection) -> list[TextClause]:
    """What a file of an older version lacks: quarters of its minutes, day by day."""
    unmade: list[TextClause] = []
    for kind in SAMPLED:
        first_s, last_s, made_s = (
            connection.execute(select(end(TREND.tables[kind.name + of].c.ts))).scalar()
            for end, of in (
                (func.min, MINUTES),
                (func.max, MINUTES),
                (func.min, QUARTERS),
            )
        )
        if first_s is None or last_s is None:
            continue
        until_s = last_s + QUARTER_S if made_s is None else made_s
        begins_s = range(first_s // QUARTER_S * QUARTER_S, until_s, int(DAY_S))
        unmade += [
            make_quarters(kind, since_s=s, until_s=min(s + DAY_S, until_s))
            for s in begins_s
        ]
    return unmade


def begin_s(time_s: float, length_s: int) -> int:
    """When the minute, or the quarter, of a time begins [Unix]."""
    return int(time_s // length_s) * length_s


def spans(begins_s: Iterable[int], length_s: int) -> list[tuple[int, int]]:
    """Stretches of time that begin at these and are so long. Those that are not far
    apart are one: what lies between is made again, which costs less than another
    statement and changes nothing.
    """
    joined: list[tuple[int, int]] = []
    for time_s in sorted(begins_s):
        since_s = time_s
        if joined and time_s - joined[-1][1] <= _JOINED_S:
            since_s, _ = joined.pop()
        joined.append((since_s, time_s + length_s))
    return joined


def _over_minutes(
    minutes: Table, name: str, figure: str, count: ColumnElement[int]
) -> ColumnElement[Any]:
    column = minutes.c[f"{name}_{figure}"]
    if figure != "avg":
        least_or_greatest: ColumnElement[Any] = getattr(func, figure)(column)
        return least_or_greatest
    weight = case((column.is_not(None), count))
    return func.sum(column * weight) / func.sum(weight)


def _grouped(kind: Kind, source: Table, length_s: int) -> Select[tuple[object, ...]]:
    """Beginning and key of each stretch of time, without figures yet."""
    begin = (cast(source.c.ts / length_s, Integer) * length_s).label("begin")
    key = [source.c[name] for name in kind.key]
    return (
        select(begin, *key)
        .where(source.c.ts >= bindparam("since_s"))
        .where(source.c.ts < bindparam("until_s"))
        .group_by(begin, *key)
    )


def _made(
    kind: Kind, source: Table, made: Table, rows: Select[tuple[object, ...]]
) -> TextClause:
    """With the texts of the last row of each stretch."""
    if kind.texts:
        last = rows.add_columns(func.max(source.c.ts).label("last_s")).subquery()
        rows = select(
            *(column for column in last.c if column.name != "last_s"),
            *(source.c[name] for name in kind.texts),
        ).join(source, _same(kind, source, last))
    statement = insert(made).prefix_with("OR REPLACE").from_select(list(made.c), rows)
    compiled = statement.compile(dialect=dialect(paramstyle="named"))
    return text(compiled.string).bindparams(**compiled.params)


def _between(
    statement: TextClause, length_s: int, since_s: float, until_s: float
) -> TextClause:
    begin_s = since_s // length_s * length_s
    return statement.bindparams(since_s=begin_s, until_s=until_s)


def _same(kind: Kind, source: Table, last: FromClause) -> ColumnElement[bool]:
    return and_(
        source.c.ts == last.c.last_s,
        *(source.c[name] == last.c[name] for name in kind.key),
    )
