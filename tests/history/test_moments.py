from pytest import fixture, mark, raises

from ppc.history.moments import iso, length, local_offset_s, moment, readable
from tests.history.records import zone

NOW_S = 1_792_928_700.0  # 2026-10-25 12:45 in Paris


@fixture(autouse=True)
def _paris():
    with zone("Europe/Paris"):
        yield


@mark.parametrize(
    ("text", "means"),
    [
        ("now", "2026-10-25T12:45:00.000000+01:00"),
        ("-90m", "2026-10-25T11:15:00.000000+01:00"),
        ("-1d", "2026-10-24T13:45:00.000000+02:00"),
        ("today", "2026-10-25T00:00:00.000000+02:00"),
        ("yesterday", "2026-10-24T00:00:00.000000+02:00"),
        ("2026-10-25", "2026-10-25T00:00:00.000000+02:00"),
        ("2026-10-25T02:30", "2026-10-25T02:30:00.000000+02:00"),
        ("2026-10-25T02:30+01:00", "2026-10-25T02:30:00.000000+01:00"),
        ("2026-10-25 14:00:00.25", "2026-10-25T14:00:00.250000+01:00"),
        ("2026-10-25T00:30Z", "2026-10-25T02:30:00.000000+02:00"),
    ],
)
def test_times_are_understood_in_local_time(text, means):
    assert iso(moment(text, NOW_S)) == means


def test_the_end_of_a_day_is_midnight_though_it_has_25_hours():
    since_s = moment("2026-10-25", NOW_S)
    until_s = moment("2026-10-25", NOW_S, is_end=True)
    assert until_s - since_s == 25 * 3600
    assert moment("today", NOW_S, is_end=True) == until_s
    assert moment("now", NOW_S, is_end=True) == NOW_S


@mark.parametrize("text", ["soon", "", "25.10.2026", "-6 weeks", "2026-02-30"])
def test_what_is_no_time_is_refused_with_what_is_one(text):
    with raises(ValueError, match="is no time: write 2026-11-21"):
        moment(text, NOW_S)


def test_the_hour_that_comes_twice_is_told_apart():
    first_s = moment("2026-10-25T02:30", NOW_S)
    assert iso(first_s + 3600.0) == "2026-10-25T02:30:00.000000+01:00"
    assert readable(first_s + 3600.25) == "2026-10-25 02:30:00.250+01:00"
    assert iso(first_s + 3600.0, utc=True) == "2026-10-25T01:30:00.000000+00:00"
    assert local_offset_s(first_s + 3600.0) == 3600


@mark.parametrize(
    ("value_s", "told"),
    [
        (3.25, "3.2 s"),
        (61.0, "1 min 1 s"),
        (7260.0, "2 h 1 min"),
        (90_000.0, "1 d 1 h"),
    ],
)
def test_lengths_are_told_in_two_units(value_s, told):
    assert length(value_s) == told
