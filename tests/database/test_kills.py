"""The recorder killed at any moment."""

import os
import random
import signal
import struct
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from pytest import mark

from ppc.database.daily import daily_files
from tests.database.files import Wall, is_sound, poi, recorder, value, written

ROOT = Path(__file__).parents[2]
COUNT = "SELECT count(*) FROM poi"


def killed_lives(directory: Path, speed: float, seed: int) -> Path:
    """Kill five writers, one after another, at random moments; look at what is left."""
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
        for _ in range(5):
            nursery.stdin.write("live\n")
            nursery.stdin.flush()
            child = int(nursery.stdout.readline())
            time.sleep(pick.uniform(0.05, 1.1))
            os.kill(child, signal.SIGKILL)
            look_at(directory)
    return directory


def look_at(directory: Path) -> None:
    files = daily_files(directory)[-2:]
    assert all(is_sound(path) for path in files)
    filled = [path for path in files if written(path, COUNT)]
    last_s = [value(path, "SELECT max(p_w) FROM poi") for path in filled]
    born_s, recorded_s = struct.unpack("2d", (directory / "recorded").read_bytes())
    assert recorded_s - max(born_s, *last_s, 0.0) <= 1.0


@mark.parametrize("speed", [1.0, 172_800.0], ids=["one day", "two days a second"])
def test_killed_at_any_moment_the_next_start_goes_on(tmp_path, speed):
    with ThreadPoolExecutor(2) as pool:
        lanes = pool.map(
            lambda n: killed_lives(tmp_path / f"lane{n}", speed, n), range(2)
        )
    for lane in lanes:
        # the newest day may have been begun, and nothing told of it yet
        events = "SELECT count(*) FROM events"
        newest = [f for f in daily_files(lane) if written(f, events)][-1]
        now_s = value(newest, "SELECT max(ts) FROM events") + 1.0
        record = recorder(lane, Wall(now_s))
        record.start()
        record.record("poi", [poi(now_s)])
        record.stop()
        assert value(newest, "SELECT max(ts) FROM poi") == now_s
        assert all(is_sound(path) for path in (*daily_files(lane), lane / "trend.db"))
        assert not list(lane.glob("*-wal"))
