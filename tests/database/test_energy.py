import random
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from pytest import approx, fixture, mark

from ppc.database.energy import (
    day_span_s,
    make_energy,
    make_energy_day,
    readings_after,
)
from ppc.database.schema import TREND
from ppc.database.store import Store
from tests.database.files import DAY_S, HOUR_S, NOON_S, ask, stored

PARIS = ZoneInfo("Europe/Paris")
QUARTER_S = 900.0


@fixture
def store(tmp_path):
    store = Store(tmp_path / "trend.db", TREND)
    yield store
    store.close()


def reading(ts, wh, device="bess1"):
    return stored("energy", ts, device=device, e_export_wh=wh, e_import_wh=0.0)


def made(store, since_s, until_s):
    """Energy given, by quarter."""
    with store.transaction() as connection:
        make_energy(connection, int(since_s), int(until_s))
    return dict(ask(store.path, "SELECT ts, e_export_wh FROM energy_15m"))


def of_day(store, day, zone):
    with store.transaction() as connection:
        make_energy_day(connection, day, zone)
    told = f"SELECT e_export_wh FROM energy_1d WHERE day = '{day}'"  # noqa: S608
    return [wh for (wh,) in ask(store.path, told)]


def test_what_was_counted_across_the_end_of_a_quarter_is_shared(store):
    rows = [reading(NOON_S - 40, 100.0), reading(NOON_S + 20, 160.0)]
    store.write({"energy": rows})
    assert made(store, NOON_S - QUARTER_S, NOON_S + QUARTER_S) == approx(
        {NOON_S - QUARTER_S: 40.0, NOON_S: 20.0}
    )


def test_a_counter_that_begins_anew_counts_from_zero(store):
    steps = [(0, 100.0), (60, 130.0), (120, 5.0), (180, 6.0)]
    store.write({"energy": [reading(NOON_S + s, wh) for s, wh in steps]})
    assert made(store, NOON_S, NOON_S + QUARTER_S) == {NOON_S: 30.0 + 5.0 + 1.0}


def test_what_was_counted_over_hours_is_of_the_quarter_it_was_read_in(store):
    store.write({"energy": [reading(NOON_S, 1.0), reading(NOON_S + 5 * HOUR_S, 9.0)]})
    assert made(store, NOON_S, NOON_S + DAY_S) == {NOON_S + 5 * HOUR_S: 8.0}


def test_a_counter_nobody_has_stays_empty(store):
    rows = [stored("energy", NOON_S + n, device="poi", e_export_wh=n) for n in range(9)]
    store.write({"energy": rows})
    made(store, NOON_S, NOON_S + QUARTER_S)
    asked = "SELECT e_export_wh, e_import_wh FROM energy_15m"
    assert ask(store.path, asked) == [(8.0, None)]


def test_when_the_clock_steps_back_nothing_is_counted_twice(store):
    """Rows are handed in in this order, whatever their time."""
    stamps = [0, 60, 120, -4000, -3940, 180, 2 * DAY_S, 240]
    rows = [reading(NOON_S + ts, 10.0 * n) for n, ts in enumerate(stamps)]
    store.write({"energy": rows})
    quarters = made(store, NOON_S - DAY_S, NOON_S + 3 * DAY_S)
    assert sum(quarters.values()) == approx(10.0 * (len(stamps) - 1))


@mark.parametrize(("month", "day", "hours"), [(3, 29, 23), (10, 25, 25), (11, 21, 24)])
def test_a_day_has_the_energy_of_its_hours(store, month, day, hours):
    local = date(2026, month, day)
    since_s, until_s = day_span_s(local, PARIS)
    assert until_s - since_s == hours * HOUR_S
    stamps = [since_s - HOUR_S + 17 + 60 * n for n in range(28 * 60)]
    store.write({"energy": [reading(ts, ts - since_s + 1e9) for ts in stamps]})
    made(store, since_s - 2 * HOUR_S, until_s + 4 * HOUR_S)
    assert of_day(store, local, PARIS) == [approx(hours * HOUR_S, abs=1e-4)]


def test_a_day_without_readings_has_no_energy(store):
    store.write({"energy": [reading(NOON_S, 1.0), reading(NOON_S + 60, 2.0)]})
    made(store, NOON_S - DAY_S, NOON_S + 3 * DAY_S)
    assert of_day(store, date(2026, 11, 21), UTC) == [1.0]
    assert of_day(store, date(2026, 11, 22), UTC) == []


def test_days_add_up_to_what_was_counted_in_all(store):
    pick = random.Random(5)  # noqa: S311
    counter_wh, now_s, rows, before_wh = 0.0, NOON_S, [reading(NOON_S, 0.0)], 0.0
    for _ in range(3000):
        now_s += pick.choice((60.0, 60.0, 60.0, 61.5, 7200.0))
        if pick.random() < 0.002:
            before_wh, counter_wh = before_wh + counter_wh, 0.0
        else:
            counter_wh += pick.uniform(0.0, 5.0)
        rows.append(reading(now_s, counter_wh))
    assert before_wh
    store.write({"energy": rows})
    until_s = now_s // QUARTER_S * QUARTER_S + QUARTER_S
    quarters = made(store, NOON_S, until_s)
    assert sum(quarters.values()) == approx(before_wh + counter_wh)
    days = sorted({datetime.fromtimestamp(q, UTC).date() for q in quarters})
    total_wh = sum(wh for day in days for wh in of_day(store, day, UTC))
    assert total_wh == approx(sum(quarters.values()))


def test_the_first_reading_after_a_stretch_is_found_for_each_device(store):
    rows = [
        reading(NOON_S + hour * HOUR_S, 1.0, device)
        for device in ("a", "b")
        for hour in range(4)
    ]
    store.write({"energy": rows})
    connection = store.connection
    assert readings_after(connection, NOON_S, NOON_S + HOUR_S) == [NOON_S + HOUR_S]
    assert readings_after(connection, NOON_S, NOON_S + DAY_S) == []
