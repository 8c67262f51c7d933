"""Files as version 2 wrote them, opened by the program of today."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from pytest import fixture, mark, raises

from ppc.database import migrations
from ppc.database.file import has_wal
from ppc.database.migrations import UnknownVersionError
from ppc.database.schema import DAY, TREND, VERSION
from ppc.database.store import Store, bring_up
from tests.database.files import NOON_S, Wall, ask, is_sound, poi, recorder, value

HERE = Path(__file__).parent
FORMS = {"day": DAY, "trend": TREND}
ROWS_COUNT = 500


def write_version_2(path: Path, form: str) -> dict[str, list[tuple]]:
    """Fill all tables; returns what is in them."""
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript((HERE / f"version_2_{form}.sql").read_text())
        connection.execute("PRAGMA journal_mode=wal")
        for name, columns in tables(connection).items():
            marks = ", ".join("?" * len(columns))
            rows = [
                [cell(n, column, at) for at, column in enumerate(columns)]
                for n in range(ROWS_COUNT)
            ]
            connection.executemany(f"INSERT INTO {name} VALUES ({marks})", rows)  # noqa: S608
        connection.commit()
        connection.execute("PRAGMA journal_mode=delete")
    return content(path)


def cell(number: int, column: tuple[str, str], at: int) -> object:
    """Times twice over, names in turn; now and then nothing."""
    name, kind = column
    if name == "ts":
        return NOON_S + number
    if kind == "TEXT":
        return f"{name}{number if name == 'day' else number % 3}"
    return None if (number + at) % 11 == 0 else number + at / 7


def tables(connection) -> dict[str, list[tuple[str, str]]]:
    names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
    asked = "SELECT name, type FROM pragma_table_info(?)"
    return {
        name: connection.execute(asked, (name,)).fetchall()
        for (name,) in names.fetchall()
    }


def content(path: Path) -> dict[str, list[dict]]:
    """All rows by table, as dictionaries."""
    with closing(sqlite3.connect(path)) as connection:
        connection.row_factory = sqlite3.Row
        return {
            name: [dict(row) for row in connection.execute(f"SELECT * FROM {name}")]  # noqa: S608
            for name in tables(connection)
        }


def shape(path: Path) -> dict[str, list[tuple]]:
    asked = "SELECT * FROM pragma_table_info('{}')"
    with closing(sqlite3.connect(path)) as connection:
        return {name: ask(path, asked.format(name)) for name in tables(connection)}


@fixture(params=FORMS)
def form(request):
    return request.param


@fixture
def old(tmp_path, form):
    return tmp_path / f"{form}.db"


def assert_nothing_is_lost(path: Path, before: dict[str, list[dict]]) -> None:
    after = content(path)
    for name, rows in before.items():
        assert len(after[name]) == ROWS_COUNT
        for row, kept in zip(rows, after[name], strict=True):
            assert row.items() <= kept.items()
            assert kept.get("seq", 0) == 0
            assert kept.get("clock") is None
    if "commands" in before:
        assert {row["state"] for row in after["commands"]} == {"issued"}


def test_every_row_is_kept_and_the_form_is_that_of_a_new_file(tmp_path, form, old):
    before = write_version_2(old, form)
    Store(old, FORMS[form]).finish()
    assert_nothing_is_lost(old, before)
    Store(tmp_path / "new.db", FORMS[form]).finish()
    assert shape(old) == shape(tmp_path / "new.db")
    assert value(old, "PRAGMA user_version") == VERSION
    assert is_sound(old)


def test_a_finished_file_is_brought_up_and_stays_finished(form, old):
    before = write_version_2(old, form)
    old.chmod(0o444)
    bring_up(old, FORMS[form])
    assert_nothing_is_lost(old, before)
    assert old.stat().st_mode & 0o777 == 0o444
    assert not has_wal(old)
    assert value(old, "PRAGMA freelist_count") == 0
    changed_ns = old.stat().st_mtime_ns
    bring_up(old, FORMS[form])
    assert old.stat().st_mtime_ns == changed_ns


def test_what_is_interrupted_has_not_begun(form, old, monkeypatch):
    before = write_version_2(old, form)
    whole = migrations._copy
    left = [2]

    def stumble(connection, table, *rest):
        left[0] -= 1
        if left[0] < 0:
            raise OSError(28, "No space left on device")
        whole(connection, table, *rest)

    monkeypatch.setattr(migrations, "_copy", stumble)
    with raises(OSError, match="No space"):
        bring_up(old, FORMS[form])
    assert content(old) == before
    assert value(old, "PRAGMA user_version") == 2
    left[0] = 100
    bring_up(old, FORMS[form])
    assert_nothing_is_lost(old, before)


@mark.parametrize("version", [1, VERSION + 1])
def test_a_version_we_do_not_know_is_refused(old, form, version):
    write_version_2(old, form)
    with closing(sqlite3.connect(old)) as connection:
        connection.execute(f"PRAGMA user_version={version}")
    before = old.read_bytes()
    with raises(UnknownVersionError, match=f"is of version {version}: this program"):
        bring_up(old, FORMS[form])
    assert old.read_bytes() == before


def test_a_file_whose_rows_are_in_its_wal_is_brought_up(tmp_path, form, old):
    write_version_2(tmp_path / "source.db", form)
    with closing(sqlite3.connect(tmp_path / "source.db")) as connection:
        connection.execute("PRAGMA journal_mode=wal")
        connection.execute("DELETE FROM poi WHERE ts > ?", (NOON_S,))
        connection.commit()
        for ending in ("", "-wal"):
            shutil.copy(tmp_path / f"source.db{ending}", f"{old}{ending}")
    bring_up(old, FORMS[form])
    assert value(old, "SELECT count(*) FROM poi") == 1


def test_the_recorder_goes_on_where_version_2_ended(tmp_path):
    for day in ("2026_11_20", "2026_11_21"):
        before = write_version_2(tmp_path / f"{day}.db", "day")
    (tmp_path / "2026_11_20.db").chmod(0o444)
    write_version_2(tmp_path / "trend.db", "trend")
    record = recorder(tmp_path, Wall(NOON_S + ROWS_COUNT))
    record.start()
    record.record("poi", [poi(NOON_S + ROWS_COUNT)])
    record.stop()
    today = tmp_path / "2026_11_21.db"
    assert ask(today, "SELECT seq, ts FROM poi WHERE seq > 0") == [
        (1, NOON_S + ROWS_COUNT)
    ]
    assert value(today, "SELECT count(*) FROM poi") == ROWS_COUNT + 1
    assert len(content(today)["events"]) == len(before["events"])
    assert value(tmp_path / "trend.db", "PRAGMA user_version") == VERSION
    assert value(tmp_path / "trend.db", "SELECT count(*) FROM pv_1m") >= ROWS_COUNT
