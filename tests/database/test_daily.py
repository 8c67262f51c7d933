import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Thread
from zoneinfo import ZoneInfo

from pytest import fixture, mark

from ppc.database.daily import Daily, daily_files, day_name, is_finished
from ppc.database.file import has_wal
from ppc.database.schema import DAY
from ppc.database.store import Store, finish_file
from tests.database.files import (
    HOUR_S,
    NOON_S,
    Wall,
    ask,
    cut_short,
    names,
    poi,
    recorder,
    stored_poi,
    value,
)

ROOT = Path(__file__).parents[2]
COUNT = "SELECT count(*) FROM poi"


def batch(ts, rows_count=1):
    return {"poi": [stored_poi(ts + n) for n in range(rows_count)]}


@fixture
def finished():
    return []


@fixture
def daily(tmp_path, finished):
    daily = Daily(tmp_path, finished.append)
    yield daily
    daily.close()


def test_a_day_that_is_over_is_finished_and_the_next_is_current(
    tmp_path, daily, finished
):
    daily.write("2026_11_21", batch(NOON_S))
    first = tmp_path / "2026_11_21.db"
    assert has_wal(first)
    assert (tmp_path / "current.db").readlink() == Path("2026_11_21.db")
    daily.write("2026_11_22", batch(NOON_S + 24 * HOUR_S))
    assert (tmp_path / "current.db").readlink() == Path("2026_11_22.db")
    assert value(first, "PRAGMA journal_mode") == "delete"
    assert first.stat().st_mode & 0o777 == 0o444
    assert finished == [first]
    assert not list(tmp_path.glob("2026_11_21.db-*"))


def test_when_the_clock_steps_back_over_midnight_rows_go_to_their_own_day(
    tmp_path, daily
):
    for day, ts in (("2026_11_21", 0.0), ("2026_11_22", 1.0), ("2026_11_21", 0.5)):
        daily.write(day, batch(ts))
    assert value(tmp_path / "2026_11_21.db", COUNT) == 2
    assert value(tmp_path / "2026_11_22.db", COUNT) == 1
    assert is_finished(tmp_path / "2026_11_22.db")
    daily.write("2026_11_22", batch(2.0))
    assert value(tmp_path / "2026_11_22.db", COUNT) == 2


def test_current_db_can_be_read_at_every_moment_of_the_turn(tmp_path, daily):
    stop, errors = Event(), []

    def look():
        while not stop.is_set():
            try:
                ask(tmp_path / "current.db", COUNT)
            except Exception as error:  # noqa: BLE001 (whatever it is)
                errors.append(error)

    daily.write("2026_01_01", batch(0.0))
    reader = Thread(target=look)
    reader.start()
    for day in range(2, 14):
        daily.write(f"2026_01_{day:02}", batch(float(day)))
    stop.set()
    reader.join()
    assert not errors


def left_by_a_kill(directory: Path, day: str) -> Path:
    """A file as a program that died leaves it: rows only in the WAL."""
    alive = Store(directory / "alive.db", DAY)
    alive.write(batch(0.0, 10))
    for ending in ("", "-wal", "-shm"):
        shutil.copy(directory / f"alive.db{ending}", directory / f"{day}.db{ending}")
    alive.close()
    return directory / f"{day}.db"


def test_files_left_by_a_program_that_died_are_finished(tmp_path, daily, finished):
    left = left_by_a_kill(tmp_path, "2026_11_20")
    daily.turn_to("2026_11_21")
    assert finished == [left]
    assert is_finished(left)
    assert names(tmp_path).isdisjoint({"2026_11_20.db-wal", "2026_11_20.db-shm"})
    assert value(left, COUNT) == 10


def test_a_file_that_was_only_begun_is_finished_with_its_tables(
    tmp_path, daily, finished
):
    (tmp_path / "2026_11_20.db").touch()
    daily.turn_to("2026_11_21")
    assert finished == [tmp_path / "2026_11_20.db"]
    assert value(finished[0], COUNT) == 0


def test_a_file_whose_form_was_being_changed_is_mended(tmp_path, daily, finished):
    """A kill left the journal that undoes the change."""
    left = left_by_a_kill(tmp_path, "2026_11_20")
    finish_file(left)
    cut_short(left, "DELETE FROM poi")
    daily.turn_to("2026_11_21")
    assert finished == [left]
    assert names(tmp_path).isdisjoint({"2026_11_20.db-journal"})
    assert value(left, COUNT) == 10


def test_an_old_file_that_is_corrupt_keeps_nobody_from_recording(
    tmp_path, daily, finished, caplog
):
    left = left_by_a_kill(tmp_path, "2026_11_20")
    left.write_bytes(left.read_bytes()[:100] + b"\x55" * 3996)
    (tmp_path / "2026_11_20.db-wal").unlink()  # or it would be whole again
    daily.write("2026_11_21", batch(0.0))
    assert finished == []
    assert "2026_11_20.db cannot be finished" in caplog.text
    assert value(tmp_path / "2026_11_21.db", COUNT) == 1


def test_a_file_that_is_being_read_at_midnight_is_finished_the_next_time(
    tmp_path, daily, caplog, monkeypatch
):
    monkeypatch.setattr("ppc.database.connection._READ_S", 0.1)
    daily.write("2026_11_21", batch(0.0, 10))
    first = tmp_path / "2026_11_21.db"
    reader = Store(first, DAY)
    rows = reader.connection.exec_driver_sql("SELECT * FROM poi")
    rows.fetchone()
    daily.write("2026_11_22", batch(100.0))
    assert "read by others" in caplog.text
    assert value(tmp_path / "2026_11_22.db", COUNT) == 1
    rows.close()
    reader.close()
    daily.write("2026_11_23", batch(200.0))
    assert is_finished(first)
    assert not has_wal(first)


@mark.parametrize(
    ("zone", "date", "hours"),
    [
        ("Europe/Paris", "2026-03-29", 23),
        ("Europe/Paris", "2026-10-25", 25),
        ("America/St_Johns", "2026-11-01", 25),
        ("Australia/Lord_Howe", "2026-04-05", 24.5),
        ("Australia/Lord_Howe", "2026-10-04", 23.5),
        ("Asia/Kathmandu", "2026-11-21", 24),
        ("Pacific/Apia", "2011-12-30", 0),
    ],
)
def test_a_day_is_as_long_as_its_zone_says(tmp_path, zone, date, hours):
    zone, day = ZoneInfo(zone), date.replace("-", "_")
    noon_s = datetime.fromisoformat(f"{date}T12:00").replace(tzinfo=zone).timestamp()
    stamps = [noon_s + (n - 144) * HOUR_S / 4 for n in range(2 * 144)]
    record = recorder(tmp_path, Wall(stamps[-1]), zone=zone)
    record.start()
    record.record("poi", [poi(ts) for ts in stamps])
    record.stop()
    found = {path.stem: value(path, COUNT) for path in daily_files(tmp_path)}
    assert found.get(day, 0) == 4 * hours
    assert sum(found.values()) == len(stamps)
    assert record.dropped == 0
    for name in found:
        ((first, last),) = ask(
            tmp_path / f"{name}.db", "SELECT min(ts), max(ts) FROM poi"
        )
        assert day_name(first, zone) == day_name(last, zone) == name


def test_without_a_zone_the_day_is_that_of_the_machine():
    asked = "from ppc.database.daily import day_name; print(day_name(1_795_300_000))"
    days = [
        subprocess.run(
            [sys.executable, "-c", asked],
            cwd=ROOT,
            env={**os.environ, "TZ": zone},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        for zone in ("UTC", "Pacific/Auckland", "Pacific/Honolulu")
    ]
    assert day_name(1_795_300_000, UTC) == days[0] == "2026_11_21"
    assert days[1:] == ["2026_11_22", "2026_11_21"]
