"""Every statement of the dashboards, on files of the recorder."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from pytest import mark, raises

from tests.grafana.asking import CHOSEN, RANGES, answers, sql_of, wait_until
from tests.grafana.boards import (
    BOARDS,
    CHOICES,
    MARKS,
    PANELS,
    ROOT,
    is_long,
    overrides,
)
from tests.grafana.grafana import Range, ask, expanded, series, typed
from tests.grafana.plant import (
    BATTERIES,
    DEVICES,
    INVERTERS,
    LAWS,
    NOW_S,
    Plant,
)

ROWS_COUNT = 1300
OVER_TIME = [
    name
    for name, panel in PANELS.items()
    if panel["type"] in {"timeseries", "state-timeline"}
    and any("_1m" in target["queryText"] for target in panel["targets"])
]


@mark.parametrize("shown", RANGES.values(), ids=RANGES)
@mark.parametrize("panel", PANELS.values(), ids=PANELS)
def test_every_panel_answers_over_any_range(trend, panel, shown):
    for target, answer in zip(
        panel["targets"], answers(trend, panel, shown), strict=True
    ):
        assert "$" not in sql_of(panel, target, shown)
        step_s = max(3600, shown.interval_ms(panel["maxDataPoints"]) / 1000)
        parts = series(answer).values() if is_long(target) else [answer]
        for part in parts:
            assert len(part.rows) <= ROWS_COUNT
            if "time" in part.columns:
                assert_in_order(part.column("time"), shown, step_s)


def assert_in_order(times: list, shown: Range, step_s: float) -> None:
    """Ascending, but for lists, where the newest is first; the first step may begin
    before the range does.
    """
    assert times in (sorted(set(times)), sorted(times, reverse=True))
    assert all(shown.from_s - step_s <= t <= shown.to_s + step_s for t in times)


@mark.parametrize("panel", PANELS.values(), ids=PANELS)
def test_every_panel_shows_the_last_quarter_of_an_hour(trend, panel):
    shown = RANGES["3 d" if panel["title"] == "Gaps" else "15 min"]
    for answer in answers(trend, panel, shown):
        assert answer.rows


@mark.parametrize("shown", RANGES.values(), ids=RANGES)
@mark.parametrize("name", OVER_TIME)
def test_every_curve_has_points_over_any_range(trend, name, shown):
    panel = PANELS[name]
    for target, answer in zip(
        panel["targets"], answers(trend, panel, shown), strict=True
    ):
        if "_1m" not in target["queryText"]:
            continue  # of verdicts there are no minutes
        assert len(answer.rows) >= 3
        assert any(value is not None for row in answer.rows for value in row[1:])


@mark.parametrize("panel", PANELS.values(), ids=PANELS)
def test_every_column_has_a_name_and_every_name_a_column(trend, panel):
    came = [
        n
        for t, a in zip(
            panel["targets"], answers(trend, panel, RANGES["15 min"]), strict=True
        )
        for n in a.columns
        if not is_long(t)
    ]
    assert sorted({*came} - {"time"}) == sorted({*overrides(panel)} - {"time"})


@mark.parametrize("target", MARKS.values(), ids=MARKS)
@mark.parametrize("shown", RANGES.values(), ids=RANGES)
def test_every_annotation_has_a_time_and_a_text(trend, target, shown):
    answer = typed(ask(trend, expanded(target["queryText"], shown, 700)))
    assert [c for c in answer.columns if c != "timeEnd"] == ["time", "text", "tags"]
    assert len(answer.rows) <= ROWS_COUNT
    assert_in_order(answer.column("time"), shown, 900)
    if shown is RANGES["15 min"] and "timeEnd" not in answer.columns:
        assert answer.rows


@mark.parametrize(("name", "variable"), CHOICES.items(), ids=CHOICES)
def test_every_variable_offers_what_is_there(trend, name, variable):
    assert "$" not in variable["query"]
    units = INVERTERS if name.startswith("pv") else BATTERIES
    offered = {**CHOSEN, "unit": units, "function": LAWS, "device": DEVICES}
    answer = ask(trend, variable["query"])
    came = tuple(text for (text,) in answer.rows)
    assert sorted(came) == sorted(offered[variable["name"]])


def test_a_device_that_is_new_is_there_without_a_change(tmp_path):
    plant = Plant(tmp_path)
    plant.record(list(range(NOW_S - 60, NOW_S)))
    row = {"ts": NOW_S - 1.0, "device": "bess10", "p_w": 5e5, "soc_pu": 0.5}
    plant.recorder.record("bess", [row])
    plant.recorder.stop()
    path = tmp_path / "trend.db"
    variable = CHOICES["batteries: bess"]
    assert ("bess10",) in ask(path, variable["query"]).rows
    (answer,) = answers(path, PANELS["plant_overview: Units now"], RANGES["15 min"])
    assert "bess10" in answer.column("device")
    sql = PANELS["batteries: P"]["targets"][0]["queryText"]
    chosen = tuple(name for (name,) in ask(path, variable["query"]).rows)
    shown = ask(path, expanded(sql, RANGES["15 min"], 700, bess=chosen))
    assert set(series(shown)) == {*BATTERIES, "bess10"}


def test_a_plant_that_has_just_started_is_seen_at_once(tmp_path):
    plant = Plant(tmp_path)
    plant.record(list(range(NOW_S - 30, NOW_S)))
    plant.recorder.stop()
    panel = PANELS["plant_overview: P"]
    for shown in (RANGES["15 min"], RANGES["6 h"]):
        step_s = shown.interval_ms(panel["maxDataPoints"]) // 1000
        for answer in answers(tmp_path / "trend.db", panel, shown):
            assert len(answer.rows) == 30 // step_s


def test_the_live_file_is_read_while_it_is_written(tmp_path):
    plant = Plant(tmp_path)
    panel = PANELS["poi_and_grid_code: Now"]
    for ts in (NOW_S - 2, NOW_S - 1):
        plant.record([ts])
        wait_until(lambda ts=ts: newest(tmp_path / "trend.db", panel) == ts)
    assert (tmp_path / "trend.db-wal").exists()
    assert newest(tmp_path / "trend.db", panel) == NOW_S - 1
    plant.recorder.stop()
    assert newest(tmp_path / "trend.db", panel) == NOW_S - 1


def newest(path: Path, panel: dict) -> float:
    try:
        (answer,) = answers(path, panel, RANGES["15 min"])
    except sqlite3.OperationalError:  # not there yet
        return 0.0
    return answer.rows[0][0] if answer.rows else 0.0


def test_who_may_read_can_neither_delete_nor_make_a_file(trend, tmp_path):
    with closing(sqlite3.connect(f"file:{trend}?mode=ro", uri=True)) as connection:
        connection.execute("PRAGMA query_only=0")
        with raises(sqlite3.OperationalError, match="readonly"):
            connection.execute("DELETE FROM events")
    with raises(sqlite3.OperationalError, match="unable to open"):
        ask(tmp_path / "no_such.db", "SELECT 1")
    assert not list(tmp_path.iterdir())


def test_the_dashboards_are_those_that_are_generated():
    done = subprocess.run(
        [sys.executable, "scripts/grafana_dashboards.py", "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert len(BOARDS) == 9
