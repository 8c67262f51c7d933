import os

from pytest import raises

from ppc.database.ballast import Ballast
from ppc.database.room import free_bytes, used_bytes


def test_a_folder_takes_what_its_files_take_on_the_disk(tmp_path):
    before_bytes = used_bytes(tmp_path)
    Ballast(tmp_path / "full", 1_000_000).lay()
    (tmp_path / "hole").touch()
    os.truncate(tmp_path / "hole", 1 << 40)
    (tmp_path / "link").symlink_to("full")
    taken_bytes = used_bytes(tmp_path) - before_bytes
    assert 1_000_000 <= taken_bytes < 1_100_000


def test_a_folder_that_is_not_there_takes_nothing(tmp_path):
    assert used_bytes(tmp_path / "none") == 0


def test_what_is_left_is_what_the_file_system_says(tmp_path):
    assert 0 < free_bytes(tmp_path) < 1 << 60
    with raises(FileNotFoundError):
        free_bytes(tmp_path / "none")
