import logging
import shutil
import sqlite3
import time
from contextlib import closing

from pytest import MonkeyPatch, fixture, mark

from ppc.application.record.event_log import EventLog
from ppc.database import keeper as module
from ppc.database import recorder as recorder_module
from ppc.database.daily import daily_files
from ppc.database.room import used_bytes
from tests.database.files import (
    DAY_S,
    NOON_S,
    Wall,
    ask,
    is_sound,
    names,
    poi,
    recorder,
    value,
    wait_until,
    written,
)
from tests.database.test_integrity import spoil

DAYS = [f"2026_11_{day}" for day in (17, 18, 19, 20)]
ALL_KNOWN = "SELECT count(*) = 4 FROM days WHERE integrity IS NOT NULL"
EVENTS = "SELECT count(*) FROM events WHERE source = 'test'"
STATES = "SELECT day, thinned FROM days ORDER BY day"


@fixture(autouse=True)
def _often(monkeypatch):
    hurry(monkeypatch)


def hurry(monkeypatch):
    monkeypatch.setattr(module, "_EVERY_S", 0.05)
    monkeypatch.setattr(module, "_TICK_S", 0.01)
    monkeypatch.setattr(recorder_module, "_BATCH_S", 0.05)


@fixture(scope="module")
def made(tmp_path_factory):
    """Four days, taken over and looked through, and a fifth that may go on."""
    directory = tmp_path_factory.mktemp("db")
    with MonkeyPatch.context() as monkeypatch:
        hurry(monkeypatch)
        record = record_days(directory)
        wait_until(lambda: written(directory / "trend.db", ALL_KNOWN))
        record.stop()
    return directory


@fixture
def days(made, tmp_path):
    """A copy of them."""
    directory = tmp_path / "db"
    shutil.copytree(made, directory, symlinks=True)
    return directory


def of_a_day(began_s):
    """Rows of a day: samples that are much, and some that are durable."""
    orders = [
        {"ts": began_s + n, "source": "scada", "key": "p_set_w", "number": n}
        for n in range(50)
    ]
    return {
        "poi": [poi(began_s + n) for n in range(4000)],
        "orders": [{**row, "state": "received", "value": 1.0} for row in orders],
    }


def record_days(directory, **more):
    """Four days that are over; the recorder is in the fifth, and goes on."""
    record = recorder(directory, Wall(), **more)
    record.start()
    for number in range(-4, 1):
        for table, rows in of_a_day(NOON_S + number * DAY_S).items():
            record.record(table, rows)
        row = {"ts": NOON_S + number * DAY_S, "severity": "info", "source": "test"}
        record.record("events", [{**row, "text": "hello"}])
    return record


def going_on(directory, **more):
    record = recorder(directory, Wall(), **more)
    record.start()
    return record


def middle(path):
    return path.stat().st_size // 4096 // 2 * 4096


def test_a_day_that_is_over_is_looked_through_and_counted(days):
    told = "SELECT day, rows, integrity, thinned, seq_first, seq_last FROM days"
    found = ask(days / "trend.db", f"{told} ORDER BY day")
    assert [row[:4] for row in found] == [(day, 4051, "ok", 0) for day in DAYS]
    numbers = [row[4:] for row in found]
    assert numbers == [(1, 3), (4, 6), (7, 9), (10, 12)]


def test_a_corrupt_day_is_set_aside_and_recording_goes_on(days):
    path, trend = days / f"{DAYS[1]}.db", days / "trend.db"
    aside = days / f"{path.name}.corrupt-1"
    spoil(path, middle(path))
    trend.unlink()  # or nobody would look again
    record = recorder(days, Wall())
    handler = EventLog(record)
    logging.getLogger("ppc").addHandler(handler)
    record.start()
    wait_until(aside.exists)
    wait_until(lambda: written(trend, ALL_KNOWN))
    record.event("info", "test", "after")
    record.stop()
    logging.getLogger("ppc").removeHandler(handler)
    assert path not in daily_files(days)
    asked = f"SELECT file, integrity FROM days WHERE day = '{DAYS[1]}'"  # noqa: S608
    ((file, integrity),) = ask(trend, asked)
    assert file == aside.name
    assert integrity != "ok"
    said = "SELECT count(*) FROM events WHERE text LIKE '%set aside as%'"
    assert value(days / "2026_11_21.db", said) == 1
    assert value(days / "2026_11_21.db", EVENTS) == 2
    assert value(trend, "SELECT count(*) FROM poi") >= 4 * 4000


def test_what_was_recorded_on_a_corrupt_day_is_in_trend_db(days):
    path = days / f"{DAYS[1]}.db"
    with closing(sqlite3.connect(days / "trend.db")) as trend, trend:
        trend.execute("UPDATE days SET integrity = NULL")
    spoil(path, middle(path))
    record = going_on(days)
    wait_until((days / f"{path.name}.corrupt-1").exists)
    wait_until(lambda: written(days / "trend.db", ALL_KNOWN))
    record.stop()
    assert value(days / "trend.db", "SELECT count(*) FROM poi") == 5 * 4000


def test_over_its_quota_the_oldest_days_are_thinned(days, caplog):
    day_bytes = (days / f"{DAYS[0]}.db").stat().st_size
    record = going_on(days)
    wait_until((days / "2026_11_21.db-wal").exists)
    quota_bytes = used_bytes(days) - int(1.5 * day_bytes)
    record._keeper._quota_bytes = quota_bytes
    wait_until(lambda: used_bytes(days) <= quota_bytes)
    record.stop()
    states = dict(ask(days / "trend.db", STATES))
    thinned = [day for day, level in states.items() if level]
    assert thinned
    assert thinned == DAYS[: len(thinned)]
    assert f"{DAYS[0]}.db thinned" in caplog.text
    for day in thinned:
        path = days / f"{day}.db"
        assert value(path, "SELECT count(*) FROM poi") == 0
        assert value(path, "SELECT count(*) FROM orders") == 50
        assert is_sound(path)


def test_for_a_small_quota_events_are_the_last_to_go(days):
    record = going_on(days, quota_bytes=1)
    wait_until(lambda: names(days).isdisjoint({f"{day}.db" for day in DAYS}))
    record.stop()
    trend = days / "trend.db"
    assert value(days / "2026_11_21.db", "SELECT count(*) FROM poi") == 4000
    assert value(trend, EVENTS) == 5
    assert value(trend, "SELECT count(*) FROM orders") == 5 * 50
    assert value(trend, f"SELECT count(*) FROM poi WHERE ts < {NOON_S - DAY_S}") == 0  # noqa: S608
    assert value(trend, "SELECT sum(samples_count) FROM poi_15m") == 5 * 4000


def test_events_of_a_file_outlive_its_orders(days, monkeypatch):
    monkeypatch.setattr(module, "_remove", lambda _: False)
    record = going_on(days, quota_bytes=1)
    thinned = "SELECT count(*) = 4 FROM days WHERE thinned = 2"
    wait_until(lambda: written(days / "trend.db", thinned))
    record.stop()
    for day in DAYS:
        assert value(days / f"{day}.db", EVENTS) == 1
        assert value(days / f"{day}.db", "SELECT count(*) FROM orders") == 0


def test_a_day_that_is_written_again_meanwhile_is_not_thinned(days, monkeypatch):
    """The clock steps back while the copy is made: no row is lost."""
    record = going_on(days)
    late_s = NOON_S - 4 * DAY_S + 5000.0
    late = f"SELECT count(*) FROM poi WHERE ts = {late_s}"  # noqa: S608
    thin = module.thin

    def slow(path, level):
        copy = thin(path, level)
        if path.stem == DAYS[0]:
            record.record("poi", [poi(late_s)])
            wait_until(lambda: written(path, late))
            monkeypatch.setattr(module, "thin", thin)
        return copy

    monkeypatch.setattr(module, "thin", slow)
    record._keeper._quota_bytes = 1
    wait_until(lambda: module.thin is thin)
    record._keeper._quota_bytes = None
    record.stop()
    path, trend = days / f"{DAYS[0]}.db", days / "trend.db"
    assert value(path, "SELECT count(*) FROM poi") == 4001
    assert value(trend, "SELECT sum(samples_count) FROM poi_1m") == 5 * 4000 + 1


@mark.parametrize("moment_s", [0.0, 0.02])
def test_it_ends_at_once_whatever_it_is_at(tmp_path, moment_s):
    record = record_days(tmp_path)
    time.sleep(moment_s)
    record.stop()
    assert not record._keeper._thread.is_alive()
    assert all(map(is_sound, daily_files(tmp_path)))


def test_what_goes_wrong_is_told_once_and_it_goes_on(tmp_path, caplog, monkeypatch):
    def broken(_):
        raise RuntimeError("of ours")

    with monkeypatch.context() as patched:
        patched.setattr(
            module.Keeper, "_look_through", lambda _self, days: broken(days)
        )
        record = record_days(tmp_path)
        wait_until(lambda: "of ours" in caplog.text)
        time.sleep(0.3)
    record.stop()
    assert caplog.text.count("RuntimeError: of ours") == 1
