"""Time that only passes when somebody waits: a clock, and what is due on the way."""

from collections.abc import Callable
from heapq import heappop, heappush
from itertools import count
from threading import Event
from typing import Any

_BEGIN_S = 1_782_000_000.0
_ROUNDING_S = 1e-9
"""Moments are sums of floats: what is due now must not wait for the next."""


class SimulatedTime:
    """Monotonic seconds from 0, for one thread.

    Whoever sleeps lets everything happen that is due until then, in order of time and,
    at one moment, in the order in which it was asked for.
    """

    def __init__(self) -> None:
        self._now_s = 0.0
        self._due: list[tuple[float, int, Callable[..., object], Any]] = []
        self._order = count()

    def now_s(self) -> float:
        return self._now_s

    def wall_s(self) -> float:
        """Unix time: everything begins at midnight, 2026-06-21 UTC."""
        return _BEGIN_S + self._now_s

    def call_at(
        self, time_s: float, action: Callable[..., object], *arguments: object
    ) -> None:
        """Have `action` done at `time_s`, or as soon as possible if that is past."""
        heappush(self._due, (time_s, next(self._order), action, arguments))

    def call_later(
        self, delay_s: float, action: Callable[..., object], *arguments: object
    ) -> None:
        self.call_at(self._now_s + delay_s, action, *arguments)

    def call_soon(self, action: Callable[..., object], *arguments: object) -> None:
        self.call_at(self._now_s, action, *arguments)

    def every(
        self, period_s: float, action: Callable[[], object], *, first_s: float
    ) -> None:
        """Have `action` done at `first_s` and again every `period_s`, on that grid."""

        def again(turn: int) -> None:
            action()
            self.call_at(first_s + (turn + 1) * period_s, again, turn + 1)

        self.call_at(first_s, again, 0)

    def sleep_until(self, deadline_s: float) -> None:
        """Let everything happen that is due until `deadline_s`, and be there."""
        due, until_s = self._due, deadline_s + _ROUNDING_S
        while due and due[0][0] <= until_s:
            self._next()
        self._now_s = max(self._now_s, deadline_s)

    def wait(self, event: Event, timeout_s: float) -> bool:
        """Let things happen until one of them sets `event`, or time is up."""
        deadline_s = self._now_s + timeout_s
        due, until_s = self._due, deadline_s + _ROUNDING_S
        while not event.is_set() and due and due[0][0] <= until_s:
            self._next()
        if not event.is_set():
            self._now_s = max(self._now_s, deadline_s)
        return event.is_set()

    def _next(self) -> None:
        time_s, _, action, arguments = heappop(self._due)
        self._now_s = max(self._now_s, time_s)
        action(*arguments)
