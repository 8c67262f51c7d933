import sqlite3
import time
from contextlib import closing
from threading import Event, Thread

from ppc.database.daily import Daily
from ppc.database.integrity import check, open_finished, stamp, survey
from tests.database.files import NOON_S, ask, stored_poi, wait_until


def finished(directory, rows_count=2000, day="2026_11_21"):
    daily = Daily(directory, lambda _: None)
    rows = [stored_poi(NOON_S + n) for n in range(rows_count)]
    daily.write(day, {"poi": rows})
    daily.write("2026_11_22", {})
    daily.close()
    return directory / f"{day}.db"


def verdict(path):
    with closing(open_finished(path)) as connection:
        return check(connection)


def spoil(path, offset, what=b"\xaa" * 600):
    path.chmod(0o644)
    with path.open("r+b") as file:
        file.seek(offset)
        file.write(what)
    path.chmod(0o444)


def test_a_file_that_is_whole_is_ok(tmp_path):
    assert verdict(finished(tmp_path)) == ("ok", False)


def test_a_page_that_was_overwritten_is_found(tmp_path):
    path = finished(tmp_path)
    spoil(path, path.stat().st_size // 4096 // 2 * 4096)
    text, is_corrupt = verdict(path)
    assert is_corrupt
    assert text != "ok"


def test_a_file_that_was_cut_off_is_found(tmp_path):
    path = finished(tmp_path)
    path.chmod(0o644)
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size // 2)
    assert verdict(path).is_corrupt


def test_a_file_that_is_no_database_is_found(tmp_path):
    path = tmp_path / "2026_11_21.db"
    path.write_bytes(b"this is no database" * 1000)
    assert verdict(path) == ("file is not a database", True)


def test_it_keeps_no_writer_waiting(tmp_path):
    path = finished(tmp_path)
    with closing(open_finished(path)) as connection:
        connection.execute("BEGIN")
        connection.execute("SELECT count(*) FROM poi").fetchall()
        before = stamp(path)
        began_s = time.monotonic()
        path.chmod(0o644)
        with closing(sqlite3.connect(path, timeout=5)) as writer, writer:
            writer.execute("PRAGMA locking_mode=EXCLUSIVE")
            writer.execute("DELETE FROM poi")
        assert time.monotonic() - began_s < 4
    assert stamp(path) != before


def test_it_can_be_broken_off(tmp_path):
    path, over = finished(tmp_path, rows_count=20_000), Event()
    with closing(open_finished(path)) as connection:

        def interrupt():
            while not over.wait(0.0001):
                connection.interrupt()

        other = Thread(target=interrupt)
        other.start()
        try:
            wait_until(lambda: check(connection) is None)
        finally:
            over.set()
            other.join()
        assert check(connection) == ("ok", False)


def test_rows_are_counted_and_their_numbers_told(tmp_path):
    path = finished(tmp_path, rows_count=500)
    numbers = [seq for (seq,) in ask(path, "SELECT seq FROM poi")]
    with closing(open_finished(path)) as connection:
        found = survey(path, connection)
    assert found == (stamp(path), ("ok", False), 500, min(numbers), max(numbers))


def test_a_corrupt_file_is_not_counted(tmp_path):
    path = finished(tmp_path)
    spoil(path, path.stat().st_size // 4096 // 2 * 4096)
    with closing(open_finished(path)) as connection:
        found = survey(path, connection)
    assert found.verdict.is_corrupt
    assert found.rows_count is None
