"""What was handed in is what is there: daily files, trend.db, and all made of it."""

from datetime import datetime
from zoneinfo import ZoneInfo

from pytest import approx, fixture

from ppc.database.daily import daily_files
from ppc.database.schema import IN_TREND, KINDS, SAMPLED
from tests.database.files import HOUR_S, Wall, ask, poi, recorder, value, wait_until

PARIS = ZoneInfo("Europe/Paris")
BEGAN_S = datetime(2026, 10, 24, tzinfo=PARIS).timestamp()
"""Three days, the second of 25 hours."""
END_S = datetime(2026, 10, 27, tzinfo=PARIS).timestamp()
STEP_S = 20.0
BACK_S, BACK_AT_S = 3 * HOUR_S, BEGAN_S + 26 * HOUR_S
"""The clock is set back over midnight, and half a day later forward again."""
FORWARD_AT_S = BEGAN_S + 38 * HOUR_S
GAP_S = (BEGAN_S + 60 * HOUR_S, BEGAN_S + 60 * HOUR_S + 700.0)
"""Switched off."""


def script():
    """What the wall clock says at every sample, in order."""
    steps_count = int((END_S - BEGAN_S) / STEP_S)
    for n in range(steps_count):
        true_s = BEGAN_S + n * STEP_S
        if GAP_S[0] <= true_s < GAP_S[1]:
            continue
        is_back = BACK_AT_S <= true_s < FORWARD_AT_S
        yield n, true_s - BACK_S * is_back


@fixture(scope="module")
def recorded(tmp_path_factory):
    """The folder, and how many rows each table got."""
    directory = tmp_path_factory.mktemp("db")
    handed_in = dict.fromkeys(KINDS, 0)
    record = recorder(directory, Wall(END_S - 1.0), zone=PARIS)

    def give(table, *rows):
        record.record(table, rows)
        handed_in[table] += len(rows)

    record.start()
    for n, ts in script():
        unit = {"ts": ts, "p_w": float(n), "quality": 0}
        give("poi", poi(ts, float(n % 1000)))
        give("bess", *({**unit, "device": f"bess{m}"} for m in range(2)))
        if n % 2:
            give("decisions", {"ts": ts, "p_w": float(n), "modes": f"{n}"})
        if n % 3 == 0:
            counters = {"e_export_wh": 5.0 * n, "e_import_wh": 0.25 * n}
            give("energy", {"ts": ts, "device": "poi", **counters})
        if n % 50 == 0:
            give("events", {"ts": ts, "source": "test", "text": f"{n}"})
            give("orders", {"ts": ts, "source": "scada", "key": "p_set_w", "number": n})
        if n % 3000 == 0:
            wait_until(lambda: not record._waiting._entries)
    record.stop()
    assert record.dropped == 0
    return directory, handed_in


def count(path, table, what="count(*)"):
    return value(path, f"SELECT {what} FROM {table}") or 0  # noqa: S608


def test_every_row_is_in_a_daily_file_once(recorded):
    directory, handed_in = recorded
    files = daily_files(directory)
    assert [path.stem for path in files] == ["2026_10_24", "2026_10_25", "2026_10_26"]
    found = {name: sum(count(path, name) for path in files) for name in KINDS}
    assert found == handed_in


def test_every_row_is_in_trend_db_once(recorded):
    directory, handed_in = recorded
    for kind in IN_TREND:
        assert count(directory / "trend.db", kind.name) == handed_in[kind.name]
        rows = f"SELECT * FROM {kind.name} ORDER BY ts, seq"  # noqa: S608
        in_files = [row for path in daily_files(directory) for row in ask(path, rows)]
        assert ask(directory / "trend.db", rows) == sorted(
            in_files, key=lambda r: r[:2]
        )


def test_minutes_and_quarters_are_made_of_every_row(recorded):
    directory, handed_in = recorded
    for kind in SAMPLED:
        for ending in ("_1m", "_15m"):
            total = count(
                directory / "trend.db", kind.name + ending, "sum(samples_count)"
            )
            assert total == handed_in[kind.name]


def test_sums_are_kept_by_every_roll_up(recorded):
    directory, _ = recorded
    trend = directory / "trend.db"
    exact = count(trend, "bess", "sum(p_w)")
    for ending in ("_1m", "_15m"):
        weighted = count(trend, f"bess{ending}", "sum(p_w_avg * samples_count)")
        assert weighted == approx(exact, rel=1e-12)
        for end in ("min", "max"):
            told = count(trend, f"bess{ending}", f"{end}(p_w_{end})")
            assert told == count(trend, "bess", f"{end}(p_w)")


def test_energy_of_the_days_is_what_was_counted(recorded):
    directory, _ = recorded
    trend = directory / "trend.db"
    counted = "SELECT max(e_export_wh) - min(e_export_wh) FROM energy"
    told = ask(trend, "SELECT day, e_export_wh, e_import_wh FROM energy_1d")
    assert [row[0] for row in told] == ["2026-10-24", "2026-10-25", "2026-10-26"]
    assert sum(row[1] for row in told) == approx(value(trend, counted), rel=1e-12)
    assert sum(row[1] for row in told) == approx(20 * sum(row[2] for row in told))
    minute = 1.0 / 60.0  # as the clock was set back, read at the earlier date
    hours = (25.0 + minute, 24.0 - minute, 24.0 - minute)
    assert [row[1] for row in told] == approx([900.0 * each for each in hours])
