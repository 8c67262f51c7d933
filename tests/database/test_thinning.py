import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

from pytest import fixture, mark, raises

from ppc.database.daily import Daily
from ppc.database.integrity import open_finished
from ppc.database.schema import KINDS, VERSION
from ppc.database.thinning import (
    ENDING,
    FINE,
    put_in_place,
    remove_unfinished,
    thin,
    thinned,
)
from tests.database.files import NOON_S, ask, is_sound, names, stored, value

ROOT = Path(__file__).parents[2]
DAY = "2026_11_21.db"


def some_of_all(rows_count):
    """Rows of every kind there is."""
    return {
        kind.name: [
            stored(
                kind.name,
                NOON_S + n,
                **{name: n if name == "number" else f"{name}{n}" for name in kind.key},
                **{name: float(n) for name in kind.numbers},
                **dict.fromkeys(kind.texts, f"{n}"),
            )
            for n in range(rows_count)
        ]
        for kind in KINDS.values()
    }


@fixture
def day(tmp_path):
    daily = Daily(tmp_path, lambda _: None)
    daily.write("2026_11_21", some_of_all(500))
    daily.write("2026_11_22", {})
    daily.close()
    return tmp_path / DAY


def content(path):
    """All rows, of one and the same file."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        connection.execute("BEGIN")
        tables = connection.execute("SELECT name FROM sqlite_schema").fetchall()
        return {
            name: connection.execute(f"SELECT * FROM {name}").fetchall()  # noqa: S608
            for (name,) in tables
            if not name.startswith("sqlite_")
        }


def level(path):
    with closing(open_finished(path)) as connection:
        return thinned(connection)


@mark.parametrize(
    ("how_far", "gone"),
    [
        (1, {"poi", "bess", "pv", "decisions", "cycles", "links", "verdicts"}),
        (2, set(KINDS) - {"events", "configurations"}),
    ],
)
def test_rows_that_stay_are_the_same_and_the_others_are_gone(day, how_far, gone):
    before, size_bytes = content(day), day.stat().st_size
    assert level(day) == 0
    put_in_place(thin(day, how_far), day)
    after = content(day)
    assert after == {t: [] if t in gone else rows for t, rows in before.items()}
    assert level(day) == how_far
    assert day.stat().st_size < size_bytes
    assert day.stat().st_mode & 0o777 == 0o444
    assert value(day, "PRAGMA user_version") == VERSION
    assert is_sound(day)
    assert gone >= FINE


def test_a_thinned_day_may_be_continued(day):
    before = content(day)["events"]
    put_in_place(thin(day, 1), day)
    daily = Daily(day.parent, lambda _: None)
    late = stored("events", NOON_S, source="test", text="late")
    daily.write("2026_11_21", {"events": [late]})
    daily.finish()
    assert len(content(day)["events"]) == len(before) + 1


def test_a_file_of_another_make_keeps_what_is_not_fine(tmp_path):
    path = tmp_path / DAY
    with closing(sqlite3.connect(path)) as old, old:
        old.execute("CREATE TABLE poi (ts REAL PRIMARY KEY, p_w REAL) WITHOUT ROWID")
        old.execute("CREATE TABLE notes (ts REAL, text TEXT)")
        old.execute("CREATE INDEX by_time ON notes (ts)")
        old.execute("INSERT INTO poi VALUES (1, 2)")
        old.execute("INSERT INTO notes VALUES (1, 'kept')")
        old.execute("PRAGMA user_version=2")
    put_in_place(thin(path, 1), path)
    assert ask(path, "SELECT * FROM notes") == [(1.0, "kept")]
    assert ask(path, "SELECT * FROM poi") == []
    assert ask(path, "SELECT name FROM sqlite_schema WHERE type = 'index'")
    assert value(path, "PRAGMA user_version") == 2
    assert is_sound(path)


def test_a_file_that_cannot_be_read_is_left_as_it_is(day):
    day.chmod(0o644)
    spoilt = day.read_bytes()[:8192] + b"\x77" * 40_000
    day.write_bytes(spoilt)
    with raises(sqlite3.DatabaseError):
        thin(day, 1)
    assert day.read_bytes() == spoilt
    assert not list(day.parent.glob(f"*{ENDING}"))


THIN = """
import sys
from pathlib import Path
from ppc.database.thinning import put_in_place, thin
day, whole = Path(sys.argv[1]), Path(sys.argv[2])
print("ready", flush=True)
while True:
    put_in_place(thin(day, 1), day)
    whole.with_suffix(".again").unlink(missing_ok=True)
    whole.with_suffix(".again").hardlink_to(whole)
    whole.with_suffix(".again").replace(day)
"""


def test_killed_in_the_middle_it_leaves_the_old_file_or_the_new_one(day, tmp_path):
    whole, small = tmp_path / "whole", tmp_path / "small"
    shutil.copy(day, whole)
    shutil.copy(thin(day, 1), small)
    contents = [content(whole), content(small)]
    pick, seen, left = random.Random(3), [], 0  # noqa: S311
    for _ in range(6):
        with subprocess.Popen(
            [sys.executable, "-c", THIN, day, whole],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        ) as program:
            program.stdout.readline()
            until_s = time.monotonic() + pick.uniform(0.0, 0.2)
            try:
                while time.monotonic() < until_s:
                    assert content(day) in contents
            finally:
                os.kill(program.pid, signal.SIGKILL)
        seen.append(contents.index(content(day)))
        left += len(list(tmp_path.glob(f"*{ENDING}")))
        remove_unfinished(tmp_path)
        assert names(tmp_path).isdisjoint({f"{DAY}{ENDING}"})
    assert left or len(set(seen)) == 2  # it was in the middle of something
