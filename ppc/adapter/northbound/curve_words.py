"""Curves a source can read and have adopted: their numbers, and whose they are."""

from collections.abc import Iterable, Mapping, Sequence
from enum import IntEnum
from math import isnan, nan
from typing import Any, NamedTuple

MOST_POINTS = 10
Points = Sequence[tuple[float, float]]
Settings = Mapping[str, Any]
"""The settings of one control function, by name."""
_FIGURES = 7
"""Digits that a 32-bit float holds."""


class Result(IntEnum):
    """How far the last request has come. As SunSpec AdptCrvRslt, one higher."""

    IDLE = 0
    IN_PROGRESS = 1
    COMPLETED = 2
    FAILED = 3


class Reason(IntEnum):
    """Why the last request failed, or what else is to be said."""

    NONE = 0
    UNKNOWN_CURVE = 1
    NUMBER_OF_POINTS = 2
    NO_FUNCTION = 3
    VALUES = 4
    """Not rising, out of range, or at odds with other settings: the log says which."""
    NOTHING_CHANGED = 5
    NOT_TAKEN_OVER = 6
    """Control does not run, or took it over too late."""
    NOT_WRITTEN_DOWN = 7
    FILES_DIFFER = 8
    """The files are not what they were at the start of the controller."""


class Curve(NamedTuple):
    """A characteristic of a control function."""

    function: str
    x: str
    y: str
    meaning: str
    setting: str = ""
    """Of its points. Empty: two pairs of single settings stand for them."""
    pairs: tuple[tuple[str, str], ...] = ()

    def points(self, settings: Settings) -> Points:
        """As they are in force; NaN where a setting has no figure of its own."""
        if self.setting:
            return settings[self.setting] or ()
        return [(_known(settings[x]), _known(settings[y])) for x, y in self.pairs]

    def changes(self, points: Points, response_s: float) -> dict[str, Any]:
        """The settings that make these points, and 90 % of the answer in that time.

        NaN: a single setting, or the time, stays as it is.
        """
        found: dict[str, Any] = {}
        if self.setting:
            found[self.setting] = [[_short(x), _short(y)] for x, y in points]
        for names, values in zip(self.pairs, points, strict=False):
            told: Iterable[tuple[str, float]] = zip(names, values, strict=True)
            found |= {name: _short(v) for name, v in told if not isnan(v)}
        if not isnan(response_s):
            found["response_s"] = _short(response_s)
        return found

    @property
    def counts(self) -> range:
        """How many points it may have."""
        most = len(self.pairs) or MOST_POINTS
        return range(len(self.pairs) or 2, most + 1)


CURVES: Mapping[int, Curve] = {
    1: Curve("volt_var", "V/Vn", "Q/p_max_w", "Q(U)", "points_pu"),
    2: Curve(
        "limited_frequency_sensitive_mode",
        *(
            "Hz",
            "droop, pu",
            "P(f) beyond a band: upper edge and droop, lower edge and",
        ),
        pairs=(("over_hz", "droop_pu"), ("under_hz", "droop_under_pu")),
    ),
    3: Curve("watt_var", "P/p_max_w", "Q/p_max_w", "Q(P)", "points_pu"),
    4: Curve("volt_watt", "V/Vn", "P/p_max_w", "most P(U)", "points_pu"),
    5: Curve("power_factor", "P/p_max_w", "cos phi", "cos phi(P)", "points_p_pf"),
    6: Curve(
        "frequency_sensitive_mode",
        *("Hz off nominal", "share of the reserve", "P(f)", "points_hz_pu"),
    ),
}


def _known(value: float | None) -> float:
    return nan if value is None else value


def _short(value: float) -> float:
    """Without the digits that come of 32 bits: 0.95, not 0.949999988."""
    return float(f"{value:.{_FIGURES}g}")
