import random

from pytest import fixture

from ppc.database.daily import Daily
from ppc.database.retention import Retention
from ppc.database.schema import TREND
from ppc.database.trend import Trend, rebuild
from tests.database.files import (
    DAY_S,
    HOUR_S,
    NOON_S,
    Wall,
    ask,
    names,
    stored,
    stored_poi,
    value,
)

KEEP = Retention(raw_days=7, trend_days=400, daily_files=400)
DAYS = [f"2026_11_{day}" for day in (18, 19, 20, 21)]


def rows_of(day: int, pick: random.Random):
    """Two hours of a day at three rows a minute, and events."""
    began_s = NOON_S + (day - 3) * DAY_S
    stamps = [began_s + 20.0 * n for n in range(360)]
    return {
        "poi": [stored_poi(ts, pick.gauss()) for ts in stamps],
        "decisions": [stored("decisions", ts, p_w=1.0, modes="{}") for ts in stamps],
        "configurations": [stored("configurations", stamps[0], what="plant.yaml")],
        "events": [
            stored("events", ts, source="test", text=f"{ts}") for ts in stamps[::60]
        ],
    }


@fixture
def trend(tmp_path):
    trend = Trend(tmp_path / "trend.db", retention=KEEP, wall_s=Wall(NOON_S + 7200))
    yield trend
    trend.close()


def record(directory, trend=None):
    """Four days in daily files, and in trend.db as they come."""
    pick = random.Random(1)  # noqa: S311
    daily = Daily(directory, trend.note_day if trend else lambda _: None)
    for number, day in enumerate(DAYS):
        batch = rows_of(number, pick)
        daily.write(day, batch)
        if trend:
            trend.write(batch)
    daily.finish()


def content(path):
    """All rows of all tables but the list of days."""
    return {
        name: ask(path, f"SELECT * FROM {name} ORDER BY ts")  # noqa: S608
        for name in TREND.tables
        if name != "days"
    }


def prune(trend):
    """To the end. Returns in how many steps."""
    trend.prune()
    steps_count = 0
    while trend.catch_up():
        steps_count += 1
    return steps_count


def test_rows_are_there_as_recorded_but_for_configurations(tmp_path, trend):
    record(tmp_path, trend)
    found = content(tmp_path / "trend.db")
    assert len(found["poi"]) == len(found["decisions"]) == 4 * 360
    assert "configurations" not in found


def test_minutes_are_made_of_all_rows_that_are_new_however_old(tmp_path, trend):
    record(tmp_path, trend)
    trend.roll_up()
    assert len(content(tmp_path / "trend.db")["poi_1m"]) == 4 * 120


def test_rolled_up_again_nothing_changes(tmp_path, trend):
    record(tmp_path, trend)
    trend.roll_up()
    before = content(tmp_path / "trend.db")
    trend.roll_up()
    trend.roll_up()
    assert content(tmp_path / "trend.db") == before


def test_a_row_that_comes_late_is_in_its_minute(tmp_path, trend):
    record(tmp_path, trend)
    trend.roll_up()
    late_s = NOON_S - DAY_S + 1.0
    trend.write({"poi": [stored_poi(late_s, 1e9)]})
    trend.roll_up()
    greatest = f"SELECT p_w_max FROM poi_1m WHERE ts = {NOON_S - DAY_S}"  # noqa: S608
    assert value(tmp_path / "trend.db", greatest) == 1e9


def test_finished_days_are_listed(tmp_path, trend):
    record(tmp_path, trend)
    while trend.catch_up():
        pass
    listed = ask(tmp_path / "trend.db", "SELECT * FROM days ORDER BY day")
    assert [row[0] for row in listed] == DAYS[:3]
    day, t0, t1, rows_count, file, size_bytes, *found, thinned = listed[-1]
    assert (t0, t1) == (NOON_S - DAY_S, NOON_S - DAY_S + 7180.0)
    assert file == f"{day}.db"
    assert size_bytes == (tmp_path / file).stat().st_size
    assert (rows_count, *found, thinned) == (None, None, None, None, 0)
    trend.note(day, rows=726, integrity="ok")
    noted = "SELECT day FROM days WHERE rows = 726 AND integrity = 'ok'"
    assert ask(tmp_path / "trend.db", noted) == [(day,)]


def test_rebuilt_from_the_daily_files_it_is_the_same(tmp_path, trend):
    record(tmp_path, trend)
    trend.finish()
    before = content(tmp_path / "trend.db")
    rebuild(tmp_path, retention=KEEP, wall_s=Wall(NOON_S + 7200))
    assert content(tmp_path / "trend.db") == before
    assert "trend.db.new" not in names(tmp_path)
    assert value(tmp_path / "trend.db", "PRAGMA journal_mode") == "delete"


def test_lost_it_is_filled_again_bit_by_bit_while_recording(tmp_path, trend):
    record(tmp_path)
    row = stored_poi(NOON_S + 7200.0)
    trend.write({"poi": [row]})
    steps_count = 0
    while trend.catch_up():
        steps_count += 1
    # look, hour by hour its rows, then its energy, and between days; list the finished
    assert steps_count == 4 * (1 + 2 + 2 + 1) + 3
    trend.roll_up()
    found = content(tmp_path / "trend.db")
    assert len(found["poi"]) == 4 * 360 + 1
    assert len(found["poi_1m"]) == 4 * 120 + 1


def test_of_days_older_than_raw_rows_are_kept_it_takes_minutes_and_events(tmp_path):
    record(tmp_path)
    late = Wall(NOON_S + 8 * DAY_S)
    trend = Trend(tmp_path / "trend.db", retention=KEEP, wall_s=late)
    while trend.catch_up():
        pass
    trend.finish()
    found = content(tmp_path / "trend.db")
    assert found["poi"] == []
    assert len(found["poi_1m"]) == 4 * 120
    assert len(found["events"]) == 4 * 6


def test_a_daily_file_that_cannot_be_read_is_left_out(tmp_path, trend, caplog):
    record(tmp_path)
    (tmp_path / f"{DAYS[1]}.db").unlink()
    (tmp_path / f"{DAYS[1]}.db").write_bytes(b"this is no database" * 1000)
    while trend.catch_up():
        pass
    assert f"{DAYS[1]}.db is not in trend.db" in caplog.text
    assert len(content(tmp_path / "trend.db")["poi"]) == 3 * 360


def test_what_is_too_old_is_deleted_after_it_was_rolled_up(tmp_path):
    wall = Wall(NOON_S + 5 * DAY_S + HOUR_S)
    trend = Trend(tmp_path / "trend.db", retention=KEEP, wall_s=wall)
    record(tmp_path, trend)
    while trend.catch_up():
        pass
    (tmp_path / f"{DAYS[0]}.db").unlink()
    prune(trend)
    found = content(tmp_path / "trend.db")
    oldest_s = min(row[0] for row in found["poi"])
    assert oldest_s == NOON_S - 2 * DAY_S + HOUR_S
    assert len(found["poi_1m"]) == 4 * 120
    assert len(found["events"]) == 4 * 6
    assert [row[0] for row in ask(tmp_path / "trend.db", "SELECT day FROM days")] == (
        DAYS[1:3]
    )
    wall.now_s = NOON_S + 399 * DAY_S
    prune(trend)
    found = content(tmp_path / "trend.db")
    assert found["poi"] == []
    assert len(found["poi_1m"]) == 2 * 120
    assert len(found["events"]) == 2 * 6
    trend.close()
