import os
import resource
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from datetime import datetime
from pathlib import Path

from pytest import fixture, mark

from ppc.database.recorder import Recorder
from ppc.database.store import is_unfinished

ROOT = Path(__file__).parents[2]
NOON_S = datetime(2026, 6, 1, 12).timestamp()  # noqa: DTZ001 (local, as files are)


class Desk:
    """A recorder whose wall clock is in the test's hands."""

    def __init__(self, directory, **keep):
        self.directory, self.now_s = directory, NOON_S
        usual = {"raw_days": 7, "trend_days": 400, "daily_files": 9}
        self.recorder = Recorder(directory, wall_s=lambda: self.now_s, **(usual | keep))
        self.recorder.start()

    def sample(self, p_w=1.0):
        row = {"ts": self.now_s, "device": "poi", "v_v": 2e4, "f_hz": 50.0, "p_w": p_w}
        self.recorder.record("poi", [row | {"q_var": None, "quality": 0}])

    def settle(self):
        """Wait until all that is queued has been written."""
        done = []

        def asked():
            self.recorder.run(lambda: done.append(True))
            time.sleep(0.02)
            return done

        wait_for(asked)


def wait_for(holds):
    deadline_s = time.monotonic() + 10.0
    while not holds():
        assert time.monotonic() < deadline_s
        time.sleep(0.01)


@fixture
def desk(tmp_path):
    desk = Desk(tmp_path / "db")
    yield desk
    desk.recorder.stop()


def ask(path, sql):
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as db:
        return db.execute(sql).fetchall()


def test_a_row_arrives_in_the_day_and_in_the_trend(desk):
    desk.sample(3e6)
    desk.recorder.event("info", "test", "hello")
    desk.settle()
    for name in ("2026_06_01.db", "current.db", "trend.db"):
        assert ask(desk.directory / name, "SELECT p_w FROM poi") == [(3e6,)]
        assert ask(desk.directory / name, "SELECT text FROM events") == [("hello",)]
    assert (desk.directory / "current.db").readlink() == Path("2026_06_01.db")


def test_at_midnight_the_day_is_finished_and_the_next_begins(desk):
    desk.sample()
    desk.now_s += 12 * 3600
    desk.sample()
    desk.settle()
    first = desk.directory / "2026_06_01.db"
    assert not is_unfinished(first)
    assert first.stat().st_mode & 0o777 == 0o444
    assert is_unfinished(desk.directory / "2026_06_02.db")
    assert (desk.directory / "current.db").readlink() == Path("2026_06_02.db")
    assert ask(desk.directory / "trend.db", "SELECT day, rows FROM days") == [
        ("2026_06_01", 1)
    ]


def test_a_row_of_yesterday_that_comes_late_is_not_lost(desk):
    desk.now_s += 12 * 3600
    desk.sample()
    desk.settle()
    desk.now_s -= 13 * 3600
    desk.sample()
    desk.settle()
    assert ask(desk.directory / "2026_06_02.db", "SELECT count(*) FROM poi") == [(2,)]


@mark.parametrize(("day", "hours"), [((2026, 3, 29), 23), ((2026, 10, 25), 25)])
def test_days_of_23_and_25_hours_lose_nothing(tmp_path, day, hours):
    script = (
        "import time, sys; from datetime import datetime; from pathlib import Path\n"
        "from ppc.database.recorder import Recorder\n"
        f"t = datetime(*{day}).timestamp(); now = [t]\n"
        f"r = Recorder(Path({str(tmp_path)!r}), raw_days=7, trend_days=400,"
        " daily_files=9, wall_s=lambda: now[0]); r.start()\n"
        "for i in range(-2, 27):\n"
        "    r.record('poi', [dict(ts=t + 3600 * i, device='poi', v_v=i, f_hz=0,"
        " p_w=0, q_var=0, quality=0)])\n"
        "    time.sleep(0.01)\n"
        "r.stop()\n"
    )
    env = {**os.environ, "TZ": "Europe/Paris"}
    subprocess.run([sys.executable, "-c", script], check=True, cwd=ROOT, env=env)
    name = "{}_{:02}_{:02}.db".format(*day)
    assert ask(tmp_path / name, "SELECT count(*) FROM poi") == [(hours,)]
    assert ask(tmp_path / "trend.db", "SELECT count(*) FROM poi") == [(29,)]


def test_after_a_restart_the_day_goes_on(tmp_path):
    for _ in range(2):
        desk = Desk(tmp_path)
        desk.now_s += _
        desk.sample()
        desk.recorder.stop()
    assert ask(tmp_path / "2026_06_01.db", "SELECT count(*) FROM poi") == [(2,)]


def test_a_stopped_record_can_be_read_without_write_access(desk):
    desk.sample()
    desk.recorder.stop()
    assert not is_unfinished(desk.directory / "trend.db")
    assert not list(desk.directory.glob("*-wal"))


def test_a_corrupt_file_is_set_aside_and_recording_goes_on(tmp_path):
    (tmp_path / "2026_06_01.db").write_bytes(b"no database at all" * 100)
    desk = Desk(tmp_path)
    desk.sample()
    desk.recorder.stop()
    assert (tmp_path / "2026_06_01.db.corrupt-1").exists()
    assert ask(tmp_path / "2026_06_01.db", "SELECT count(*) FROM poi") == [(1,)]


def test_a_file_of_another_version_is_set_aside(tmp_path):
    with closing(sqlite3.connect(tmp_path / "2026_06_01.db")) as db:
        db.execute("PRAGMA user_version=99")
        db.execute("CREATE TABLE x (y)")
    desk = Desk(tmp_path)
    desk.sample()
    desk.recorder.stop()
    assert (tmp_path / "2026_06_01.db.corrupt-1").exists()


def test_what_the_queue_cannot_hold_is_counted(desk):
    release = []
    desk.recorder.run(lambda: wait_for(lambda: release))
    time.sleep(0.05)
    for _ in range(20_010):
        desk.sample()
    release.append(True)
    desk.settle()
    assert desk.recorder.dropped == 10


def test_a_disk_that_refuses_costs_rows_but_not_the_thread(desk, caplog):
    desk.sample()
    desk.settle()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, hard))  # as a full disk
    try:
        for _ in range(3):
            desk.now_s += 1
            desk.sample()
            desk.settle()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert desk.recorder.dropped == 3
    desk.now_s += 1
    desk.sample()
    desk.settle()
    assert ask(desk.directory / "current.db", "SELECT count(*) FROM poi") == [(2,)]
    told = [r.message for r in caplog.records if r.name == "ppc.database.recorder"]
    assert sum("cannot be written" in message for message in told) == 1
    assert sum("written again" in message for message in told) == 1


def test_the_oldest_files_go(tmp_path):
    desk = Desk(tmp_path, daily_files=2)
    for _ in range(4):
        desk.sample()
        desk.settle()
        desk.now_s += 86_400
    desk.recorder.run(desk.recorder.prune)
    desk.recorder.stop()
    assert sorted(p.name for p in tmp_path.glob("2026*")) == [
        "2026_06_03.db",
        "2026_06_04.db",
    ]


@mark.parametrize(("table", "ts"), [("nonsense", NOON_S), ("poi", float("nan"))])
def test_a_row_that_makes_no_sense_does_not_end_the_record(desk, table, ts):
    desk.recorder.record(table, [{"ts": ts}])
    desk.recorder.run(lambda: 1 / 0)
    desk.settle()
    assert desk.recorder.dropped == 1
    desk.sample()
    desk.settle()
    assert ask(desk.directory / "current.db", "SELECT count(*) FROM poi") == [(1,)]
