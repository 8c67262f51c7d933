import sqlite3
from contextlib import closing

from pytest import mark, raises

from ppc.database.schema import VERSION
from ppc.history.day_file import DayFile, Unreadable
from tests.database.files import NOON_S, Wall, recorder, wait_until, written
from tests.history.records import sample, write


def test_a_finished_file_is_read(tmp_path):
    write(tmp_path, [NOON_S, NOON_S + 1])
    with DayFile(tmp_path / "2026_11_21.db") as file:
        assert file.version == VERSION
        assert "soc_pu" in file.columns("bess")
        assert file.value("SELECT count(*) FROM pv") == 4


def test_a_live_file_is_read_with_what_is_in_its_wal(tmp_path):
    record = recorder(tmp_path, Wall())
    record.start()
    try:
        sample(record, NOON_S)
        path = tmp_path / "2026_11_21.db"
        wait_until(lambda: written(path, "SELECT count(*) FROM poi"))
        with DayFile(path) as file:
            assert file.value("SELECT p_w FROM poi") == 333_333
        assert path.with_name("2026_11_21.db-wal").stat().st_size
    finally:
        record.stop()


def make_version_2(path):
    """A file as version 2 had it: without numbers, with less columns."""
    with closing(sqlite3.connect(path)) as db:
        db.execute(
            "CREATE TABLE poi (ts REAL, device TEXT, v_v REAL, f_hz REAL, p_w REAL,"
            " q_var REAL, quality INTEGER, PRIMARY KEY (ts, device)) WITHOUT ROWID"
        )
        db.execute("INSERT INTO poi VALUES (?, 'poi', 2e4, 50, 1e6, 0, 0)", (NOON_S,))
        db.execute("PRAGMA user_version=2")
        db.commit()


def test_a_file_of_an_older_version_is_read(tmp_path):
    path = tmp_path / "2026_11_20.db"
    make_version_2(path)
    with DayFile(path) as file:
        assert file.version == 2
        assert file.tables == ("poi",)
        assert "seq" not in file.columns("poi")


def corrupt(path):
    path.write_bytes(b"SQLite format 3\x00" + b"\x55" * 5000)


def foreign(path):
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE recipes (name TEXT)")


def of_the_future(path):
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE poi (ts REAL)")
        db.execute(f"PRAGMA user_version={VERSION + 1}")


@mark.parametrize(
    ("make", "says"),
    [
        (lambda path: path.touch(), "2026_11_20.db: is empty"),
        (lambda _: None, "2026_11_20.db: No such file"),
        (lambda path: path.write_text("a letter" * 900), "file is not a database"),
        (corrupt, "2026_11_20.db: "),
        (foreign, "2026_11_20.db: is no file of the record"),
        (of_the_future, f"is of version {VERSION + 1}; this program knows {VERSION}"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_name(tmp_path, make, says):
    path = tmp_path / "2026_11_20.db"
    make(path)
    with raises(Unreadable, match=says):
        DayFile(path)
