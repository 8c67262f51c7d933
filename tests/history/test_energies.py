import sqlite3
from contextlib import closing
from datetime import UTC

from pytest import fixture

from ppc.database.retention import Retention
from ppc.database.trend import rebuild
from ppc.history.day_file import DayFile
from ppc.history.energies import Counters, Energy, days_in_trend, months
from tests.database.files import DAY_S, NOON_S
from tests.history.records import write


@fixture
def days(tmp_path):
    """Energies of each day of a record that is written in pieces."""

    def read(*pieces):
        for stamps, count in pieces:
            write(tmp_path, stamps, energy=count)
        counters, told = Counters(), []
        for path in sorted(tmp_path.glob("2026_*.db")):
            with DayFile(path) as file:
                told.append((path.stem.replace("_", "-"), counters.day(file)))
        return told

    return read


def hours(day, count=10):
    return [NOON_S + day * DAY_S + 60.0 * n for n in range(count)]


def test_a_day_has_what_was_counted_since_the_day_before(days):
    told = days((hours(0), lambda n: 1000.0 + n), (hours(1), lambda n: 1012.0 + n / 10))
    assert told == [
        ("2026-11-21", {"bess1": Energy(9.0, 22.5, None)}),
        ("2026-11-22", {"bess1": Energy(1012.9 - 1009.0, 22.5, None)}),
    ]


def test_a_counter_that_begins_anew_is_counted_on(days):
    ((_, day),) = days((hours(0), lambda n: 500.0 + n if n < 5 else n - 5.0))
    assert day["bess1"].e_export_wh == 4.0 + 4.0


def test_a_day_is_counted_up_to_how_far_its_file_says(tmp_path):
    write(tmp_path, hours(0), energy=lambda n: 1000.0 + n)
    path = tmp_path / "2026_11_21.db"
    path.chmod(0o644)
    for reached_wh, more_wh in ((1008.5, 9.0), (1012.5, 12.5)):
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.execute(
                "INSERT OR REPLACE INTO counters VALUES ('bess1', 0, 0, ?, 1, NULL)",
                (reached_wh,),
            )
        with DayFile(path) as file:
            assert Counters().day(file) == {"bess1": Energy(more_wh, 22.5, None)}


def test_a_clock_set_back_over_midnight_counts_nothing_twice(days):
    told = days(
        (hours(0), lambda n: 100.0 + n),
        (hours(1), lambda n: 110.0 + n),
        ([stamp + 3600.0 for stamp in hours(0)], lambda n: 120.0 + n),
    )
    assert sum(day["bess1"].e_export_wh for _, day in told) == 29.0


def test_many_small_steps_make_no_rounding(days):
    ((_, day),) = days((hours(0, 500), lambda n: 1e9 + 0.1 * n))
    assert day["bess1"].e_export_wh == (1e9 + 0.1 * 499) - 1e9


def test_months_are_the_sums_of_their_days(days):
    told = days((hours(9), float), (hours(10), float), (hours(11), float))
    assert [day for day, _ in told] == ["2026-11-30", "2026-12-01", "2026-12-02"]
    by_month = months(told)
    assert set(by_month) == {"2026-11", "2026-12"}
    assert by_month["2026-11"]["bess1"].e_export_wh == 9.0
    assert by_month["2026-12"]["bess1"].e_export_wh == 18.0


def test_a_record_without_counters_has_no_energy(days):
    ((_, day),) = days((hours(0), None))
    assert day == {}


def test_days_whose_files_are_gone_are_in_the_trend(tmp_path):
    assert days_in_trend(tmp_path) == {}
    write(tmp_path, hours(0), energy=lambda n: 100.0 * n, zone=UTC)
    write(tmp_path, hours(1), energy=lambda n: 1000.0 + 100.0 * n, zone=UTC)
    how = Retention(raw_days=7, trend_days=400, daily_files=400)
    rebuild(tmp_path, retention=how, wall_s=lambda: NOON_S + 2 * DAY_S)
    told = days_in_trend(tmp_path)
    assert told["2026-11-21"]["bess1"] == Energy(900.0, 22.5, None)
    assert told["2026-11-22"]["bess1"] == Energy(1000.0, 22.5, None)
