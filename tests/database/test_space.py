import errno

from pytest import fixture

from ppc.database import space as module
from ppc.database.space import Space
from tests.database.files import names

FULL = OSError(errno.ENOSPC, "no space left on device")


@fixture
def space(tmp_path):
    return Space(tmp_path, ballast_bytes=1_000_000, lost=lambda: 7)


@fixture
def free(monkeypatch):
    """Says how much is free; what the ballast takes is not."""
    said = {"bytes": 1 << 40}
    monkeypatch.setattr(module, "free_bytes", lambda _: said["bytes"])
    return said


def test_where_there_is_room_the_ballast_is_laid(tmp_path, space):
    space.restore()
    assert names(tmp_path) == {"ballast"}
    assert not space.is_full


def test_what_is_refused_for_another_reason_changes_nothing(tmp_path, space):
    space.restore()
    assert not space.refused(None)
    assert not space.refused(OSError(errno.EIO, "broken"))
    assert not space.is_full
    assert names(tmp_path) == {"ballast"}


def test_a_full_disk_is_told_once_and_gets_the_ballast(tmp_path, space, caplog):
    space.restore()
    assert space.refused(FULL)
    assert space.is_full
    assert names(tmp_path) == set()
    assert not space.refused(FULL)
    assert caplog.text.count("the disk of the record is full") == 1


def test_whatever_sqlite_says_a_disk_without_room_is_full(space, free):
    free["bytes"] = 1000
    space.refused(OSError(errno.EIO, "cannot open"))
    assert space.is_full


def test_samples_are_written_again_once_there_is_room_for_more_than_the_ballast(
    tmp_path, space, free, caplog
):
    space.restore()
    space.refused(FULL)
    free["bytes"] = 4_900_000
    space.restore()
    assert space.is_full
    free["bytes"] = 5_000_000
    space.restore()
    assert not space.is_full
    assert names(tmp_path) == {"ballast"}
    assert "samples are written; 0 rows lost" in caplog.text


def test_there_is_little_room_before_there_is_none(space, free):
    space.restore()
    free["bytes"] = 4_000_000
    assert not space.is_short
    free["bytes"] -= 1
    assert space.is_short


def test_where_no_ballast_can_be_laid_it_is_told_once(tmp_path, caplog):
    (tmp_path / "ballast").mkdir()
    space = Space(tmp_path, ballast_bytes=1000, lost=lambda: 0)
    space.restore()
    space.restore()
    assert caplog.text.count("no ballast for the record") == 1
    assert not space.is_full
