"""Whether the clock on the wall may be trusted."""

import ctypes
import ctypes.util
import sys
from collections.abc import Callable
from math import inf
from typing import Literal

ClockSource = Literal["ntp", "trusted"]

_STEP_S = 0.2
"""Slewing moves a clock by half a millisecond a second at most: this is a step."""
_DOUBTED_S = 60.0
"""For so long after a step it is not trusted."""
_ASK_EVERY_S = 5.0

_TIME_ERROR, _STA_UNSYNC = 5, 0x40
"""Linux, sys/timex.h: the clock is not synchronised."""


class ClockWatch:
    """Compares the wall clock with the monotonic one, look by look.

    A step counts once a second look shows it: a thread that was held up between
    reading the one clock and the other has seen none. `synchronised` says whether the
    kernel's clock follows a source of time; None: nobody knows.
    """

    def __init__(
        self, source: ClockSource, synchronised: Callable[[], bool | None]
    ) -> None:
        self.trusted = source == "trusted"
        self._source = source
        self._synchronised = synchronised
        self._offset_s: float | None = None
        self._doubt_s: float | None = None
        self._stepped_s = self._asked_s = -inf
        self._follows: bool | None = None
        self._said: str | None = None

    def look(self, now_s: float, wall_s: float) -> list[str]:
        """What is new about the clock at monotonic `now_s`, for people."""
        news = []
        if step_s := self._step(wall_s - now_s):
            self._stepped_s = now_s
            news.append(f"clock stepped by {step_s:+.3f} s")
        if self._source == "ntp" and now_s - self._asked_s >= _ASK_EVERY_S:
            self._asked_s = now_s
            self._follows = self._synchronised()
            if (said := _SAID[self._follows]) != self._said:
                self._said = said
                news.append(said)
        settled = self._doubt_s is None and now_s - self._stepped_s >= _DOUBTED_S
        self.trusted = settled and (self._source == "trusted" or bool(self._follows))
        return news

    def _step(self, offset_s: float) -> float:
        """By how much the clock was put forward; 0: it was not, or that is not sure."""
        last_s, doubt_s = self._offset_s, self._doubt_s
        if last_s is None or abs(offset_s - last_s) <= _STEP_S:
            self._offset_s, self._doubt_s = offset_s, None
            return 0.0
        if doubt_s is None or abs(offset_s - doubt_s) > _STEP_S:
            self._doubt_s = offset_s
            return 0.0
        self._offset_s, self._doubt_s = offset_s, None
        return offset_s - last_s


_SAID = {
    True: "clock follows a source of time",
    False: "clock is not synchronised: times are not trusted",
    None: "whether the clock is synchronised is not known: times are not trusted",
}


class _Timex(ctypes.Structure):
    """The head of struct timex of Linux, and more room than the rest needs."""

    _fields_ = (
        ("modes", ctypes.c_uint),
        ("offset", ctypes.c_long),
        ("freq", ctypes.c_long),
        ("maxerror", ctypes.c_long),
        ("esterror", ctypes.c_long),
        ("status", ctypes.c_int),
        ("rest", ctypes.c_long * 64),
    )


def kernel_synchronised() -> bool | None:
    """Whether the kernel's clock is kept by a source of time. None: not known.

    Source: adjtimex(2), which with `modes` 0 changes nothing.
    """
    if not sys.platform.startswith("linux"):
        return None
    try:
        ask = ctypes.PyDLL(None, use_errno=True).adjtimex
    except (OSError, AttributeError):
        return None
    timex = _Timex()
    state = ask(ctypes.byref(timex))
    if state < 0:
        return None
    return state != _TIME_ERROR and not timex.status & _STA_UNSYNC
