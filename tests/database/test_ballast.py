import errno
import os
import sqlite3

from pytest import mark, raises
from sqlalchemy.exc import OperationalError

from ppc.database.ballast import Ballast, is_full

SIZE_BYTES = 3_000_000


def allotted_bytes(path):
    return path.stat().st_blocks * 512


def test_laid_it_takes_its_room_on_the_disk(tmp_path):
    ballast = Ballast(tmp_path / "db" / "ballast", SIZE_BYTES)
    ballast.lay()
    path = tmp_path / "db" / "ballast"
    assert path.stat().st_size == SIZE_BYTES
    assert allotted_bytes(path) >= SIZE_BYTES
    assert ballast.drop()
    assert not path.exists()
    assert not ballast.drop()


@mark.parametrize("before_bytes", [10, SIZE_BYTES, 2 * SIZE_BYTES])
def test_what_is_there_of_another_size_or_full_of_holes_is_mended(
    tmp_path, before_bytes
):
    path = tmp_path / "ballast"
    path.touch()
    os.truncate(path, before_bytes)
    assert allotted_bytes(path) == 0
    Ballast(path, SIZE_BYTES).lay()
    assert path.stat().st_size == SIZE_BYTES
    assert allotted_bytes(path) >= SIZE_BYTES


def test_of_no_size_it_is_no_file(tmp_path):
    path = tmp_path / "ballast"
    path.write_bytes(b"from when there was one")
    Ballast(path, 0).lay()
    assert not path.exists()


def test_where_there_is_no_room_for_it_nothing_is_left_of_it(tmp_path):
    path = tmp_path / "ballast"
    with raises(OSError, match=r"space|large"):
        Ballast(path, 1 << 60).lay()
    assert not path.exists()


def test_a_full_disk_is_told_from_other_trouble():
    full = sqlite3.OperationalError("database or disk is full")
    full.sqlite_errorcode = sqlite3.SQLITE_FULL
    busy = sqlite3.OperationalError("database is locked")
    busy.sqlite_errorcode = sqlite3.SQLITE_BUSY
    assert is_full(full)
    assert is_full(OperationalError("INSERT", None, full))
    assert is_full(OSError(errno.ENOSPC, "no space"))
    assert not is_full(busy)
    assert not is_full(OperationalError("INSERT", None, busy))
    assert not is_full(OSError(errno.EIO, "a broken disk"))
    assert not is_full(None)
