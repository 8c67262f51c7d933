"""Panels asked over ranges of the month that `plant` records."""

import sqlite3
import time
from pathlib import Path

from tests.grafana.grafana import Answer, Range, ask, expanded, typed
from tests.grafana.plant import (
    BATTERIES,
    DAY_S,
    DEVICES,
    HOUR_S,
    INVERTERS,
    MINUTE_S,
    NOW_S,
)

DELETED = "15 min, raw rows deleted"
RANGES = {
    "15 min": Range(NOW_S - 15 * MINUTE_S, NOW_S),
    "6 h": Range(NOW_S - 6 * HOUR_S, NOW_S),
    "3 d": Range(NOW_S - 3 * DAY_S, NOW_S),
    "30 d": Range(NOW_S - 30 * DAY_S, NOW_S),
    DELETED: Range(NOW_S - 60 * HOUR_S, NOW_S - 60 * HOUR_S + 15 * MINUTE_S),
}
CHOSEN = {
    "bess": BATTERIES,
    "pv": INVERTERS,
    "device": DEVICES,
    "function": "volt_var",
}


def found(path: Path, sql: str) -> list:
    try:
        return ask(path, sql).rows
    except sqlite3.OperationalError:  # not there yet
        return []


def wait_until(holds, within_s=20.0):
    until_s = time.monotonic() + within_s
    while not holds():
        assert time.monotonic() < until_s, "waited in vain"
        time.sleep(0.02)


def sql_of(panel: dict, target: dict, shown: Range) -> str:
    unit = "pv1" if "FROM pv" in target["queryText"] else "bess2"
    points_count = panel["maxDataPoints"]
    return expanded(target["queryText"], shown, points_count, unit=unit, **CHOSEN)


def answers(path: Path, panel: dict, shown: Range) -> list[Answer]:
    return [typed(ask(path, sql_of(panel, t, shown))) for t in panel["targets"]]
