import sqlite3
from contextlib import closing

from pytest import fixture, raises
from sqlalchemy.exc import DatabaseError, IntegrityError

from ppc.database.file import has_wal
from ppc.database.schema import DAY, VERSION
from ppc.database.store import Store, finish_file
from tests.database.files import names, stored, stored_poi, value

ROW = stored_poi(1.0)
COUNT = "SELECT count(*) FROM poi"


@fixture
def store(tmp_path):
    store = Store(tmp_path / "a.db", DAY)
    yield store
    store.close()


def test_a_file_says_which_version_of_the_schema_it_has(store):
    assert value(store.path, "PRAGMA user_version") == VERSION


def test_a_live_file_is_read_while_it_is_written(store):
    store.write({"poi": [ROW]})
    assert has_wal(store.path)
    with store.transaction() as connection:
        connection.exec_driver_sql("DELETE FROM poi")
        assert value(store.path, COUNT) == 1
    assert value(store.path, COUNT) == 0


def test_a_batch_is_written_whole_or_not_at_all(store):
    with raises(IntegrityError):
        store.write({"poi": [ROW], "events": [stored("events", None)]})
    assert value(store.path, COUNT) == 0
    store.write({"poi": [ROW], "commands": []})
    assert value(store.path, COUNT) == 1


def test_a_finished_file_has_nothing_beside_it(tmp_path, store):
    store.write({"poi": [ROW]})
    store.finish()
    assert not has_wal(store.path)
    assert names(tmp_path) == {"a.db"}


def test_a_file_of_another_version_is_set_aside_untouched(tmp_path, caplog):
    with closing(sqlite3.connect(tmp_path / "a.db")) as connection:
        connection.execute("PRAGMA user_version=7")
    Store(tmp_path / "a.db", DAY).close()
    assert value(tmp_path / "a.db.version-7-1", "PRAGMA user_version") == 7
    assert value(tmp_path / "a.db", "PRAGMA user_version") == VERSION
    assert "set aside" in caplog.text


def test_a_file_that_turns_out_to_be_corrupt_is_set_aside(tmp_path):
    store = Store(tmp_path / "a.db", DAY)
    store.write({"poi": [ROW]})
    store.finish()
    page = value(store.path, "SELECT rootpage FROM sqlite_master WHERE name = 'poi'")
    with store.path.open("r+b") as file:
        file.seek((page - 1) * 4096)
        file.write(b"\xaa" * 4096)
    store = Store(tmp_path / "a.db", DAY)  # what the tables are can be read
    with raises(DatabaseError, match="malformed"):
        store.write({"poi": [ROW]})
    Store(tmp_path / "a.db", DAY).close()
    assert (tmp_path / "a.db.corrupt-1").exists()
    assert value(tmp_path / "a.db", COUNT) == 0


def test_a_file_left_open_is_finished_with_all_its_rows(tmp_path, store):
    store.write({"poi": [ROW]})
    for ending in ("", "-wal"):
        left = store.path.with_name(f"a.db{ending}").read_bytes()
        (tmp_path / f"b.db{ending}").write_bytes(left)
    finish_file(tmp_path / "b.db")
    assert not has_wal(tmp_path / "b.db")
    assert value(tmp_path / "b.db", COUNT) == 1


def test_a_path_may_have_any_characters(tmp_path):
    path = tmp_path / "50 % of #1?"
    path.mkdir()
    store = Store(path / "a.db", DAY)
    store.finish()
    assert names(path) == {"a.db"}
