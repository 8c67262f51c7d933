"""Time: monotonic seconds, and deadlines that stay on their grid."""

import time
from threading import Event
from typing import Protocol


class Clock(Protocol):
    """Monotonic seconds. Never the wall clock: it jumps."""

    def now_s(self) -> float: ...

    def wall_s(self) -> float:
        """Unix time, only for what is agreed by the clock on the wall."""
        ...

    def sleep_until(self, deadline_s: float) -> None: ...

    def wait(self, event: Event, timeout_s: float) -> bool:
        """Whether `event` is set, at the latest after `timeout_s`."""
        ...


class SystemClock:
    """The machine's clock."""

    def now_s(self) -> float:
        return time.monotonic()

    def wall_s(self) -> float:
        return time.time()

    def sleep_until(self, deadline_s: float) -> None:
        """Return at `deadline_s` or just after, never before."""
        while (left_s := deadline_s - time.monotonic()) > 0:
            time.sleep(left_s)

    def wait(self, event: Event, timeout_s: float) -> bool:
        return event.wait(timeout_s)


class Regularly:
    """Whether something is due again: at once, and then on the grid of its period."""

    def __init__(self, period_s: float) -> None:
        self._period_s = period_s
        self._due_s = 0.0

    def is_due(self, now_s: float) -> bool:
        """True once for each time that has come; times that were missed are one."""
        if now_s < self._due_s:
            return False
        self._due_s, _ = next_deadline(self._due_s, self._period_s, now_s)
        return True


def next_deadline(
    deadline_s: float, period_s: float, now_s: float
) -> tuple[float, int]:
    """The next multiple of the period that is still ahead, and how many were missed.

    Deadlines stay on the grid set by the first one: lateness never accumulates, and
    missed cycles are skipped rather than caught up in a burst.
    """
    missed = max(0, int((now_s - deadline_s) // period_s))
    return deadline_s + (missed + 1) * period_s, missed
