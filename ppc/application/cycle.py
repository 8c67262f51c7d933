"""One control cycle in figures, and the last of them summed up."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass

from ppc.application.status import CycleStatus


@dataclass(slots=True)
class Cycle:
    """When things happened in one cycle, monotonic seconds.

    The control thread fills the upper part, the event loop the lower.
    """

    tick_s: float
    """The deadline."""
    meter_asked_s: float
    begun_s: float = 0.0
    """When control woke up for the tick."""
    stepped_s: float = 0.0
    """When the decision stood."""
    meter_in_time: bool = False

    expires_s: float = 0.0
    """Its commands are not written after that; of the same cycle, so it names them."""
    expected_count: int = 0
    """Units that were written to."""
    acknowledged_count: int = 0
    last_acknowledged_s: float = 0.0

    @property
    def late_s(self) -> float:
        return self.begun_s - self.tick_s

    @property
    def complete(self) -> bool:
        return self.acknowledged_count >= self.expected_count

    @property
    def acknowledged_s(self) -> float | None:
        """Tick to last acknowledgement; None: nothing was acknowledged, or not all."""
        if not self.complete or not self.expected_count:
            return None
        return self.last_acknowledged_s - self.tick_s


class CycleLog:
    """The cycles of the last seconds, and counts since the start."""

    def __init__(self, period_s: float, *, keep_s: float = 10.0) -> None:
        self._period_s = period_s
        self._last: deque[Cycle] = deque(maxlen=max(10, round(keep_s / period_s)))
        self.cycles_count = 0
        self.missed_count = 0
        self.incomplete_count = 0
        self.realtime = False

    def add(self, cycle: Cycle) -> None:
        """Take a new cycle in; the one before it must be over by now."""
        if self._last and not self._last[-1].complete:
            self.incomplete_count += 1
        self._last.append(cycle)
        self.cycles_count += 1

    def status(self) -> CycleStatus:
        cycles = list(self._last)[:-1]  # the newest may still be under way
        late_s = sorted(c.late_s for c in cycles)
        acked_s = sorted(s for c in cycles if (s := c.acknowledged_s) is not None)
        return CycleStatus(
            period_s=self._period_s,
            late_p50_s=_middle(late_s) or 0.0,
            late_max_s=max(late_s, default=0.0),
            acknowledged_p50_s=_middle(acked_s),
            acknowledged_max_s=max(acked_s, default=None),
            meter_in_time_pu=_part(c.meter_in_time for c in cycles),
            cycles_count=self.cycles_count,
            missed_count=self.missed_count,
            incomplete_count=self.incomplete_count,
            realtime=self.realtime,
        )


def _middle(ordered: list[float]) -> float | None:
    return ordered[len(ordered) // 2] if ordered else None


def _part(flags: Iterable[bool]) -> float:
    told = list(flags)
    return sum(told) / len(told) if told else 0.0
