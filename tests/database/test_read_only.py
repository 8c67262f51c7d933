"""A directory that may not be written: at the start, and later."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from pytest import fixture

from tests.database.files import ask, is_sound, value

ROOT = Path(__file__).parents[2]
NOBODY = 65_534
COUNT = "SELECT count(*) FROM poi"
DAY, NEXT = "2026_11_21.db", "2026_11_22.db"

LATER = """
import os, sys
from pathlib import Path
from tests.database.files import DAY_S, NOON_S, Wall, poi, recorder, wait_until, written
directory, wall = Path(sys.argv[1]), Wall()
if os.getuid() == 0:
    os.setuid({nobody})  # root may write everything
record = recorder(directory, wall)
told = []
{body}
record.stop()
print(record.dropped, told)
"""
AT_START = """
directory.chmod(0o555)
record.start()
record.record("poi", [poi(NOON_S)])
record.event("info", "test", "first", told.append)
wait_until(lambda: record.dropped == 1)
directory.chmod(0o755)
record.record("poi", [poi(NOON_S + 1)])
wait_until(lambda: told == [True])
"""
WHILE_RUNNING = """
record.start()
record.record("poi", [poi(NOON_S)])
wait_until(lambda: written(directory / "trend.db", "SELECT count(*) FROM poi"))
directory.chmod(0o555)
wall.now_s += DAY_S
record.record("poi", [poi(wall.now_s)])
record.event("info", "test", "next day", told.append)
wait_until(lambda: record.dropped == 1)
directory.chmod(0o755)
wait_until(lambda: told == [True])
record.record("poi", [poi(wall.now_s + 1)])
"""


@fixture
def directory():
    """Where one who is not root gets to."""
    with tempfile.TemporaryDirectory() as folder:
        directory = Path(folder) / "db"
        directory.mkdir()
        if os.getuid() == 0:
            os.chown(directory, NOBODY, NOBODY)
            Path(folder).chmod(0o755)
        yield directory


def run(directory, body):
    done = subprocess.run(
        [sys.executable, "-c", LATER.format(body=body, nobody=NOBODY), directory],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("today's file cannot be written") == 1
    assert "today's file is written again; 1 rows lost" in done.stderr
    assert done.stdout == "1 [True]\n"
    return done.stderr


def test_read_only_at_the_start_it_is_told_and_events_are_kept(directory):
    run(directory, AT_START)
    assert value(directory / DAY, COUNT) == 1
    assert ask(directory / DAY, "SELECT text, seq FROM events") == [("first", 2)]


def test_read_only_later_the_next_day_begins_when_it_can(directory):
    run(directory, WHILE_RUNNING)
    assert value(directory / DAY, COUNT) == 1
    assert value(directory / NEXT, COUNT) == 1
    assert ask(directory / NEXT, "SELECT text, seq FROM events") == [("next day", 3)]
    assert is_sound(directory / DAY)
