from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from pytest import mark, raises

from ppc.database.daily import day_name
from ppc.database.rows import Calendar, count_row, fit
from ppc.database.schema import COUNTERS, DAY, KINDS
from tests.database.files import NOON_S, poi

ST_JOHNS = ZoneInfo("America/St_Johns")


@mark.parametrize("table", KINDS)
def test_values_stand_in_the_order_of_the_columns(table):
    columns = DAY.tables[table].c.keys()
    row = {name: name for name in columns if name not in {"seq", "clock"}}
    values = dict(zip(columns, fit(table, row, 7, 1), strict=True))
    assert values == {**row, "seq": 7, "clock": 1}


def test_counters_stand_in_the_order_of_the_columns():
    row = {name: name for name in COUNTERS.c.keys() if name != "seq"}  # noqa: SIM118
    values = dict(zip(COUNTERS.c.keys(), count_row(row, 7), strict=True))
    assert values == {**row, "seq": 7}


@mark.parametrize(
    ("table", "row"),
    [
        ("no_such_table", {"ts": NOON_S}),
        ("poi", {**poi(NOON_S), "no_such_column": 1}),
        ("poi", {**poi(NOON_S), "device": None}),
        ("poi", poi(None)),
        ("poi", {"device": "poi"}),
    ],
)
def test_a_row_without_a_place_is_refused(table, row):
    with raises(LookupError):
        fit(table, row, 1, 1)


def test_a_date_is_right_to_the_second_when_it_comes_twice():
    """Newfoundland set its clocks back at one minute past midnight until 2011."""
    began_s = datetime(2010, 11, 6, 23, 0, tzinfo=ST_JOHNS).timestamp()
    calendar = Calendar(ST_JOHNS)
    days = []
    for tenth in range(3 * 36_000):
        day = calendar.day(began_s + tenth / 10)
        if tenth % 997 == 0:
            assert day == day_name(began_s + tenth / 10, ST_JOHNS)
        if not days or days[-1] != day:
            days.append(day)
    assert days == ["2010_11_06", "2010_11_07", "2010_11_06", "2010_11_07"]


def test_nobody_numbers_rows_but_the_writer():
    row = {**poi(NOON_S), "seq": 1, "clock": 0}
    assert fit("poi", row, 7, 1) == fit("poi", poi(NOON_S), 7, 1)


@mark.parametrize("time_s", [float("nan"), float("inf"), 1e30, "noon", None])
def test_what_is_no_time_has_no_date(time_s):
    calendar = Calendar(UTC)
    calendar.day(NOON_S)
    with raises((ValueError, OverflowError, OSError, TypeError)):
        calendar.day(time_s)
    assert calendar.day(NOON_S + timedelta(days=1).total_seconds()) == "2026_11_22"
