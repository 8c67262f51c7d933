from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st
from pytest import approx

from ppc.metier.wall_clock import local_time

TIMES = st.integers(0, 4 * 10**9).map(float)
BERLIN = ZoneInfo("Europe/Berlin")


@given(TIMES)
def test_utc_is_that_of_the_calendar(wall_s: float):
    there = datetime.fromtimestamp(wall_s, UTC)
    shown = local_time(wall_s, utc_offset_s=0.0)
    assert shown.weekday == there.weekday()
    assert shown.hours == approx(
        there.hour + there.minute / 60 + there.second / 3600, abs=1 / 3600
    )


@given(
    (
        st.integers(9 * 10**8, 21 * 10**8) | st.integers(1_774_700_000, 1_774_800_000)
    ).map(float)
)
def test_summer_time_of_the_union_is_that_of_the_zone(wall_s: float):
    there = datetime.fromtimestamp(wall_s, BERLIN)
    shown = local_time(wall_s, utc_offset_s=3600.0, summer_time="eu")
    assert (shown.weekday, int(shown.hours)) == (there.weekday(), there.hour)


def test_the_very_second_of_the_change():
    begins_s = datetime(2026, 3, 29, 1, tzinfo=UTC).timestamp()
    ends_s = datetime(2026, 10, 25, 1, tzinfo=UTC).timestamp()
    hours = [
        local_time(s, utc_offset_s=3600.0, summer_time="eu").hours
        for s in (begins_s - 1, begins_s, ends_s - 1, ends_s)
    ]
    assert hours == approx([2.0, 3.0, 3.0, 2.0], abs=1e-3)


def test_a_fixed_offset_may_go_past_midnight():
    shown = local_time(1_782_000_000.0 - 1800.0, utc_offset_s=3600.0)
    assert (shown.weekday, shown.hours) == (6, approx(0.5))
