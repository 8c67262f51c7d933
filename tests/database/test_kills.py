"""The recorder killed at any moment: what had been written is kept, and of what was
not, a second is lost at most. PPC_KILLS says how often it is killed, in all.
"""

import os
import random
import shutil
import signal
import sqlite3
import struct
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

from pytest import mark

from ppc.database.daily import daily_files
from tests.database.files import (
    Wall,
    ask,
    is_sound,
    poi,
    recorder,
    value,
    wait_until,
)
from tests.database.writer import wall_of

ROOT = Path(__file__).parents[2]
LIVES = int(os.environ.get("PPC_KILLS", "20")) // 4
LAST_S = "SELECT max(v_v) FROM poi"
COUNTED_S = "SELECT max(e_export_wh) FROM counters"


def killed_lives(directory: Path, speed: float, seed: int) -> Path:
    """Kill writers, one after another, at random moments; look at what is left."""
    directory.mkdir()
    pick = random.Random(seed)  # noqa: S311
    nursery = subprocess.Popen(
        [sys.executable, "-m", "tests.database.writer", directory, str(speed)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with nursery:
        for number in range(LIVES):
            nursery.stdin.write("live\n")
            nursery.stdin.flush()
            child = int(nursery.stdout.readline())
            try:
                if number == LIVES - 1:  # others may end before they told anything
                    wait_until(lambda: acknowledged(directory), 60.0)
                time.sleep(pick.uniform(0.05, 1.6))
            finally:
                os.kill(child, signal.SIGKILL)
            look_at(directory)
    return directory


def look_at(directory: Path) -> None:
    """At a copy: who opens a file that is left mends it."""
    found_s, counted_s = [], []
    for path in daily_files(directory):
        copy = path.with_suffix(".copy")
        for ending in ("", "-wal", "-journal"):
            left = path.with_name(path.name + ending)
            if left.exists():
                shutil.copy(left, copy.with_name(copy.name + ending))
        copy.chmod(0o644)
        with closing(sqlite3.connect(copy)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            if connection.execute("PRAGMA user_version").fetchone() != (0,):
                found_s += connection.execute(LAST_S).fetchone()
                counted_s += connection.execute(COUNTED_S).fetchone()
    written_s, born_s, recorded_s = struct.unpack(
        "3d", (directory / "recorded").read_bytes()
    )
    for kept_s in (found_s, counted_s):
        newest_s = max(filter(None, kept_s), default=0.0)
        assert newest_s >= written_s
        assert recorded_s - max(born_s, newest_s) <= 1.0


def acknowledged(directory: Path) -> set[str]:
    noted = directory / "acknowledged"
    times_s = struct.iter_unpack("d", noted.read_bytes() if noted.exists() else b"")
    return {f"{time_s}" for (time_s,) in times_s}


@mark.parametrize("speed", [1.0, 172_800.0], ids=["one day", "two days a second"])
def test_killed_at_any_moment_the_next_start_goes_on(tmp_path, speed):
    with ThreadPoolExecutor(2) as pool:
        lanes = pool.map(
            lambda n: killed_lives(tmp_path / f"lane{n}", speed, n), range(2)
        )
    for lane in lanes:
        now_s = wall_of(lane, speed)()
        record = recorder(lane, Wall(now_s))
        record.start()
        record.record("poi", [poi(now_s)])
        record.stop()
        newest = daily_files(lane)[-1]
        assert value(newest, "SELECT max(ts) FROM poi") == now_s
        files = daily_files(lane)
        assert all(is_sound(path) for path in (*files, lane / "trend.db"))
        assert not [*lane.glob("*.db-wal"), *lane.glob("*.db-journal")]
        found = {text for f in files for (text,) in ask(f, "SELECT text FROM events")}
        assert acknowledged(lane) <= found
        numbers = "SELECT seq FROM poi UNION ALL SELECT seq FROM events"
        hand_ins = [seq for path in files for (seq,) in ask(path, numbers)]
        assert len(hand_ins) == len(set(hand_ins)) > LIVES
