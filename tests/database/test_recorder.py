import logging
import subprocess
import sys
from pathlib import Path

from pytest import mark, raises

from ppc.application.record.event_log import EventLog
from ppc.database import recorder as module
from ppc.database.schema import KINDS, VERSION
from ppc.database.waiting import CAPACITY, SPARE
from tests.database.files import (
    NOON_S,
    Wall,
    is_sound,
    names,
    poi,
    recorder,
    value,
    wait_until,
    written,
)

ROOT = Path(__file__).parents[2]
DAY = "2026_11_21.db"
COUNT = "SELECT count(*) FROM poi"


def test_rows_of_every_table_are_in_the_file_of_the_day(tmp_path):
    record = recorder(tmp_path, Wall())
    record.start()
    record.record("poi", [poi(NOON_S)])
    record.record("bess", [{"ts": NOON_S, "device": "bess1", "soc_pu": 0.5}])
    record.record("pv", [{"ts": NOON_S, "device": "pv1", "p_w": 1.5e6}])
    record.record("decisions", [{"ts": NOON_S, "p_w": 1.0e6, "modes": "{}"}])
    record.record("cycles", [{"ts": NOON_S, "late_max_s": 0.001}])
    record.record("links", [{"ts": NOON_S, "device": "pv1"}])
    record.record("verdicts", [{"ts": NOON_S, "function": "power_limit"}])
    life = {"ts": NOON_S, "number": 1, "state": "issued"}
    record.record("commands", [{**life, "device": "pv1", "p_set_w": 1.5e6}])
    record.record("orders", [{**life, "source": "scada", "key": "p_set_w"}])
    record.record("energy", [{"ts": NOON_S, "device": "pv1"}])
    record.record("configurations", [{"ts": NOON_S, "what": "plant.yaml"}])
    record.event("info", "test", "hello")
    record.stop()
    for table in KINDS:
        assert value(tmp_path / DAY, f"SELECT count(*) FROM {table}") == 1  # noqa: S608
    assert value(tmp_path / DAY, "SELECT p_w FROM bess") is None
    assert value(tmp_path / DAY, "SELECT text FROM events") == "hello"


def test_a_row_written_twice_is_there_once(tmp_path):
    record = recorder(tmp_path, Wall())
    record.start()
    record.record("poi", [poi(NOON_S), poi(NOON_S, p_w=2.0)])
    record.stop()
    assert value(tmp_path / DAY, "SELECT p_w FROM poi") == 2.0


def test_rows_are_committed_within_a_second_while_running(tmp_path):
    record = recorder(tmp_path, Wall())
    record.start()
    record.record("poi", [poi(NOON_S)])
    wait_until(lambda: written(tmp_path / "current.db", COUNT))
    wait_until(lambda: written(tmp_path / "trend.db", COUNT))
    assert module._BATCH_S <= 0.25
    record.stop()


def test_stopped_it_leaves_files_that_need_no_wal(tmp_path):
    record = recorder(tmp_path, Wall())
    record.start()
    record.record("poi", [poi(NOON_S)])
    record.stop()
    assert names(tmp_path) == {DAY, "current.db", "trend.db"}
    for name in (DAY, "trend.db"):
        assert value(tmp_path / name, "PRAGMA journal_mode") == "delete"
        assert value(tmp_path / name, "PRAGMA user_version") == VERSION


def test_started_again_it_continues_the_file_of_the_day(tmp_path):
    for second in range(3):
        record = recorder(tmp_path, Wall())
        record.start()
        record.record("poi", [poi(NOON_S + second)])
        record.stop()
    assert value(tmp_path / DAY, COUNT) == 3
    assert value(tmp_path / "trend.db", COUNT) == 3


def test_what_is_too_much_is_dropped_and_counted(tmp_path):
    record = recorder(tmp_path, Wall())  # not started: nobody writes
    for _ in range(CAPACITY):
        record.record("poi", [poi(NOON_S)])
    assert record.dropped == 0
    record.record("poi", [poi(NOON_S), poi(NOON_S + 1)])
    assert record.dropped == 2


def test_events_have_room_when_samples_have_none(tmp_path):
    record = recorder(tmp_path, Wall())  # not started: nobody writes
    for _ in range(CAPACITY):
        record.record("poi", [poi(NOON_S)])
    told = []
    for _ in range(SPARE):
        record.event("info", "test", "kept", told.append)
    assert (record.dropped, told) == (0, [])
    record.event("info", "test", "lost", told.append)
    assert (record.dropped, told) == (1, [False])


@mark.parametrize(
    ("table", "row"),
    [
        ("no_such_table", {"ts": NOON_S}),
        ("poi", {"ts": NOON_S}),
        ("poi", {"device": "poi"}),
        ("poi", poi(float("nan"))),
        ("poi", poi("noon")),
        ("poi", poi(1e30)),
    ],
)
def test_a_row_that_does_not_fit_costs_no_other(tmp_path, table, row):
    record = recorder(tmp_path, Wall())
    record.start()
    record.record("poi", [poi(NOON_S)])
    record.record(table, [row])
    record.stop()
    assert value(tmp_path / DAY, COUNT) == 1
    assert record.dropped == 1


def test_a_value_of_no_known_type_does_not_end_the_thread(tmp_path, caplog):
    record = recorder(tmp_path, Wall())
    record.start()
    record.record("poi", [poi(NOON_S, p_w=[])])
    wait_until(lambda: record.dropped == 1)
    record.record("poi", [poi(NOON_S)])
    record.stop()
    assert value(tmp_path / DAY, COUNT) == 1
    assert "cannot be written" in caplog.text


def test_a_job_runs_between_two_batches_and_may_fail(tmp_path, caplog):
    record = recorder(tmp_path, Wall())
    record.start()
    seen = []
    record.record("poi", [poi(NOON_S)])
    record.run(lambda: seen.append(value(tmp_path / DAY, COUNT)))
    record.run(lambda: 1 / 0)
    record.run(record.roll_up)
    record.stop()
    assert seen == [1]
    assert "ZeroDivisionError" in caplog.text
    assert value(tmp_path / "trend.db", "SELECT count(*) FROM poi_1m") == 1


def test_a_directory_that_cannot_be_made_is_told_at_once(tmp_path):
    (tmp_path / "db").write_text("a file")
    with raises(OSError, match="db"):
        recorder(tmp_path / "db", Wall()).start()


def test_without_its_directory_it_waits_and_goes_on(tmp_path, caplog):
    directory, away = tmp_path / "db", tmp_path / "away"
    record = recorder(directory, Wall())
    record.start()
    record.record("poi", [poi(NOON_S)])
    wait_until(lambda: written(directory / DAY, COUNT))
    directory.rename(away)
    directory.write_text("in the way")
    for second in (1, 2):
        record.record("poi", [poi(NOON_S + second)])
        wait_until(lambda lost=second: record.dropped == lost)
    directory.unlink()
    record.record("poi", [poi(NOON_S + 3)])
    wait_until(lambda: written(directory / DAY, COUNT))
    record.stop()
    assert record.dropped == 2
    assert value(directory / "trend.db", COUNT) == 1
    assert caplog.text.count("today's file cannot be written") == 1
    assert "today's file is written again; 2 rows lost" in caplog.text


FULL_DISK = """
import resource, sys, time
from pathlib import Path
from tests.database.files import NOON_S, Wall, poi, recorder, wait_until
directory = Path(sys.argv[1])
record = recorder(directory, Wall())
record.start()
rows = [poi(NOON_S + n) for n in range(8000)]
record.record("poi", rows[:1])
wait_until(lambda: (directory / "trend.db").exists())
resource.setrlimit(resource.RLIMIT_FSIZE, (150_000, resource.RLIM_INFINITY))
record.record("poi", rows)
wait_until(lambda: record.dropped == 8000)
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)
record.record("poi", rows[-10:])
record.stop()
assert record.dropped == 8000
"""


def test_a_full_disk_costs_rows_and_nothing_else(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", FULL_DISK, tmp_path],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("today's file cannot be written") == 1
    assert "today's file is written again; 8000 rows lost" in done.stderr
    assert is_sound(tmp_path / DAY)
    assert value(tmp_path / DAY, COUNT) == 11


@mark.parametrize("name", [DAY, "trend.db"])
def test_a_corrupt_file_is_set_aside_with_an_event(tmp_path, name):
    (tmp_path / name).write_bytes(b"this is no database" * 1000)
    record = recorder(tmp_path, Wall())
    handler = EventLog(record)
    logging.getLogger("ppc").addHandler(handler)
    record.start()
    record.record("poi", [poi(NOON_S)])
    wait_until(lambda: written(tmp_path / DAY, "SELECT count(*) FROM events"))
    logging.getLogger("ppc").removeHandler(handler)
    record.stop()
    assert (tmp_path / f"{name}.corrupt-1").read_bytes().startswith(b"this is no")
    assert value(tmp_path / DAY, COUNT) == value(tmp_path / "trend.db", COUNT) == 1
    text = value(tmp_path / DAY, "SELECT text FROM events")
    assert text.startswith(f"{name} set aside as {name}.corrupt-1: file is not a data")


_OPENED = """
import sqlite3, sys
for path in sys.argv[1:]:
    connection = sqlite3.connect(path)
    print(connection.execute("SELECT count(*) FROM poi").fetchone())
    connection.close()
"""


def test_who_opens_its_files_with_a_tool_does_not_take_their_wal_away(tmp_path):
    record = recorder(tmp_path, Wall())
    record.start()
    for second in range(3):  # whole rounds: what trend.db lacks is looked for, too
        record.record("poi", [poi(NOON_S + second)])
        _wait_for_rows(tmp_path / "trend.db", second + 1)
    files = [str(tmp_path / name) for name in (DAY, "trend.db")]
    subprocess.run([sys.executable, "-c", _OPENED, *files], check=True)
    assert all(Path(f"{file}-wal").exists() for file in files)
    record.record("poi", [poi(NOON_S + 3)])
    for file in files:
        _wait_for_rows(Path(file), 4)
    record.stop()


@mark.parametrize("name", [DAY, "trend.db"])
def test_a_wal_that_is_removed_while_running_takes_no_row_along(tmp_path, name, caplog):
    record = recorder(tmp_path, Wall())
    record.start()
    record.record("poi", [poi(NOON_S)])
    wait_until(lambda: written(tmp_path / "trend.db", COUNT))
    for ending in ("-wal", "-shm"):
        (tmp_path / f"{name}{ending}").unlink()
    record.record("poi", [poi(NOON_S + 1)])
    _wait_for_rows(tmp_path / name, 2)
    record.stop()
    assert f"{name} has lost its WAL" in caplog.text


def _wait_for_rows(path, rows_count):
    wait_until(lambda: written(path, f"SELECT count(*) = {rows_count} FROM poi"))  # noqa: S608


@mark.parametrize("name", [DAY, "trend.db"])
def test_a_file_that_is_removed_while_running_is_begun_anew(tmp_path, name, caplog):
    record = recorder(tmp_path, Wall())
    record.start()
    record.record("poi", [poi(NOON_S)])
    wait_until(lambda: written(tmp_path / "trend.db", COUNT))
    for ending in ("", "-wal", "-shm"):
        (tmp_path / f"{name}{ending}").unlink()
    record.record("poi", [poi(NOON_S + 1)])
    wait_until(lambda: written(tmp_path / name, COUNT))
    record.stop()
    assert f"{name} is gone" in caplog.text
    assert value(tmp_path / name, "SELECT max(ts) FROM poi") == NOON_S + 1
