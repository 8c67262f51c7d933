import json
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

from pytest import fixture, mark, raises

from tests.grafana import plant
from tests.grafana.grafana import Answer, Range, ask, expanded
from tests.grafana.plant import DAY_S, GAP_S, HOUR_S, MINUTE_S, NOW_S

ROOT = Path(__file__).parents[2]
BOARDS = {
    path.stem: json.loads(path.read_text(encoding="utf-8"))
    for path in sorted((ROOT / "grafana" / "dashboards").glob("*.json"))
}
PANELS = {
    f"{name}: {panel['title']}": panel
    for name, board in BOARDS.items()
    for panel in board["panels"]
}
OVER_TIME = [
    n for n, p in PANELS.items() if p["type"] in {"timeseries", "state-timeline"}
]
VARIABLES = [v for board in BOARDS.values() for v in board["templating"]["list"]]
MARKS = {
    f"{name}: {mark['name']}": mark["target"]
    for name, board in BOARDS.items()
    for mark in board["annotations"]["list"]
}
DELETED = "15 min, raw rows deleted"
RANGES = {
    "15 min": Range(NOW_S - 15 * MINUTE_S, NOW_S),
    "6 h": Range(NOW_S - 6 * HOUR_S, NOW_S),
    "3 d": Range(NOW_S - 3 * DAY_S, NOW_S),
    "30 d": Range(NOW_S - 30 * DAY_S, NOW_S),
    DELETED: Range(NOW_S - 60 * HOUR_S, NOW_S - 60 * HOUR_S + 15 * MINUTE_S),
}
CHOSEN = {"battery": "bess2", "inverter": "pv1"}
ROWS_COUNT = 1300


@fixture(scope="module")
def trend(tmp_path_factory):
    """trend.db after a month, rolled up and pruned."""
    directory = tmp_path_factory.mktemp("db")
    recorder = plant.recorder(directory)
    recorder.start()
    plant.record(recorder, plant.times_s())
    recorder.run(recorder.roll_up)
    recorder.run(recorder.prune)
    wait_until(lambda: days(directory / "trend.db"))
    recorder.stop()
    assert recorder.dropped == 0
    return directory / "trend.db"


def days(path: Path) -> list:
    try:
        return ask(path, "SELECT file FROM days").rows
    except sqlite3.OperationalError:  # not there yet
        return []


def wait_until(holds, within_s=10.0):
    until_s = time.monotonic() + within_s
    while not holds():
        assert time.monotonic() < until_s, "waited in vain"
        time.sleep(0.02)


def answers(path: Path, panel: dict, shown: Range) -> list[Answer]:
    return [
        ask(path, expanded(t["queryText"], shown, panel["maxDataPoints"], **CHOSEN))
        for t in panel["targets"]
    ]


@mark.parametrize("shown", RANGES.values(), ids=RANGES)
@mark.parametrize("panel", PANELS.values(), ids=PANELS)
def test_every_panel_answers_over_any_range(trend, panel, shown):
    for target, answer in zip(
        panel["targets"], answers(trend, panel, shown), strict=True
    ):
        sql = expanded(target["queryText"], shown, panel["maxDataPoints"], **CHOSEN)
        assert "$" not in sql
        assert len(answer.rows) <= ROWS_COUNT
        assert_typed(answer)
        if "time" in answer.columns:
            step_s = max(60, shown.interval_ms(panel["maxDataPoints"]) / 1000)
            assert_in_order(answer.column("time"), shown, step_s)


def assert_in_order(times: list, shown: Range, step_s: float) -> None:
    """Ascending, but for lists, where the newest is first; the first step may begin
    before the range does."""
    assert times in (sorted(set(times)), sorted(times, reverse=True))
    assert all(shown.from_s - step_s <= t <= shown.to_s for t in times)


def assert_typed(answer: Answer) -> None:
    """The plugin types a column by its first value: a later 101.5 would be 101."""
    for name in answer.columns:
        kinds = {type(value) for value in answer.column(name)} - {type(None)}
        assert len(kinds) <= 1, f"{name}: {kinds}"


@mark.parametrize("panel", PANELS.values(), ids=PANELS)
def test_every_panel_shows_the_last_quarter_of_an_hour(trend, panel):
    for answer in answers(trend, panel, RANGES["15 min"]):
        assert answer.rows


@mark.parametrize("shown", RANGES.values(), ids=RANGES)
@mark.parametrize("name", OVER_TIME)
def test_every_curve_has_points_over_any_range(trend, name, shown):
    panel = PANELS[name]
    for target, answer in zip(
        panel["targets"], answers(trend, panel, shown), strict=True
    ):
        if shown is RANGES[DELETED] and "_1m" not in target["queryText"]:
            continue  # there are no minutes of it
        assert len(answer.rows) >= 3
        assert any(value is not None for value in answer.rows[0][1:])


@mark.parametrize("panel", PANELS.values(), ids=PANELS)
def test_every_column_has_a_name_and_every_name_a_column(trend, panel):
    found = [n for a in answers(trend, panel, RANGES["15 min"]) for n in a.columns]
    shown = [o["matcher"]["options"] for o in panel["fieldConfig"]["overrides"]]
    assert sorted({*found} - {"time"}) == sorted({*shown} - {"time"})


@mark.parametrize("target", MARKS.values(), ids=MARKS)
@mark.parametrize("shown", RANGES.values(), ids=RANGES)
def test_every_annotation_has_a_time_and_a_text(trend, target, shown):
    answer = ask(trend, expanded(target["queryText"], shown, 700))
    assert answer.columns == ["time", "text", "tags"]
    assert len(answer.rows) <= ROWS_COUNT
    assert_in_order(answer.column("time"), shown, 0.0)
    if shown is RANGES["15 min"]:
        assert answer.rows


@mark.parametrize("variable", VARIABLES, ids=lambda v: v["name"])
def test_every_variable_offers_the_devices_of_its_kind(trend, variable):
    assert "$" not in variable["query"]
    offered = {"battery": plant.BATTERIES, "inverter": plant.INVERTERS}
    answer = ask(trend, variable["query"])
    assert tuple(name for (name,) in answer.rows) == offered[variable["name"]]


@mark.parametrize("shown", RANGES.values(), ids=RANGES)
def test_sums_are_those_of_all_devices(trend, shown):
    panel = PANELS["plant_overview: P of all batteries, of all PV"]
    batteries, inverters = answers(trend, panel, shown)
    assert {*batteries.column("bess_w")} - {None} == {3e6}
    assert {*inverters.column("pv_w")} - {None} == {4e6}


@mark.parametrize("shown", RANGES.values(), ids=RANGES)
def test_the_band_keeps_what_the_average_hides(trend, shown):
    measured, _ = answers(trend, PANELS["plant_overview: P"], shown)
    for low, mean, high in zip(
        *(measured.column(f"p_w{end}") for end in ("_min", "", "_max")), strict=True
    ):
        assert mean is None or 7e6 <= low <= mean <= high <= 8e6
    if shown is RANGES["6 h"]:
        assert min(measured.column("time")) % 30 == 0


@mark.parametrize("span", ["6 h", "3 d"])
@mark.parametrize("name", ["plant_overview: P", "plant_overview: Control functions"])
def test_while_the_controller_was_off_nothing_is_drawn(trend, name, span):
    answer = answers(trend, PANELS[name], RANGES[span])[0]
    silent = [row for row in answer.rows if GAP_S[0] - 60 < row[0] < GAP_S[1]]
    assert sum(all(v is None for v in row[1:]) for row in silent) == 1


def test_a_device_is_shown_alone(trend):
    panel = PANELS["batteries_and_pv: $battery: state of charge"]
    for shown in RANGES.values():
        (answer,) = answers(trend, panel, shown)
        values = {*answer.column("soc_pu")} - {None}
        assert {round(value, 9) for value in values} == {0.2}


def test_a_plant_that_has_just_started_is_seen_at_once(tmp_path):
    recorder = plant.recorder(tmp_path)
    recorder.start()
    plant.record(recorder, list(range(NOW_S - 30, NOW_S)))
    recorder.stop()
    panel = PANELS["plant_overview: P"]
    for shown in (RANGES["15 min"], RANGES["6 h"]):
        step_s = shown.interval_ms(panel["maxDataPoints"]) // 1000
        for answer in answers(tmp_path / "trend.db", panel, shown):
            assert len(answer.rows) == 30 // step_s


def test_the_live_file_is_read_while_it_is_written(tmp_path):
    recorder = plant.recorder(tmp_path)
    recorder.start()
    panel = PANELS["plant_overview: Power now"]
    for ts in (NOW_S - 2, NOW_S - 1):
        plant.record(recorder, [ts])
        wait_until(lambda ts=ts: newest(tmp_path / "trend.db", panel) == ts)
    assert (tmp_path / "trend.db-wal").exists()
    assert newest(tmp_path / "trend.db", panel) == NOW_S - 1
    recorder.stop()
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
    assert {*BOARDS} == {"plant_overview", "batteries_and_pv", "controller_health"}
