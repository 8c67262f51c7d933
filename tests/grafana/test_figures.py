"""Panels show what was recorded."""

import sqlite3
from contextlib import closing

from pytest import approx, mark

from tests.grafana.asking import RANGES, answers
from tests.grafana.boards import PANELS
from tests.grafana.grafana import Range, series
from tests.grafana.plant import (
    BATTERIES,
    CURTAILED_WH_PER_S,
    DAY_S,
    DOUBT_S,
    GAP_S,
    HOUR_S,
    NOW_S,
    Plant,
)


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


@mark.parametrize("shown", RANGES.values(), ids=RANGES)
def test_every_battery_has_a_line_of_its_own(trend, shown):
    (answer,) = answers(trend, PANELS["batteries: State of charge"], shown)
    for name, part in series(answer).items():
        values = {*part.column("soc_pu")} - {None}
        assert list(values) == approx([0.1 * int(name[-1])] * len(values))


@mark.parametrize("shown", RANGES.values(), ids=RANGES)
def test_a_line_for_each_has_a_gap_for_each(trend, shown):
    (answer,) = answers(trend, PANELS["batteries: P"], shown)
    gaps = {
        name: [t for t, value in part.rows if value is None]
        for name, part in series(answer).items()
    }
    assert set(gaps) == set(BATTERIES)
    assert len({tuple(times) for times in gaps.values()}) == 1


def test_gaps_are_listed_with_their_length(trend):
    (answer,) = answers(trend, PANELS["data_quality: Gaps"], RANGES["6 h"])
    (gap,) = answer.rows
    assert gap == (GAP_S[0] * 1000 - 30_000, GAP_S[1] * 1000, 630)


def test_the_picture_has_one_row_of_all_there_is(trend):
    (answer,) = answers(trend, PANELS["plant_overview: Single line"], RANGES["15 min"])
    (row,) = answer.rows
    seen = dict(zip(answer.columns, row, strict=True))
    assert (seen["bess_w"], seen["pv_w"]) == (3e6, 4e6)
    assert seen["bess_running"] == "3 of 3"
    assert (seen["bess_soc_pu"], seen["bess_worst_code"]) == (approx(0.2), 2)


def test_the_picture_shows_a_unit_that_cannot_be_believed(tmp_path):
    plant = Plant(tmp_path)
    plant.record([NOW_S - 600])
    plant.recorder.stop()
    shown = Range(NOW_S - 900, NOW_S - 599)
    (answer,) = answers(
        tmp_path / "trend.db", PANELS["plant_overview: Single line"], shown
    )
    assert answer.column("pv_running") == ["1 of 2"]
    assert answer.column("pv_worst_code") == [4.0]


def test_lives_have_their_last_step_and_how_long_it_took(trend):
    panel = PANELS["commands_and_events: Commands, the newest first"]
    (answer,) = answers(trend, panel, RANGES["15 min"])
    assert len(answer.rows) == 15 * 6 * len(BATTERIES)
    for device, state, written_s, achieved_s in zip(
        *(answer.column(n) for n in ("device", "state", "written_s", "achieved_s")),
        strict=True,
    ):
        refused = device == "bess3"
        assert state == ("refused" if refused else "achieved")
        assert (written_s, achieved_s) == ((None, None) if refused else (0.125, 2.25))


def test_energy_is_what_the_counters_say(trend):
    panel = PANELS["energy: Devices in this range"]
    for name, span_s in (("6 h", 6 * HOUR_S), ("30 d", 30 * DAY_S)):
        (answer,) = answers(trend, panel, RANGES[name])
        rows = {row[0]: row[1:] for row in answer.rows}
        export_wh, import_wh, possible_wh, curtailed_wh = rows["pv1"]
        assert export_wh == approx(1000.0 * span_s, rel=0.01)
        assert import_wh == approx(1.0 * span_s, rel=0.01)
        assert possible_wh - export_wh == approx(curtailed_wh)
        assert curtailed_wh == approx(CURTAILED_WH_PER_S * span_s, rel=0.01)
        assert rows["poi"][3] is None


def test_energy_of_days_adds_up_to_that_of_the_month(trend):
    (days,) = answers(trend, PANELS["energy: POI by day"], RANGES["30 d"])
    whole = days.column("e_export_wh")[1:-1]
    assert whole == approx([1000.0 * DAY_S] * len(whole), rel=0.03)
    assert len(whole) >= 28


def test_a_clock_that_is_not_trusted_is_seen(trend):
    (answer,) = answers(trend, PANELS["data_quality: Clock"], RANGES["15 min"])
    doubtful = [at for at, trusted in answer.rows if not trusted]
    assert doubtful == list(range(*DOUBT_S))


def test_quality_is_told_device_by_device(trend):
    panel = PANELS["data_quality: Good values, part of this range"]
    (answer,) = answers(trend, panel, RANGES["15 min"])
    good = dict(zip(answer.column("device"), answer.column("good_pu"), strict=True))
    assert good["pv1"] == good["poi"] == 1.0
    assert good["pv2"] == approx(14 / 15)


def test_numbers_no_row_has_are_counted(tmp_path):
    plant, path = Plant(tmp_path), tmp_path / "trend.db"
    for ts in range(NOW_S - 30, NOW_S):
        plant.record([ts])
    plant.recorder.stop()
    panel = PANELS["data_quality: Lost rows"]
    assert answers(path, panel, RANGES["15 min"])[0].rows == [(0,)]
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DELETE FROM poi WHERE ts % 10 = 5")
        connection.commit()
    assert answers(path, panel, RANGES["15 min"])[0].rows == [(3,)]


def test_limits_have_their_part_of_the_time(trend):
    panel = PANELS["why: Limited by, part of the time"]
    (answer,) = answers(trend, panel, RANGES["15 min"])
    parts = {name: (p, q) for name, p, q in answer.rows}
    times = range(int(RANGES["15 min"].from_s), NOW_S)
    limited = sum(ts // 60 % 2 for ts in times) / len(times)
    assert parts["power_limit"] == approx((limited, 0))
    assert sum(p for p, _ in parts.values()) == approx(1)
    assert parts["none"][1] == 1


def test_a_law_is_drawn_by_what_it_asked(trend):
    measured, asked, now = answers(
        trend, PANELS["poi_and_grid_code: Q over U"], RANGES["6 h"]
    )
    assert {y for _, y in measured.rows} == {-1e5}
    assert {y for _, y in asked.rows} == {-1e5}
    assert {x for x, _ in asked.rows} == {20e3}
    assert now.rows == [(20e3 + 59, -1e5)]
