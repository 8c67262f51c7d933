import shutil
import sqlite3
import threading
from contextlib import closing

from pytest import fixture, mark, raises

from ppc.database.file import has_wal
from ppc.database.schema import VERSION
from ppc.history import copies
from ppc.history.copies import (
    INSPECTED,
    NoSpace,
    back_up,
    check_space,
    day_named,
    load,
    to_back_up,
)
from ppc.history.day_file import Unreadable
from tests.database.files import (
    DAY_S,
    NOON_S,
    Wall,
    ask,
    is_sound,
    names,
    recorder,
    value,
    wait_until,
    written,
)
from tests.history.records import sample, write, write_finished
from tests.history.test_day_file import make_version_2

FIRST, SECOND = "2026_11_21.db", "2026_11_22.db"
TABLES = ("poi", "bess", "pv", "decisions", "events")


@fixture
def target(tmp_path):
    target = tmp_path / "copies"
    target.mkdir()
    return target


@fixture(scope="module")
def written_once(tmp_path_factory):
    folder = tmp_path_factory.mktemp("made") / "db"
    write_finished(folder, [NOON_S + n for n in range(50)])
    return folder


@fixture
def folder(tmp_path, written_once):
    """A record of its own for each test."""
    return shutil.copytree(written_once, tmp_path / "db", symlinks=True)


def content(path):
    return {name: ask(path, f"SELECT * FROM {name}") for name in TABLES}  # noqa: S608


def test_a_copy_is_equal_read_only_and_alone(folder, target):
    steps = []
    for path in to_back_up(folder, target, None):
        back_up(path, target, steps.append)
    assert names(target) == {FIRST, SECOND, "trend.db"}
    assert content(target / FIRST) == content(folder / FIRST)
    assert sum(steps) == sum(path.stat().st_size for path in target.iterdir())
    assert all(not path.stat().st_mode & 0o222 for path in target.iterdir())
    assert all(is_sound(path) for path in target.iterdir())


def test_what_is_there_already_is_not_copied_again(folder, target):
    for path in to_back_up(folder, target, None):
        back_up(path, target)
    left = [path.name for path in to_back_up(folder, target, None)]
    assert left == [SECOND, "trend.db"]  # the live ones


def test_a_file_that_was_changed_since_is_copied_again(folder, target):
    back_up(folder / FIRST, target)
    (folder / FIRST).chmod(0o644)
    with closing(sqlite3.connect(folder / FIRST)) as db:
        db.execute("DELETE FROM pv")
        db.commit()
    (folder / FIRST).chmod(0o444)
    assert folder / FIRST in to_back_up(folder, target, None)
    back_up(folder / FIRST, target)
    assert content(target / FIRST)["pv"] == []


def test_only_the_newest_days_when_so_asked(folder, target):
    left = [path.name for path in to_back_up(folder, target, 1)]
    assert left == [SECOND, "trend.db"]


@fixture(name="live")
def _live(tmp_path):
    """A recorder that is kept busy while the test runs."""
    record = recorder(tmp_path / "live", Wall())
    record.start()
    stop = threading.Event()

    def work():
        number = 0
        while not stop.wait(0.001):
            sample(record, NOON_S + number, number)
            number += 1

    thread = threading.Thread(target=work)
    thread.start()
    path = tmp_path / "live" / FIRST
    wait_until(lambda: written(path, "SELECT count(*) FROM poi"))
    yield path
    stop.set()
    thread.join()
    record.stop()
    assert record.dropped == 0


def test_copies_of_a_file_that_is_written_are_whole_moments_of_it(live, target):
    counts = []
    for _ in range(3):
        back_up(live, target)
        copied = target / FIRST
        assert is_sound(copied)
        assert not has_wal(copied)
        found = value(copied, "SELECT count(*) FROM poi")
        assert value(copied, "SELECT count(*) FROM pv") in {2 * found, 2 * found - 2}
        assert value(copied, "SELECT count(DISTINCT seq) FROM poi") == found
        counts.append(found)
        wait_until(lambda: value(live, "SELECT count(*) FROM poi") > found)  # noqa: B023
    assert counts == sorted(set(counts))
    assert names(target) == {FIRST}


def test_a_copy_is_one_moment_though_it_takes_many_steps(live, target, monkeypatch):
    """Between any two pages the recorder writes: none of it is in the copy."""
    wait_until(lambda: value(live, "SELECT count(*) FROM poi") > 300)
    monkeypatch.setattr(copies, "_PAGES", 1)
    counts = []

    def count(_):
        counts.append(value(live, "SELECT count(*) FROM poi"))
        if len(counts) < 3:
            wait_until(lambda: value(live, "SELECT count(*) FROM poi") > counts[-1])

    back_up(live, target, count)
    found = value(target / FIRST, "SELECT count(*) FROM poi")
    assert found <= counts[0]
    assert is_sound(target / FIRST)


def test_what_cannot_be_copied_leaves_the_former_copy(folder, target):
    back_up(folder / FIRST, target)
    before = content(target / FIRST)
    (folder / FIRST).chmod(0o644)
    page = value(folder / FIRST, "SELECT rootpage FROM sqlite_master WHERE name='pv'")
    page_bytes = value(folder / FIRST, "PRAGMA page_size")
    with (folder / FIRST).open("r+b") as file:
        file.seek((page - 1) * page_bytes)
        file.write(b"\x55" * page_bytes)
    with raises(Unreadable, match=f"{FIRST}: the copy is not sound"):
        back_up(folder / FIRST, target)
    assert content(target / FIRST) == before
    assert names(target) == {FIRST}


def test_a_copy_that_was_broken_off_is_made_anew(folder, target):
    (target / f".{FIRST}.part").write_bytes(b"half of it")
    back_up(folder / FIRST, target)
    assert names(target) == {FIRST}
    assert is_sound(target / FIRST)


def test_copies_that_do_not_fit_are_not_begun(folder, target, monkeypatch):
    files = to_back_up(folder, target, None)
    assert check_space(files, target) > 0
    usage = shutil.disk_usage(target)._replace(free=10_000_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    with raises(NoSpace, match="10 MB left, "):
        check_space(files, target)
    assert check_space([], target) == 0


def test_a_day_is_loaded_in_place_of_the_former(folder):
    load(folder / FIRST)
    with closing(sqlite3.connect(f"file:{folder / INSPECTED}?mode=ro", uri=True)) as db:
        assert db.execute("SELECT count(*) FROM poi").fetchone() == (50,)
        load(folder / SECOND)
        assert db.execute("SELECT count(*) FROM pv").fetchone() == (100,)
    assert value(folder / INSPECTED, "SELECT count(*) FROM poi") == 1
    assert not has_wal(folder / INSPECTED)
    assert not (folder / INSPECTED).stat().st_mode & 0o222


def test_a_day_of_an_older_version_is_loaded_in_the_form_of_today(tmp_path):
    make_version_2(tmp_path / FIRST)
    load(tmp_path / FIRST)
    assert value(tmp_path / INSPECTED, "PRAGMA user_version") == VERSION
    assert ask(tmp_path / INSPECTED, "SELECT v_v, seq FROM poi") == [(2e4, 0)]
    assert ask(tmp_path / INSPECTED, "SELECT * FROM orders") == []
    assert value(tmp_path / FIRST, "PRAGMA user_version") == 2
    assert names(tmp_path) == {FIRST, INSPECTED}


def test_a_file_that_is_no_day_is_not_loaded(tmp_path):
    (tmp_path / FIRST).write_bytes(b"")
    with raises(Unreadable, match=f"{FIRST}: is empty"):
        load(tmp_path / FIRST)
    assert names(tmp_path) == {FIRST}


@mark.parametrize(
    ("name", "found"),
    [
        ("2026-11-21", FIRST),
        ("2026_11_21", FIRST),
        (FIRST, FIRST),
        ("today", SECOND),
        ("2026-11-20", None),
        ("../2026-11-21", FIRST),
        ("trend", None),
    ],
)
def test_days_are_named_as_people_name_them(folder, name, found):
    path = day_named(folder, name)
    assert (path and path.name) == found


def test_no_record_has_no_day_and_nothing_to_copy(tmp_path, target):
    assert day_named(tmp_path, "today") is None
    assert to_back_up(tmp_path, target, None) == []
    write(tmp_path, [NOON_S + DAY_S])
    assert day_named(tmp_path, "today") == tmp_path / SECOND
