from pytest import fixture

from ppc.database import takeover
from ppc.database.daily import Daily
from ppc.database.schema import TREND
from ppc.database.store import Store
from ppc.database.takeover import attached, cut, list_day, span_s, take_over
from tests.database.files import HOUR_S, NOON_S, ask, stored, stored_poi, value


@fixture
def store(tmp_path):
    store = Store(tmp_path / "trend.db", TREND)
    yield store
    store.close()


@fixture
def day(tmp_path):
    """Two hours and a half of samples, an event before and a verdict after."""
    daily = Daily(tmp_path, lambda _: None)
    batch = {
        "poi": [stored_poi(NOON_S + 60 * n) for n in range(150)],
        "events": [stored("events", NOON_S - 1, source="a", text="b")],
        "verdicts": [stored("verdicts", NOON_S + 3 * HOUR_S, function="f")],
    }
    daily.write("2026_11_21", batch)
    daily.write("2026_11_22", {})
    daily.close()
    return tmp_path / "2026_11_21.db"


def test_a_day_lasts_from_its_first_row_to_its_last(store, day):
    with attached(store.connection, day):
        assert span_s(store.connection) == (NOON_S - 1, NOON_S + 3 * HOUR_S)
        assert len(cut(store.connection, day)) == 5
    with attached(store.connection, day.with_name("2026_11_22.db")):
        assert span_s(store.connection) is None
        assert cut(store.connection, day) == []


def test_large_files_are_cut_finer_into_whole_minutes(store, day, monkeypatch):
    monkeypatch.setattr(takeover, "_SLICE_BYTES", day.stat().st_size / 5 / 7.4)
    with attached(store.connection, day):
        parts = cut(store.connection, day)
    assert all(part.until_s - part.since_s == 480 for part in parts)
    assert parts[0].since_s <= NOON_S - 1
    assert parts[-1].until_s > NOON_S + 3 * HOUR_S


def test_cut_finer_all_is_there_just_as_well(store, day, monkeypatch):
    monkeypatch.setattr(takeover, "_SLICE_BYTES", day.stat().st_size / 5 / 7.4)
    with attached(store.connection, day):
        for part in reversed(cut(store.connection, day)):
            take_over(store.connection, part, 0.0)
    assert value(store.path, "SELECT count(*) FROM poi") == 150
    for table in ("poi_1m", "poi_15m"):
        counted = f"SELECT sum(samples_count) FROM {table}"  # noqa: S608
        assert value(store.path, counted) == 150


def test_of_fine_rows_only_young_ones_are_copied(store, day):
    with attached(store.connection, day):
        for part in cut(store.connection, day):
            take_over(store.connection, part, NOON_S + HOUR_S)
    assert value(store.path, "SELECT count(*) FROM poi") == 90
    assert value(store.path, "SELECT count(*) FROM events") == 1
    assert value(store.path, "SELECT sum(samples_count) FROM poi_1m") == 150


def test_a_listed_day_is_not_looked_through_yet(store, day):
    with attached(store.connection, day):
        list_day(store.connection, day)
    listed = "SELECT day, file, bytes, integrity, thinned FROM days"
    assert ask(store.path, listed) == [
        ("2026_11_21", day.name, day.stat().st_size, None, 0)
    ]
