"""Energy of one device: the integral of what was measured, no more and no less."""

from dataclasses import dataclass
from typing import NamedTuple

_S_PER_H = 3600.0


class Reading(NamedTuple):
    """Power at one moment, monotonic seconds, and until when it may be believed."""

    time_s: float
    expires_s: float
    p_w: float
    possible_w: float | None = None
    """What could have been given. None: not known now, or never told."""


@dataclass(slots=True)
class Energy:
    """Counters that only grow, in both directions.

    Power runs in a straight line from one reading to the next; a line that crosses 0
    counts on both sides. Where the next reading comes after the last has expired nobody
    knows what was between them: nothing is added, and the time is counted.
    """

    export_wh: float = 0.0
    import_wh: float = 0.0
    possible_wh: float | None = None
    """What would have been given without curtailment. None: the device never tells."""
    gap_s: float = 0.0
    """Time that is not counted, since the start."""
    last: Reading | None = None

    def take(self, reading: Reading) -> float:
        """Count up to this reading; an older one, or the same again, is nothing.

        Returns how long nothing was known before it, 0 if all was.
        """
        last = self.last
        if last is None:
            self.last = reading
            return 0.0
        if reading.time_s <= last.time_s:
            return 0.0
        self.last = reading
        span_s = reading.time_s - last.time_s
        if reading.time_s > last.expires_s:
            self.gap_s += span_s
            return span_s
        out_wh, in_wh = _both_ways(last.p_w, reading.p_w, span_s / _S_PER_H)
        self.export_wh += out_wh
        self.import_wh += in_wh
        if self.possible_wh is not None:
            self.possible_wh += _possible_wh(last, reading, span_s / _S_PER_H)
        return 0.0


def _both_ways(a_w: float, b_w: float, span_h: float) -> tuple[float, float]:
    """Energy of a straight line, what is above 0 and what is below."""
    if a_w >= 0.0 <= b_w:
        return (a_w + b_w) / 2.0 * span_h, 0.0
    if a_w <= 0.0 >= b_w:
        return 0.0, -(a_w + b_w) / 2.0 * span_h
    first_wh = a_w * (a_w / (a_w - b_w)) / 2.0 * span_h
    second_wh = b_w * (b_w / (b_w - a_w)) / 2.0 * span_h
    return (first_wh, -second_wh) if a_w > 0.0 else (second_wh, -first_wh)


def _possible_wh(last: Reading, reading: Reading, span_h: float) -> float:
    """Where it is not known what could be given, it is what was."""
    a_w = max(last.p_w, 0.0) if last.possible_w is None else last.possible_w
    b_w = max(reading.p_w, 0.0) if reading.possible_w is None else reading.possible_w
    return (a_w + b_w) / 2.0 * span_h
