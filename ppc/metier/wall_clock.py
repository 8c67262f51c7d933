"""Day of the week and time of the day at the plant, from Unix time."""

from typing import Literal, NamedTuple

_HOUR_S, _DAY_S, _WEEK_DAYS = 3600.0, 86400.0, 7
_THURSDAY = 3
"""1 January 1970; Monday is 0."""
_MARCH, _OCTOBER, _LONG_MONTH = 3, 10, 31
_CHANGE_S = 3600.0
"""Time of day, UTC, at which summer time begins and ends."""

SummerTime = Literal["none", "eu"]


class LocalTime(NamedTuple):
    """What a clock at the plant shows."""

    weekday: int
    """Monday is 0."""
    hours: float
    """Since midnight, [0, 24)."""


def local_time(
    wall_s: float, *, utc_offset_s: float, summer_time: SummerTime = "none"
) -> LocalTime:
    """What a clock at the plant shows at Unix time `wall_s`.

    Args:
        wall_s: Unix time [s].
        utc_offset_s: How much standard time is ahead of UTC [s].
        summer_time: Whose rule puts the clock an hour ahead in summer.

    Source:
        Unix time counts days of 86400 s. Directive 2000/84/EC, articles 2 and 3:
        summer time from the last Sunday of March to that of October, 01:00 UTC.
    """
    if summer_time == "eu" and _summer(wall_s):
        utc_offset_s += _HOUR_S
    day, second = divmod(wall_s + utc_offset_s, _DAY_S)
    return LocalTime(_weekday(int(day)), second / _HOUR_S)


def _weekday(day: int) -> int:
    return (day + _THURSDAY) % _WEEK_DAYS


def _summer(wall_s: float) -> bool:
    day, second = divmod(wall_s, _DAY_S)
    month, date = _month_and_date(int(day))
    if month not in {_MARCH, _OCTOBER}:
        return _MARCH < month < _OCTOBER
    last_sunday = _LONG_MONTH - (_weekday(int(day) + _LONG_MONTH - date) + 1) % 7
    changed = date > last_sunday or (date == last_sunday and second >= _CHANGE_S)
    return changed == (month == _MARCH)


def _month_and_date(day: int) -> tuple[int, int]:
    """Of a day since 1970-01-01, in the Gregorian calendar counted from 1 March."""
    in_era = (day + 719468) % 146097
    year = (in_era - in_era // 1460 + in_era // 36524 - in_era // 146096) // 365
    in_year = in_era - (365 * year + year // 4 - year // 100)
    since_march = (5 * in_year + 2) // 153
    date = in_year - (153 * since_march + 2) // 5 + 1
    return (since_march + 2) % 12 + 1, date
