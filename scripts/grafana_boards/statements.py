"""SQL over any range of time, on trend.db.

Grafana puts numbers in place of $__from, $__to and $__interval_ms, all milliseconds.
Rows as recorded are read over short ranges, minutes over longer ones, quarters of an
hour over the longest, so a panel is quick over any range: one statement has all three
branches, and only one of them runs. A range that reaches back to where the fine rows
are gone is read from those that are left.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from ppc.database.schema import MINUTES, QUARTERS

QUARTER_MS = 600_000
"""From this step on quarters of an hour are read where there is a choice."""
PLANT_MS, UNITS_MS = 60_000, 10_000
"""From this step on minutes are read: of the plant, of units, of which there may be
500."""
TIERS = ("", MINUTES, QUARTERS)
"""What the names of tables end with."""

STEP = "max(1, $__interval_ms / 1000)"
"""Whole seconds between two points."""
SHOWN = "ts >= $__from / 1000.0 AND ts <= $__to / 1000.0"
_FROM = "$__from / 1000.0"
_NEVER = "9e99"
_SILENCE_S = 90
"""What is longer than this, and than two steps, is a gap."""
_BUCKET = f"cast(ts / {STEP} AS int)"
"""Cast, because `ts` is a REAL: 7.0 / 2 is 3.5."""
_FIGURE = re.compile(r"\b(avg|min|max|sum|total|good|count) (\w+)")


class Source(NamedTuple):
    """A table, and which of its devices: those of the dashboard's variable `chosen`."""

    table: str
    chosen: str = ""
    raw_below_ms: int = PLANT_MS
    where: str = ""

    @property
    def shown(self) -> str:
        """What of the table is read."""
        device = f" AND device IN (${{{self.chosen}:singlequote}})"
        return SHOWN + (device if self.chosen else "") + self.where


def units(table: str, chosen: str = "") -> Source:
    """A table that has a row for each unit."""
    return Source(table, chosen, UNITS_MS)


def samples(source: str | Source, columns: Mapping[str, str]) -> str:
    """Figures by step of time, for curves.

    `columns` has the name of each and what it is: "avg p_w", or min, max; "sum p_w" is
    the sum of all devices, "total n_count" the sum over time, "good quality" the part
    of the time in which it was 0; "count ts" counts rows. Sums and differences of them
    are allowed.
    """
    of = source if isinstance(source, Source) else Source(source)

    def branch(tier: str, condition: str) -> str:
        made = ", ".join(f"{_made(w, tier)} AS {n}" for n, w in columns.items())
        return (
            f"SELECT {_BUCKET} * {STEP} AS time, {made} FROM tier CROSS JOIN "
            f"{of.table}{tier}\nWHERE {condition} AND {of.shown} GROUP BY 1"
        )

    return over_time(of, columns, branch)


def by_device(source: Source, column: str, what: str, *, key: str = "device") -> str:
    """One figure of every device by step of time: a line for each."""

    def branch(tier: str, condition: str) -> str:
        return (
            f"SELECT {_BUCKET} * {STEP} AS time, {key}, {_made(what, tier)} AS {column}"
            f"\nFROM tier CROSS JOIN {source.table}{tier} "
            f"WHERE {condition} AND {source.shown} GROUP BY 1, 2"
        )

    return over_time(source, [column], branch, key=key)


def texts(columns: Mapping[str, str], source: str = "decisions") -> str:
    """What was said last in each step of time."""
    made = ", ".join(f"{text} AS {name}" for name, text in columns.items())

    def branch(tier: str, condition: str) -> str:
        return (
            f"SELECT ts AS time, {made} FROM tier CROSS JOIN {source}{tier} "
            f"WHERE {condition}\nAND ts IN (SELECT max(ts) FROM {source}{tier} "
            f"WHERE {SHOWN} GROUP BY {_BUCKET}) GROUP BY ts"
        )

    return over_time(Source(source), columns, branch)


def modes(functions: Iterable[str]) -> str:
    """The mode of each control function; one that is not in the plant is NULL.

    `->>` and not json_extract: a path would begin with $, as variables do.
    """
    return texts({name: f"modes ->> '{name}'" for name in functions})


def tier_of(table: str, raw_below_ms: int) -> str:
    """Two tables for WITH: where the rows of each tier begin, and which one to read.

    The coarsest that is fine enough, if it reaches as far back as what is shown or as
    what there is; else a coarser one, and while there is none the rows as recorded. A
    minute begins up to 60 s before its first row, a quarter up to 900 s.
    """
    begins = ", ".join(
        f"coalesce((SELECT min(ts) FROM {table}{tier}), {_NEVER})" for tier in TIERS
    )
    raw = f"(raw <= {_FROM} OR (raw - 60.0 <= m AND raw - 900.0 <= q))"
    minute = f"m < {_NEVER} AND (m <= {_FROM} OR m - 900.0 <= q)"
    return (
        f"begins(raw, m, q) AS (SELECT {begins}),\n"
        f"tier(n) AS (SELECT CASE WHEN $__interval_ms < {raw_below_ms} AND {raw} "
        f"THEN 0\nWHEN $__interval_ms < {QUARTER_MS} AND {minute} THEN 1\n"
        f"WHEN q < {_NEVER} THEN 2 WHEN m < {_NEVER} THEN 1 ELSE 0 END FROM begins)"
    )


def over_time(
    source: Source,
    columns: Iterable[str],
    branch: Callable[[str, str], str],
    *,
    key: str = "",
) -> str:
    """Rows of the tier that suits what is shown, told by `branch`.

    After a step without rows comes a row of NULL, so that no line is drawn across.
    """
    shown = "\nUNION ALL\n".join(
        branch(tier, f"n = {number}") for number, tier in enumerate(TIERS)
    )
    names, nothing = ", ".join(columns), ", ".join("NULL" for _ in columns)
    keys, of_each = (f"{key}, ", f"PARTITION BY {key} ") if key else ("", "")
    return (
        f"WITH {tier_of(source.table, source.raw_below_ms)},\n"
        f"points AS (\n{shown}\n)\nSELECT time, {keys}{names} FROM points\n"
        f"UNION ALL\nSELECT time + {STEP}, {keys}{nothing} FROM\n(SELECT time, {keys}"
        f"lead(time) OVER ({of_each}ORDER BY time) AS later FROM points)\n"
        f"WHERE later - time > max(2 * {STEP}, CASE (SELECT n FROM tier) "
        f"WHEN 2 THEN 1800 ELSE {_SILENCE_S} END)\n"
        f"ORDER BY 1{', 2' if key else ''}"
    )


def _made(what: str, tier: str) -> str:
    return _FIGURE.sub(lambda found: _figure(found[1], found[2], tier), what)


def _figure(figure: str, signal: str, tier: str) -> str:
    """The same of rows as recorded and of rows that are averages themselves."""
    if not tier:
        return {
            "sum": f"sum({signal}) / count(DISTINCT ts)",
            "total": f"sum({signal})",
            "good": f"avg({signal} = 0)",
            "count": "count(*)",
        }.get(figure, f"{figure}({signal})")
    return {
        "sum": f"sum({signal}_avg) / count(DISTINCT ts)",
        "total": f"sum({signal}_avg * samples_count)",
        "good": f"avg({signal}_max = 0)",
        "count": "sum(samples_count)",
    }.get(figure, f"{figure}({signal}_{figure})")
