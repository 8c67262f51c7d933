import sqlite3
from contextlib import closing

from ppc.database.resume import read_resume
from ppc.database.schema import DAY, KINDS
from ppc.database.store import Store
from tests.database.files import NOON_S, Wall, cut_short, poi, recorder

NUMBERS = KINDS["energy"].numbers
NOTHING = (0, {})


def file(directory, day, seq, counters=(), readings=()):
    """A daily file with the last number, counters and readings (device, seq, Wh)."""
    store = Store(directory / f"{day}.db", DAY)
    rows = [(name, NOON_S, at, wh, None, None) for name, at, wh in counters]
    store.write({"numbering": [(1, seq)], "counters": rows})
    read = [(NOON_S, at, name, 1, wh, None, None) for name, at, wh in readings]
    store.write({"energy": read})
    store.finish()
    return store.path


def counted(wh):
    return dict.fromkeys(NUMBERS) | {NUMBERS[0]: wh}


def test_of_nothing_there_is_nothing(tmp_path):
    assert read_resume(tmp_path) == NOTHING
    assert read_resume(tmp_path / "nowhere") == NOTHING


def test_the_greatest_number_counts_in_whichever_file_it_is(tmp_path):
    file(tmp_path, "2026_11_20", 10, [("pv1", 10, 1.5)])
    file(tmp_path, "2026_11_21", 99, [("pv1", 90, 2.5)])
    file(tmp_path, "2027_01_01", 50, [("pv1", 50, 2.0)])
    assert read_resume(tmp_path) == (99, {"pv1": counted(2.5)})


def test_a_device_that_was_away_has_the_counters_it_had_last(tmp_path):
    file(tmp_path, "2026_11_20", 10, [("pv1", 10, 1.0), ("pv2", 10, 3.0)])
    file(tmp_path, "2026_11_21", 20, [("pv1", 20, 2.0)])
    assert read_resume(tmp_path).counters == {"pv1": counted(2.0), "pv2": counted(3.0)}


def test_counters_that_are_behind_the_last_reading_do_not_go_back(tmp_path):
    file(tmp_path, "2026_11_20", 9, [("pv1", 9, 1.0)], [("pv1", 8, 1.5)])
    assert read_resume(tmp_path).counters == {"pv1": counted(1.5)}
    file(tmp_path, "2026_11_21", 20, [("pv1", 20, 4.0)], [("pv1", 18, 3.5)])
    assert read_resume(tmp_path).counters == {"pv1": counted(4.0)}


def test_a_file_that_must_be_mended_first_tells_its_number(tmp_path):
    path = file(tmp_path, "2026_11_20", 7)
    cut_short(path, "UPDATE numbering SET seq = 9")
    assert read_resume(tmp_path) == (7, {})


def test_a_file_that_cannot_be_read_is_left_out(tmp_path):
    file(tmp_path, "2026_11_19", 7)
    (tmp_path / "2026_11_20.db").write_bytes(b"this is no database" * 1000)
    with closing(sqlite3.connect(tmp_path / "2026_11_21.db")) as connection:
        connection.execute("CREATE TABLE poi (ts)")
    assert read_resume(tmp_path) == (7, {})


def run(directory, now_s, wh=None):
    """A life of a recorder; returns the counters it found."""
    record = recorder(directory, Wall(now_s))
    record.start()
    record.record("poi", [poi(now_s)])
    if wh is not None:
        row = {"device": "pv1", "ts": now_s, "e_export_wh": wh}
        record.count([row])
    record.stop()
    return record.counted


def test_counters_go_on_exactly_over_a_restart_on_another_day(tmp_path):
    assert run(tmp_path, NOON_S, wh=0.1 + 0.2) == {}
    assert run(tmp_path, NOON_S + 86_400.0) == {"pv1": counted(0.1 + 0.2)}
    assert run(tmp_path, NOON_S + 2 * 86_400.0, wh=7.0)["pv1"] == counted(0.1 + 0.2)
    assert run(tmp_path, NOON_S - 86_400.0)["pv1"] == counted(7.0)
