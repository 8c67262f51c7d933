from datetime import UTC

from pytest import fixture

from ppc.database.daily import Daily
from ppc.database.retention import Retention
from ppc.database.thinning import put_in_place, thin
from ppc.database.trend import Trend, rebuild
from tests.database.files import (
    DAY_S,
    NOON_S,
    Wall,
    ask,
    stored,
    stored_poi,
)

KEEP = Retention(raw_days=7, trend_days=400, daily_files=400)
DAYS = [f"2026_11_{day}" for day in (18, 19, 20, 21)]
TABLES = ("poi", "poi_1m", "poi_15m", "energy_15m", "energy_1d", "events", "energy")


@fixture
def trend(tmp_path):
    """Four days, each of them in its own file, taken into trend.db."""
    wall = Wall(NOON_S + 2 * 3600)
    trend = Trend(tmp_path / "trend.db", retention=KEEP, wall_s=wall, zone=UTC)
    daily = Daily(tmp_path, trend.note_day)
    for number, day in enumerate(DAYS):
        began_s = NOON_S + (number - 3) * DAY_S
        batch = {
            "poi": [stored_poi(began_s + 20 * n, n) for n in range(200)],
            "energy": [
                stored("energy", began_s + 60 * n, device="poi", e_export_wh=n)
                for n in range(60)
            ],
            "events": [stored("events", began_s, source="test", text=day)],
        }
        daily.write(day, batch)
        trend.write(batch)
    daily.finish()
    while trend.catch_up():
        pass
    trend.roll_up()
    yield trend
    trend.close()


def content(directory):
    path = directory / "trend.db"
    return {name: ask(path, f"SELECT * FROM {name}") for name in TABLES}  # noqa: S608


def again(directory):
    wall = Wall(NOON_S + 2 * 3600)
    rebuild(directory, retention=KEEP, wall_s=wall, zone=UTC)
    return content(directory)


def test_what_was_thinned_or_removed_is_carried_over(tmp_path, trend):
    trend.note(DAYS[2], rows=261, integrity="ok")
    trend.finish()
    before = content(tmp_path)
    (tmp_path / f"{DAYS[0]}.db").unlink()
    day = tmp_path / f"{DAYS[1]}.db"
    put_in_place(thin(day, 1), day)
    assert again(tmp_path) == before
    assert again(tmp_path) == before
    asked = "SELECT day, rows, integrity, thinned FROM days ORDER BY day"
    assert ask(tmp_path / "trend.db", asked) == [
        (DAYS[1], None, None, 1),
        (DAYS[2], 261, "ok", 0),
    ]


def test_of_days_whose_files_are_whole_nothing_is_carried_over(tmp_path, trend):
    before = content(tmp_path)
    wrong = [stored_poi(NOON_S - DAY_S + 7, 1e9)]
    trend.write({"poi": wrong})
    trend.finish()
    assert len(content(tmp_path)["poi"]) == len(before["poi"]) + 1
    assert again(tmp_path) == before


def test_a_day_that_was_set_aside_stays_known(tmp_path, trend):
    aside = f"{DAYS[1]}.db.corrupt-1"
    (tmp_path / f"{DAYS[1]}.db").rename(tmp_path / aside)
    trend.note(DAYS[1], file=aside, integrity="bad")
    trend.finish()
    before = content(tmp_path)
    assert again(tmp_path) == before
    asked = "SELECT day, file FROM days WHERE integrity = 'bad'"
    assert ask(tmp_path / "trend.db", asked) == [(DAYS[1], aside)]


def test_an_old_file_that_is_broken_keeps_nobody_from_a_new_one(
    tmp_path, trend, caplog
):
    trend.finish()
    before = content(tmp_path)
    (tmp_path / "trend.db").chmod(0o644)
    (tmp_path / "trend.db").write_bytes(b"this is no database" * 1000)
    assert again(tmp_path) == before
    assert "trend.db is not taken over" in caplog.text
