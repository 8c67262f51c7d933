"""Times as people write and read them."""

import re
from datetime import UTC, datetime, timedelta

_AGO = re.compile(r"-(\d+(?:\.\d+)?)([smhd])")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_UNIT_S = {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86_400.0}
_DAYS_BACK = {"today": 0, "yesterday": 1}


def moment(text: str, now_s: float, *, is_end: bool = False) -> float:
    """The Unix time a text means; with `is_end` the end of a day that is named.

    `now`, `-90m` (s, m, h, d ago), `today`, `yesterday`, `2026-10-25`,
    `2026-10-25T02:30`, `2026-10-25T02:30:00+01:00`. Without an offset it is local; of
    an hour that comes twice, the first. Raises ValueError.
    """
    text = text.strip()
    if text == "now":
        return now_s
    if ago := _AGO.fullmatch(text):
        return now_s - float(ago[1]) * _UNIT_S[ago[2]]
    if text in _DAYS_BACK:
        today = datetime.fromtimestamp(now_s).replace(  # noqa: DTZ006 (local)
            hour=0, minute=0, second=0, microsecond=0
        )
        return _whole_day(today - timedelta(days=_DAYS_BACK[text]), is_end=is_end)
    try:
        told = datetime.fromisoformat(text)
        if _DATE.fullmatch(text):
            return _whole_day(told, is_end=is_end)
        return told.timestamp()
    except (ValueError, OverflowError):
        raise ValueError(
            f"{text} is no time: write 2026-11-21, 2026-11-21T14:30, with an offset "
            "like +01:00 where it matters, today, yesterday, now, or -6h"
        ) from None


def _whole_day(midnight: datetime, *, is_end: bool) -> float:
    return (midnight + timedelta(days=is_end)).timestamp()


def iso(time_s: float, *, utc: bool = False) -> str:
    """With its offset from UTC, so that no hour is meant twice; to the microsecond."""
    return _at(time_s, utc=utc).isoformat(timespec="microseconds")


def readable(time_s: float, *, utc: bool = False) -> str:
    """Date and time to the millisecond, with the offset from UTC."""
    return _at(time_s, utc=utc).isoformat(" ", "milliseconds")


def clock(time_s: float) -> str:
    """The local time of the day."""
    return _at(time_s, utc=False).strftime("%H:%M:%S")


def local_offset_s(time_s: float) -> int:
    """How much local time is ahead of UTC at that moment."""
    offset = _at(time_s, utc=False).utcoffset()
    assert offset is not None
    return int(offset.total_seconds())


def length(value_s: float) -> str:
    """A stretch of time in its two greatest units."""
    if value_s < _UNIT_S["m"]:
        return f"{value_s:.1f} s"
    if value_s < _UNIT_S["h"]:
        return f"{value_s // 60:.0f} min {value_s % 60:.0f} s"
    if value_s < _UNIT_S["d"]:
        return f"{value_s // 3600:.0f} h {value_s % 3600 // 60:.0f} min"
    return f"{value_s // 86_400:.0f} d {value_s % 86_400 // 3600:.0f} h"


def _at(time_s: float, *, utc: bool) -> datetime:
    told = datetime.fromtimestamp(time_s, UTC)
    return told if utc else told.astimezone()
