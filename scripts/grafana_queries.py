"""The SQL of the panels, on trend.db.

Grafana puts numbers in place of $__from, $__to and $__interval_ms, all milliseconds.
Rows as recorded are read over short ranges, minutes over long ones, so a panel is quick
over any range: one statement has both branches, and only one of them runs.
"""

from collections.abc import Callable, Iterable, Mapping

from ppc.database.schema import TREND

MINUTE_MS = 60_000
UNITS_MS = 10_000
"""From which step on minutes of single units are read: there may be 500 of them."""

_STEP = "max(1, $__interval_ms / 1000)"
"""Whole seconds between two points."""
_SILENCE_S = 90
"""What is longer than this, and than two steps, is a gap."""
_BUCKET = f"cast(ts / {_STEP} AS int)"
"""Cast, because `ts` is a REAL: 7.0 / 2 is 3.5."""
_SHOWN = "ts >= $__from / 1000 AND ts <= $__to / 1000"


def samples(
    table: str,
    columns: Mapping[str, str],
    *,
    device: str = "",
    raw_below_ms: int = MINUTE_MS,
) -> str:
    """Figures by step of time, for curves.

    `columns` has the name of each and what it is: "avg p_w", or min, max; "sum p_w" is
    the sum of all devices. `device` is the variable that says which one to show.
    """
    where = _SHOWN + (f" AND device = ${{{device}:singlequote}}" if device else "")

    def branch(source: str, condition: str) -> str:
        made = ", ".join(
            f"{_figure(what, minutes=source != table)} AS {name}"
            for name, what in columns.items()
        )
        return (
            f"SELECT {_BUCKET} * {_STEP} AS time, {made}\n"
            f"FROM tier CROSS JOIN {source} WHERE {condition} AND {where} GROUP BY 1"
        )

    kept = {_stored(*what.split(), minutes=True) for what in columns.values()}
    return _over_time(table, columns, branch, raw_below_ms, kept=kept)


def texts(columns: Mapping[str, str]) -> str:
    """What was said last in each step of time, of decisions."""
    made = ", ".join(f"{text} AS {name}" for name, text in columns.items())

    def branch(source: str, condition: str) -> str:
        return (
            f"SELECT ts AS time, {made} FROM tier CROSS JOIN {source} WHERE {condition}\n"
            f"AND ts IN (SELECT max(ts) FROM {source} WHERE {_SHOWN} GROUP BY {_BUCKET})"
        )

    kept = {"p_limited_by", "q_limited_by", "modes"}
    return _over_time("decisions", columns, branch, MINUTE_MS, kept=kept)


def modes(functions: Iterable[str]) -> str:
    """The mode of each control function; one that is not in the plant is NULL.

    `->>` and not json_extract: a path would begin with $, as variables do.
    """
    return texts({name: f"modes ->> '{name}'" for name in functions})


def last(table: str, *signals: str) -> str:
    """The last row in the range shown."""
    return (
        f"SELECT ts AS time, {', '.join(signals)} FROM {table}\n"
        f"WHERE {_SHOWN} ORDER BY ts DESC LIMIT 1"
    )


def devices(table: str) -> str:
    """For a variable: who was there when the table was last written."""
    return (
        f"SELECT device FROM (SELECT device FROM {table} "
        f"WHERE ts >= (SELECT max(ts) FROM {table}) - 60\n"
        f"UNION SELECT device FROM {table}_1m "
        f"WHERE ts >= (SELECT max(ts) FROM {table}_1m) - 600)\n"
        "ORDER BY length(device), device LIMIT 1000"
    )


def _over_time(
    table: str,
    columns: Iterable[str],
    branch: Callable[[str, str], str],
    raw_below_ms: int,
    *,
    kept: set[str],
) -> str:
    """Rows as recorded where they are fine enough and reach back as far as minutes do.

    `kept` is what minutes must have; those that do not have it are not read. After a step without rows comes a row of NULL, so that no line is drawn across.
    """
    minutes = f"{table}_1m"
    if minutes in TREND.tables and kept <= set(TREND.tables[minutes].c.keys()):
        tier = (
            f"SELECT $__interval_ms < {raw_below_ms} AND "
            f"coalesce((SELECT min(ts) FROM {table}), 9e99) - 60.0\n<= max("
            f"$__from / 1000, coalesce((SELECT min(ts) FROM {minutes}), 9e99))"
        )
        points = (branch(table, "is_raw"), branch(minutes, "NOT is_raw"))
    else:
        tier, points = "SELECT 1", (branch(table, "is_raw"),)
    shown = "\nUNION ALL\n".join(points)
    return (
        f"WITH tier(is_raw) AS ({tier}),\npoints AS (\n{shown}\n)\n"
        f"SELECT time, {', '.join(columns)} FROM points\n"
        f"UNION ALL\nSELECT time + {_STEP}, {', '.join('NULL' for _ in columns)} FROM\n"
        "(SELECT time, lead(time) OVER (ORDER BY time) AS later FROM points)\n"
        f"WHERE later - time > max(2 * {_STEP}, {_SILENCE_S})\nORDER BY 1"
    )


def _figure(what: str, *, minutes: bool) -> str:
    figure, signal = what.split()
    column = _stored(figure, signal, minutes=minutes)
    if figure == "sum":
        return f"sum({column}) / count(DISTINCT ts)"
    return f"{figure}({column})"


def _stored(figure: str, signal: str, *, minutes: bool) -> str:
    """The column that has it: a sum of devices is made of the averages of each."""
    return f"{signal}_{'avg' if figure == 'sum' else figure}" if minutes else signal


LIMITED = texts(
    {
        f"{quantity}_limited_by": f"coalesce(nullif({quantity}_limited_by, ''), 'none')"
        for quantity in "pq"
    }
)
AGE = "SELECT unixepoch() - ts AS age_s FROM poi ORDER BY ts DESC LIMIT 1"
EVENTS = (
    "SELECT ts AS time, severity, source, text FROM events\n"
    f"WHERE {_SHOWN} ORDER BY ts DESC LIMIT 500"
)
EVENTS_MARKED = (
    "SELECT time, text, tags FROM (SELECT ts AS time, source || ': ' || text AS text,\n"
    f"severity AS tags FROM events WHERE {_SHOWN} AND severity <> 'info'\n"
    "ORDER BY ts DESC LIMIT 200) ORDER BY time"
)
MODES_MARKED = EVENTS_MARKED.replace(
    "severity <> 'info'", "severity = 'info' AND text LIKE '% -> %'"
)
UNITS_NOW = "\nUNION ALL\n".join(
    f"SELECT device, p_w, p_set_w, q_var, q_set_var, {own}, p_available_w,\n"
    f"state_code, quality FROM {table} "
    f"WHERE ts = (SELECT max(ts) FROM {table} WHERE {_SHOWN})"
    for table, own in (
        ("bess", "soc_pu, p_available_min_w"),
        ("pv", "NULL AS soc_pu, NULL AS p_available_min_w"),
    )
).join(("", "\nLIMIT 1000"))
FINISHED_DAYS = (
    "SELECT day, t0 * 1000 AS first_ms, t1 * 1000 AS last_ms, rows AS rows_count, file\n"
    "FROM days ORDER BY day DESC LIMIT 400"
)


def events_counted(severities: Iterable[str]) -> str:
    """Events of each severity, by the minute or by the step when that is longer."""
    step = "max(60, $__interval_ms / 1000)"
    made = ", ".join(f"sum(severity = '{s}') AS {s}" for s in severities)
    return (
        f"SELECT cast(ts / {step} AS int) * {step} AS time, {made}\n"
        f"FROM events WHERE {_SHOWN} GROUP BY 1 ORDER BY 1"
    )
