from pathlib import Path

from pytest import approx

from ppc.database.retention import DAY_S, Retention

KEEP = Retention(raw_days=7, trend_days=400, daily_files=3)
NOW_S = 1_795_262_437.5
FILES = [Path(f"2026_11_{day:02}.db") for day in range(1, 6)]


def test_the_oldest_files_are_the_surplus():
    assert KEEP.surplus(FILES) == FILES[:2]


def test_few_files_are_all_kept():
    assert KEEP.surplus(FILES[:3]) == []
    assert KEEP.surplus([]) == []


def test_rows_are_kept_for_their_days_to_the_whole_minute():
    for since_s, days in (
        (KEEP.raw_since_s(NOW_S), 7),
        (KEEP.minutes_since_s(NOW_S), 400),
    ):
        assert since_s % 60 == 0
        assert NOW_S - since_s == approx(days * DAY_S, abs=60)
