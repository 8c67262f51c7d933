"""What the files of the record know of configurations."""

import sqlite3

from ppc.database.configurations import last_digests
from tests.database.files import DAY_S, NOON_S, Wall, recorder


def write(folder, wall, *pairs):
    record = recorder(folder, wall)
    record.start()
    for what, digest in pairs:
        row = {"ts": wall(), "what": what, "digest": digest, "text": "x"}
        record.record("configurations", [row])
    record.stop()


def test_the_last_digest_of_each_counts_over_days(tmp_path):
    write(tmp_path, Wall(NOON_S), ("a", "1"), ("b", "1"), ("a", "2"))
    write(tmp_path, Wall(NOON_S + DAY_S), ("b", "2"), ("c", "1"))
    assert last_digests(tmp_path) == {"a": "2", "b": "2", "c": "1"}


def test_a_file_that_cannot_be_read_is_left_out(tmp_path):
    write(tmp_path, Wall(NOON_S), ("a", "1"))
    (tmp_path / "2026_11_20.db").write_bytes(b"nonsense" * 500)
    sqlite3.connect(tmp_path / "2026_11_19.db").close()
    assert last_digests(tmp_path) == {"a": "1"}


def test_an_empty_folder_knows_nothing(tmp_path):
    assert last_digests(tmp_path / "none") == {}
