import os
from datetime import UTC

from pytest import fixture, mark

from ppc.database import writer as module
from ppc.database.attempts import Attempts
from ppc.database.daily import Daily
from ppc.database.retention import Retention
from ppc.database.schema import DAY, KINDS
from ppc.database.space import Space
from ppc.database.trend import Trend
from ppc.database.writer import Entry, Writer
from tests.database.files import DAY_S, NOON_S, Wall, ask, poi, value

FILE, NEXT = "2026_11_21.db", "2026_11_22.db"
KEEP = Retention(raw_days=7, trend_days=400, daily_files=400)


class Parts:
    """A writer with real files, in this thread."""

    def __init__(self, directory):
        self.directory = directory
        self.lost = []
        self.daily = Daily(directory, lambda _: None)
        trend = Trend(directory / "trend.db", retention=KEEP, wall_s=Wall())
        self.writer = Writer(
            self.daily,
            trend,
            zone=UTC,
            attempts=Attempts(lambda: sum(self.lost)),
            space=Space(directory, ballast_bytes=0, lost=lambda: sum(self.lost)),
            drop=self.lost.append,
        )
        self.trend = trend

    def write(self, *entries, **more):
        self.writer.write(entries, **more)

    def close(self):
        self.daily.close()
        self.trend.close()

    def ask(self, sql, file=FILE):
        return ask(self.directory / file, sql)


@fixture
def parts(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "_AGAIN_S", 0.0)
    parts = Parts(tmp_path / "db")
    yield parts
    parts.close()


def sample(ts=NOON_S, told=None, **values):
    return Entry("poi", [{**poi(ts), **values}], 1, told)


def event(text, ts=NOON_S, told=None):
    row = {"ts": ts, "source": "test", "severity": "info", "text": text}
    return Entry("events", [row], 1, told)


def test_hand_ins_are_numbered_over_all_tables(parts):
    parts.write(sample(), event("a"))
    parts.write(event("b"), sample(NOON_S + 1))
    numbers = "SELECT seq FROM poi UNION ALL SELECT seq FROM events ORDER BY 1"
    assert parts.ask(numbers) == [(1,), (2,), (3,), (4,)]
    assert parts.ask("SELECT seq FROM numbering") == [(4,)]


def test_what_was_dropped_leaves_a_gap(parts):
    parts.write(sample(), passed_over_count=3)
    parts.write(sample(NOON_S + 1), sample(None), sample(NOON_S + 2))
    assert parts.ask("SELECT seq FROM poi") == [(1,), (5,), (7,)]
    assert sum(parts.lost) == 1


def test_rows_tell_whether_the_clock_was_trusted(parts):
    parts.write(sample()._replace(clock=0), sample(NOON_S + 1))
    assert parts.ask("SELECT clock FROM poi") == [(0,), (1,)]


def test_samples_and_durable_rows_are_two_transactions(parts):
    seen = []
    raw = parts.daily.turn_to("2026_11_21").connection.connection.driver_connection
    raw.set_trace_callback(
        lambda sql: seen.append(sql) if sql.startswith(("INS", "COM", "PRAG")) else None
    )
    parts.write(event("a"), sample(), event("b"))
    raw.set_trace_callback(None)
    heads = [" ".join(sql.split()[:5]) for sql in seen]
    assert heads == [
        "PRAGMA synchronous=NORMAL",
        "INSERT OR REPLACE INTO poi",
        "INSERT OR REPLACE INTO numbering",
        "COMMIT",
        "PRAGMA synchronous=FULL",
        "INSERT OR REPLACE INTO events",
        "INSERT OR REPLACE INTO events",
        "INSERT OR REPLACE INTO numbering",
        "COMMIT",
    ]


def test_who_hands_in_hears_when_it_is_on_the_disk(parts):
    told = []

    def ask_then(good):
        told.append((good, len(parts.ask("SELECT * FROM events"))))

    parts.write(event("a", told=ask_then))
    assert told == [(True, 1)]
    parts.write(sample(told=told.append))
    assert told[1:] == [True]


def test_a_hand_in_over_midnight_is_told_of_once(parts):
    told = []
    rows = [event("a").rows[0], event("b", NOON_S + DAY_S).rows[0]]
    parts.write(Entry("events", rows, 1, told.append))
    assert told == [True]
    assert parts.ask("SELECT text, seq FROM events") == [("a", 1)]
    assert parts.ask("SELECT text, seq FROM events", NEXT) == [("b", 1)]


@mark.parametrize("bad", [[], 2**70, "\ud800"], ids=["list", "too long", "surrogate"])
def test_an_impossible_value_costs_its_row_and_no_other(parts, bad):
    told = []
    entries = [sample(NOON_S + n, p_w=p_w) for n, p_w in enumerate((1.0, bad, 2.0))]
    parts.write(*entries, event("a", told=told.append))
    parts.write(event(bad, told=told.append), event("c", told=told.append))
    assert parts.ask("SELECT p_w FROM poi") == [(1.0,), (2.0,)]
    assert parts.ask("SELECT text FROM events") == [("a",), ("c",)]
    assert told == [True, False, True]
    assert sum(parts.lost) == 2


def test_watts_and_vars_are_whole_numbers(parts):
    parts.write(sample(p_w=1.0e6 + 0.6, q_var=-0.6, v_v=20000.4))
    row = {"ts": NOON_S, "device": "pv1", "e_export_wh": 0.25}
    parts.write(Entry("energy", [row], 1, None))
    assert parts.ask("SELECT p_w, q_var, v_v FROM poi") == [(1000001.0, -1.0, 20000.4)]
    assert parts.ask("SELECT e_export_wh FROM energy") == [(0.25,)]
    whole = {
        (table.name, column.name)
        for table in DAY.tables.values()
        for column in table.c
        if column.info.get("whole")
    }
    assert whole == {
        (kind.name, name)
        for kind in KINDS.values()
        for name in kind.numbers
        if name.endswith(("_w", "_var"))
    }


def test_durable_rows_wait_for_a_disk_that_refuses_and_samples_do_not(parts, caplog):
    told = []
    parts.directory.write_text("in the way")
    parts.write(sample(), event("a", told=told.append))
    parts.write(event("b", NOON_S - DAY_S, told=told.append))
    assert (told, sum(parts.lost)) == ([], 1)
    parts.directory.unlink()
    parts.write(sample(NOON_S + 1))
    assert told == [True, True]
    assert parts.ask("SELECT text, seq FROM events") == [("a", 2)]
    assert parts.ask("SELECT text, seq FROM events", "2026_11_20.db") == [("b", 3)]
    assert parts.ask("SELECT seq FROM poi") == [(4,)]
    assert sum(parts.lost) == 1
    assert caplog.text.count("today's file cannot be written") == 1
    assert value(parts.directory / "trend.db", "SELECT count(*) FROM events") == 2


def test_what_the_disk_refuses_to_the_end_is_lost_and_told(parts):
    told = []
    parts.directory.write_text("in the way")
    parts.write(event("a", told=told.append), is_last=True)
    assert told == [False]
    assert sum(parts.lost) == 1


def test_who_waits_for_a_disk_is_limited_in_number_and_tries(parts, monkeypatch):
    monkeypatch.setattr(module, "_UNWRITTEN", 2)
    monkeypatch.setattr(module, "_TRIES", 3)
    told = []
    parts.directory.write_text("in the way")
    parts.write(*(event(text, told=told.append) for text in "abc"))
    assert told == [False]
    parts.write()
    assert told == [False]
    parts.write()
    assert told == [False] * 3
    parts.directory.unlink()
    parts.write(event("d"))
    assert parts.ask("SELECT text, seq FROM events") == [("d", 4)]


def test_a_corrupt_file_costs_no_durable_row(parts):
    parts.write(sample(), event("a"))
    parts.daily.finish()
    path = parts.directory / FILE
    page = value(path, "SELECT rootpage FROM sqlite_master WHERE name = 'events'")
    path.chmod(0o644)
    with path.open("r+b") as file:
        os.pwrite(file.fileno(), b"\xaa" * 4096, (page - 1) * 4096)
    told = []
    parts.write(event("b", told=told.append))
    parts.write()
    assert told == [True]
    assert (parts.directory / f"{FILE}.corrupt-1").exists()
    assert parts.ask("SELECT text FROM events") == [("b",)]


def test_counters_are_replaced_and_go_where_the_newest_row_goes(parts):
    first = [{"device": "pv1", "ts": NOON_S, "e_export_wh": 1 / 3}]
    parts.write(sample(), counters=first)
    second = [{"device": "pv1", "ts": NOON_S + DAY_S, "e_export_wh": 2 / 3}]
    parts.write(sample(NOON_S + 1), sample(NOON_S + DAY_S), counters=second)
    counters = "SELECT seq, e_export_wh FROM counters"
    assert parts.ask(counters) == [(1, 1 / 3)]
    assert parts.ask(counters, NEXT) == [(3, 2 / 3)]
    third = [{"device": "pv1", "ts": NOON_S + DAY_S, "e_export_wh": 1.0}]
    parts.write(counters=third)
    assert parts.ask(counters, NEXT) == [(3, 1.0)]


@mark.parametrize("bad", [[{"device": "pv1"}], [{"ts": NOON_S}], [None], [{"ts": "?"}]])
def test_counters_that_do_not_fit_cost_nothing_else(parts, bad, caplog):
    parts.write(sample(), counters=bad)
    parts.write(sample(NOON_S + 1), counters=bad)
    assert parts.ask("SELECT count(*) FROM poi") == [(2,)]
    assert caplog.text.count("counters that do not fit") == 1
