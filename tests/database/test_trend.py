import sqlite3
from contextlib import closing

from pytest import approx, fixture

from ppc.database.recorder import Recorder
from ppc.database.trend import Trend, rebuild

T0_S = 1_780_000_020  # a whole minute


def rows(start_s, values):
    for i, value in enumerate(values):
        yield {
            "ts": float(start_s + i), "device": "poi", "v_v": value, "f_hz": 50.0,
            "p_w": None, "q_var": 0.0, "quality": 0,
        }  # fmt: skip


def ask(path, sql):
    with closing(sqlite3.connect(path)) as db:
        return db.execute(sql).fetchall()


MINUTES = "SELECT ts, v_v_avg, v_v_min, v_v_max, p_w_avg FROM poi_1m ORDER BY ts"


@fixture
def trend(tmp_path):
    trend = Trend(tmp_path)
    trend.write({"poi": list(rows(T0_S, range(120)))})
    yield trend
    trend.finish()


def test_minutes_are_mean_least_and_most(trend, tmp_path):
    trend.roll_up(T0_S + 120)
    assert ask(tmp_path / "trend.db", MINUTES) == [
        (T0_S, approx(29.5), 0.0, 59.0, None),
        (T0_S + 60, approx(89.5), 60.0, 119.0, None),
    ]


def test_rolling_up_again_changes_nothing_but_what_came_late(trend, tmp_path):
    for _ in range(3):
        trend.roll_up(T0_S + 120)
    before = ask(tmp_path / "trend.db", MINUTES)
    trend.write({"poi": [next(rows(T0_S + 59.5, [1e6]))]})
    trend.roll_up(T0_S + 150)
    after = ask(tmp_path / "trend.db", MINUTES)
    assert len(before) == len(after) == 2
    assert after[0][3] == 1e6
    assert after[1] == before[1]


def test_a_gap_of_hours_is_rolled_up_when_it_is_over(trend, tmp_path):
    trend.roll_up(T0_S + 36_000)
    assert len(ask(tmp_path / "trend.db", MINUTES)) == 2


def test_what_is_old_goes_and_minutes_stay(trend, tmp_path):
    trend.roll_up(T0_S + 120)
    trend.prune(raw_before_s=T0_S + 60, minutes_before_s=T0_S - 1)
    assert ask(tmp_path / "trend.db", "SELECT count(*) FROM poi") == [(60,)]
    assert len(ask(tmp_path / "trend.db", MINUTES)) == 2


def test_made_again_from_the_days_it_is_the_same(tmp_path):
    recorder = Recorder(
        tmp_path, raw_days=7, trend_days=400, daily_files=9, wall_s=lambda: T0_S + 130.0
    )
    recorder.start()
    for row in rows(T0_S, range(120)):
        recorder.record("poi", [row])
    recorder.event("info", "x", "y")
    recorder.stop()
    queries = [MINUTES, "SELECT * FROM poi ORDER BY ts", "SELECT ts, text FROM events"]
    before = [ask(tmp_path / "trend.db", sql) for sql in queries]
    assert len(before[0]) == 2
    rebuild(tmp_path)
    assert [ask(tmp_path / "trend.db", sql) for sql in queries] == before
