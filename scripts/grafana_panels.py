"""Panels of the dashboards, and the SQL they read trend.db with.

Every time series reads raw rows while they are there and the interval is short, and
minutes otherwise; the branch that does not apply costs nothing.
"""

from collections.abc import Sequence
from typing import Any

SOURCE = {"type": "frser-sqlite-datasource", "uid": "trend"}
FROM, TO = "$__from/1000", "$__to/1000"
STEP = "max(1,$__interval_ms/1000)"
BUCKET = f"(CAST(ts AS INTEGER)/{STEP})*{STEP}"
Json = dict[str, Any]


def series(kind: str, columns: Sequence[tuple[str, str]], where: str = "") -> str:
    """Time series of signals of one kind: (expression over {name}, title)."""

    def part(table: str, ending: str, fine: str) -> str:
        picked = ", ".join(
            f"{expression.replace('}', ending + '}').format_map(_Plain())} AS {title}"
            for expression, title in columns
        )
        return (
            f"SELECT {BUCKET} AS time, {picked} FROM {table} WHERE {fine}(SELECT fine "
            f"FROM r) AND ts >= {FROM} AND ts <= {TO}{where} GROUP BY 1"
        )

    return (
        f"WITH r(fine) AS (SELECT $__interval_ms < 60000 AND {FROM} >= "
        f"(SELECT coalesce(min(ts),0.0)-60 FROM {kind})) "
        + part(kind, "", "")
        + " UNION ALL "
        + part(f"{kind}_1m", "_avg", "NOT ")
        + " ORDER BY 1"
    )


class _Plain(dict[str, str]):
    """Lets {p_w} stand for the column p_w, and {p_w_avg} for p_w_avg."""

    def __missing__(self, key: str) -> str:
        return key


def logged(table: str, picked: str) -> str:
    """Time series of rows that happen, a mean per bucket."""
    return (
        f"SELECT {BUCKET} AS time, {picked} FROM {table} "
        f"WHERE ts >= {FROM} AND ts <= {TO} GROUP BY 1 ORDER BY 1"
    )


def target(sql: str, kind: str = "table") -> Json:
    """One statement, as the data source wants it."""
    times = ["time"] if "AS time" in sql else []
    return {
        "datasource": SOURCE,
        "refId": "A",
        "queryType": kind,
        "rawQueryText": sql,
        "queryText": sql,
        "timeColumns": times,
    }


def panel(kind: str, title: str, sql: str, at: Sequence[int], **field: Any) -> Json:  # noqa: ANN401
    """One panel; `at` is x, y, width, height."""
    overrides = field.pop("overrides", [])
    x, y, w, h = at
    return {
        "type": kind,
        "title": title,
        "datasource": SOURCE,
        "gridPos": {"x": x, "y": y, "w": w, "h": h},
        "targets": [target(sql)],
        "fieldConfig": {"defaults": field, "overrides": overrides},
        "options": OPTIONS.get(kind, {}),
    }


OPTIONS: dict[str, Json] = {
    "timeseries": {"tooltip": {"mode": "multi"}, "legend": {"displayMode": "list"}},
    "stat": {"reduceOptions": {"calcs": ["lastNotNull"]}, "colorMode": "background"},
    "gauge": {"reduceOptions": {"calcs": ["lastNotNull"]}},
    "state-timeline": {"mergeValues": True, "showValue": "auto"},
    "table": {"showHeader": True},
}
COLOURS = {
    "measured": "blue",
    "aim": "green",
    "ordered": "orange",
    "set_point": "green",
    "available": "purple",
    "least": "light-blue",
    "most": "light-blue",
}
GAPS = {"insertNulls": 15000, "lineWidth": 1, "fillOpacity": 5}


def curve(title: str, sql: str, at: Sequence[int], unit: str) -> Json:
    """A time series with the colours its names always have."""
    overrides = [
        {
            "matcher": {"id": "byName", "options": name},
            "properties": [
                {"id": "color", "value": {"mode": "fixed", "fixedColor": colour}}
            ],
        }
        for name, colour in COLOURS.items()
        if f"AS {name}" in sql
    ]
    return panel(
        "timeseries", title, sql, at, unit=unit, custom=GAPS, overrides=overrides
    )


def band(kind: str, name: str, where: str = "") -> str:
    """Mean, least and most of one signal."""
    shown = [("avg({%s})", "measured"), ("min({%s})", "least"), ("max({%s})", "most")]
    sql = series(kind, [(e % name, title) for e, title in shown], where)
    return sql.replace(f"min({name}_avg)", f"min({name}_min)").replace(
        f"max({name}_avg)", f"max({name}_max)"
    )


def steps(title: str, sql: str, at: Sequence[int]) -> Json:
    """States over time."""
    return panel("state-timeline", title, sql, at, custom={"fillOpacity": 70})


def age() -> Json:
    """How old the newest row is: green, from 5 s orange, from 30 s red."""
    thresholds = {
        "mode": "absolute",
        "steps": [
            {"color": "green", "value": None},
            {"color": "orange", "value": 5},
            {"color": "red", "value": 30},
        ],
    }
    sql = "SELECT strftime('%s','now') - max(ts) AS age FROM poi LIMIT 1"
    return panel(
        "stat", "Data age", sql, (20, 0, 4, 4), unit="s", thresholds=thresholds
    )
