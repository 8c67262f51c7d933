"""Every statement of every panel, on files the real recorder has written."""

import json
import re
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import yaml
from pytest import fixture, mark

from ppc.database.recorder import Recorder
from ppc.database.retention import Retention
from ppc.database.trend import Trend

ROOT = Path(__file__).parents[2]
BOARDS = {
    path.stem: json.loads(path.read_text())
    for path in sorted((ROOT / "grafana" / "dashboards").glob("*.json"))
}
PANELS = [(board, panel) for board, b in BOARDS.items() for panel in b["panels"]]
SPANS_S = {"15 min": 900, "6 h": 21_600, "3 d": 259_200, "30 d": 2_592_000}
NOW_S = float(int(time.time()))


def expand(sql, span_s, width=1000):
    """The macros of the data source, as its front end replaces them."""
    interval_ms = max(1000, round(span_s / width) * 1000)
    for macro, text in (
        ("$__from", str(int(1000 * (NOW_S - span_s)))),
        ("$__to", str(int(1000 * NOW_S))),
        ("$__interval_ms", str(interval_ms)),
        ("${device:singlequote}", "'bess1','pv1'"),
    ):
        sql = sql.replace(macro, text)
    return sql


POWER = {"p_w": 1e6, "q_var": 1e5}
AIM = {"p_set_w": 1e6, "q_set_var": 1e5, "quality": 0}
UNIT = POWER | AIM | {"p_available_w": 2e6, "state_code": 2.0}
ROWS = {
    "poi": {
        "device": "poi",
        "v_v": 2e4,
        "f_hz": 50.0,
        "p_w": 3e6,
        "q_var": 1e5,
        "quality": 0,
    },
    "bess": UNIT | {"device": "bess1", "soc_pu": 0.5, "p_available_min_w": -2e6},
    "pv": UNIT | {"device": "pv1"},
    "cycles": dict.fromkeys(("late_p50_s", "late_max_s", "acknowledged_p50_s"), 1e-3)
    | {"acknowledged_max_s": 3e-3, "meter_in_time_pu": 1.0, "missed_count": 0}
    | {"incomplete_count": 0, "dropped_count": 0},
    "decisions": POWER
    | dict.fromkeys(("p_units_w", "q_units_var", "p_order_w"), 3e6)
    | dict.fromkeys(("p_shortfall_w", "q_shortfall_var"), 0.0)
    | {"q_order_var": None, "v_order_pu": None, "p_limited_by": ""}
    | {"q_limited_by": "power_limit", "modes": '{"power_limit": "free"}'},
}


def rows_at(ts):
    yield from ((table, {"ts": ts, **row}) for table, row in ROWS.items())


@fixture(scope="module")
def trend(tmp_path_factory):
    """Five hours at 5 s, and before them ten days of minutes whose raw rows are gone."""
    folder = tmp_path_factory.mktemp("db")
    now = [NOW_S]
    recorder = Recorder(
        folder, raw_days=7, trend_days=400, daily_files=400, wall_s=lambda: now[0]
    )
    recorder.start()
    for ts in range(int(NOW_S) - 864_000, int(NOW_S) - 18_000, 600):
        for table, row in rows_at(float(ts)):
            if table in ("poi", "bess", "pv"):
                recorder.record(table, [row])
    for i, ts in enumerate(range(int(NOW_S) - 18_000, int(NOW_S), 5)):
        for table, row in rows_at(float(ts)):
            recorder.record(table, [row])
        if i % 1000 == 0:
            recorder.event("warning", "test", "something")
            time.sleep(0.3)
    recorder.stop()
    assert recorder.dropped == 0
    keep = Retention(raw_days=0, trend_days=400, daily_files=400)
    trend = Trend(folder / "trend.db", retention=keep, wall_s=lambda: NOW_S - 18_000)
    trend.prune()
    trend.finish()
    return folder / "trend.db"


def run(trend, sql):
    with closing(sqlite3.connect(f"file:{trend}?mode=ro", uri=True)) as db:
        cursor = db.execute(sql)
        return [column[0] for column in cursor.description], cursor.fetchall()


@mark.parametrize("span", SPANS_S)
@mark.parametrize(
    ("board", "panel"), PANELS, ids=lambda x: x if isinstance(x, str) else x["title"]
)
def test_a_panel_shows_rows_in_time_and_not_too_many(trend, board, panel, span):
    (target,) = panel["targets"]
    sql = expand(target["rawQueryText"], SPANS_S[span])
    assert "$" not in sql.replace("'$.", "'")
    columns, rows = run(trend, sql)
    assert rows, (board, panel["title"])
    assert len(rows) <= 1300
    if target["timeColumns"]:
        assert columns[0] == "time"
        times = [row[0] for row in rows]
        assert all(NOW_S - SPANS_S[span] - 3600 <= t <= NOW_S + 1 for t in times)
        assert times == sorted(times, reverse="DESC" in sql)
        assert any(value is not None for row in rows for value in row[1:])


def test_a_long_range_is_answered_from_the_minutes(trend):
    panel = BOARDS["plant_overview"]["panels"][0]
    _, rows = run(trend, expand(panel["targets"][0]["rawQueryText"], SPANS_S["30 d"]))
    assert rows[0][0] < NOW_S - 800_000
    assert rows[0][1] == 3e6


def test_the_variable_and_the_annotation_are_sound(trend):
    for board in BOARDS.values():
        for variable in board["templating"]["list"]:
            assert run(trend, variable["query"]["rawQueryText"])[1] == [
                ("bess1",),
                ("pv1",),
            ]
        (note,) = board["annotations"]["list"]
        assert run(trend, expand(note["target"]["rawQueryText"], 21_600))[1]


def test_the_committed_dashboards_are_the_generated_ones():
    command = [sys.executable, "scripts/grafana_dashboards.py", "--check"]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def overlap(a, b):
    return (
        a["x"] < b["x"] + b["w"] and b["x"] < a["x"] + a["w"]
        and a["y"] < b["y"] + b["h"] and b["y"] < a["y"] + a["h"]
    )  # fmt: skip


def test_the_dashboards_are_tidy():
    sources = yaml.safe_load(
        (ROOT / "grafana/provisioning/datasources/plant.yaml").read_text()
    )
    known = {source["uid"] for source in sources["datasources"]}
    assert len({b["uid"] for b in BOARDS.values()}) == len(BOARDS) >= 3
    for board in BOARDS.values():
        places = [panel["gridPos"] for panel in board["panels"]]
        assert not any(overlap(a, b) for i, a in enumerate(places) for b in places[:i])
        for panel in board["panels"]:
            sql = panel["targets"][0]["rawQueryText"]
            assert panel["datasource"]["uid"] in known
            assert "SELECT *" not in sql
            assert "LIMIT" in sql or "$__from" in sql
            assert not re.search(r"coalesce\([a-z_()]+, ?0\)", sql)
            if panel["type"] in ("timeseries", "gauge"):
                assert panel["fieldConfig"]["defaults"]["unit"]


def test_the_record_can_be_read_while_it_is_written(tmp_path):
    recorder = Recorder(
        tmp_path, raw_days=7, trend_days=400, daily_files=9, wall_s=time.time
    )
    recorder.start()
    try:
        for table, row in rows_at(time.time()):
            recorder.record(table, [row])
        deadline_s = time.monotonic() + 5.0
        while not (tmp_path / "trend.db").exists() and time.monotonic() < deadline_s:
            time.sleep(0.02)
        time.sleep(0.3)
        for name in ("trend.db", "current.db"):
            assert run(tmp_path / name, "SELECT count(*) FROM poi")[1] == [(1,)]
    finally:
        recorder.stop()
    for name in ("trend.db", "current.db"):
        assert run(tmp_path / name, "SELECT count(*) FROM poi")[1] == [(1,)]
