"""What Grafana and its SQLite plugin do with a query, as far as ours rely on it."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

_ROUNDED = (
    *((1500, 1000), (3500, 2000), (7500, 5000), (12_500, 10_000), (17_500, 15_000)),
    *((25_000, 20_000), (45_000, 30_000), (90_000, 60_000), (210_000, 120_000)),
    *((450_000, 300_000), (750_000, 600_000), (1_050_000, 900_000)),
    *((1_500_000, 1_200_000), (2_700_000, 1_800_000), (5_400_000, 3_600_000)),
)
"""Milliseconds: what is less than the first becomes the second. From memory."""


class Range(NamedTuple):
    """What the time picker says [Unix seconds]."""

    from_s: float
    to_s: float

    def interval_ms(self, points_count: int) -> int:
        step_ms = (self.to_s - self.from_s) * 1000 / points_count
        return next(rounded for below, rounded in _ROUNDED if step_ms < below)


class Answer(NamedTuple):
    columns: list[str]
    rows: list[tuple]

    def column(self, name: str) -> list:
        index = self.columns.index(name)
        return [row[index] for row in self.rows]


def expanded(
    sql: str, shown: Range, points_count: int, **variables: str | tuple[str, ...]
) -> str:
    """The query with numbers and texts in place of variables; `:singlequote` makes
    'a','b' of many.
    """
    for name, chosen in variables.items():
        texts = (chosen,) if isinstance(chosen, str) else chosen
        quoted = ",".join("'" + text.replace("'", "''") + "'" for text in texts)
        sql = sql.replace(f"${{{name}:singlequote}}", quoted)
    times = {
        "from": int(shown.from_s * 1000),
        "to": int(shown.to_s * 1000),
        "interval_ms": shown.interval_ms(points_count),
    }
    return re.sub(
        r"\$__(\w+)\b(?!\()", lambda found: str(times.get(found[1], found[0])), sql
    )


def ask(path: Path, sql: str) -> Answer:
    """Opened for this query and only to read, as the plugin does."""
    uri = f"file:{path}?mode=ro"
    with closing(sqlite3.connect(uri, uri=True)) as connection:
        connection.execute("PRAGMA query_only=1")
        cursor = connection.execute(sql)
        return Answer([column[0] for column in cursor.description], cursor.fetchall())


def series(answer: Answer) -> dict[str, Answer]:
    """What the plugin makes of a query of the type "time series": rows of (time, name,
    value) become a series for each name. It refuses times that do not ascend.
    """
    time, key, value = answer.columns
    assert time == "time"
    times = answer.column(time)
    assert times == sorted(times)
    found: dict[str, Answer] = {}
    for at, name, number in answer.rows:
        assert isinstance(name, str)
        assert number is None or isinstance(number, int | float)
        found.setdefault(name, Answer([time, value], [])).rows.append((at, number))
    assert key in {"device", "function"}
    return found


def typed(answer: Answer) -> Answer:
    """The plugin types a column by its first value that is not NULL: of 101.5 after an
    integer it shows 101.
    """
    for name in answer.columns:
        kinds = {type(value) for value in answer.column(name)} - {type(None)}
        assert len(kinds) <= 1, f"{name}: {kinds}"
    return answer
