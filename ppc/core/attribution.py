"""Who keeps the plant from what was wished."""

from ppc.datamodel.envelope import Interval

CAPABILITY = "capability"
_TOLERANCE = 1e-6


class Bounds:
    """Of one quantity: who last tightened each side, and who was in the way."""

    def __init__(self, start: Interval) -> None:
        self._now = start
        self._low_by = self._high_by = CAPABILITY
        self.limited_by = ""

    def tighten(self, by: str, interval: Interval, wish: float | None) -> None:
        """Take in what `by` left of the interval; `wish` when it has just chosen."""
        before = self._now
        if wish is not None:
            slack = _TOLERANCE * max(1.0, abs(wish))
            if wish > before.high + slack:
                self.limited_by = self._high_by
            elif wish < before.low - slack:
                self.limited_by = self._low_by
        else:
            if interval.high < before.high:
                self._high_by = by
            if interval.low > before.low:
                self._low_by = by
        self._now = interval
