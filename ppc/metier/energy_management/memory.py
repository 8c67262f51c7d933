"""What the function remembers: counters, a hysteresis, and means."""

from collections import deque
from collections.abc import Sequence
from typing import NamedTuple

from ppc.metier.since import Since

_NOTHING_S = 1e-6
"""Durations are sums of floats: what is shorter is none."""


class AlertDetector:
    """Tells when the power system is in alert state, from the frequency alone.

    Each level is a deviation [Hz] and how long it may last [s]. The state ends when the
    deviation is below the least of them. Without a frequency the counters go on.
    """

    def __init__(self, levels: Sequence[tuple[float, float]]) -> None:
        self._levels = levels
        self._beyond = [Since() for _ in levels]
        self.on = False

    def step(self, deviation_hz: float | None, time_s: float) -> bool:
        """Whether it is in alert state at `time_s`."""
        if deviation_hz is None:
            return self.on
        off_hz = abs(deviation_hz)
        for beyond, (level_hz, lasts_s) in zip(self._beyond, self._levels, strict=True):
            for_s = beyond.for_s(time_s, holds=off_hz >= level_hz)
            self.on = self.on or (for_s is not None and for_s >= lasts_s)
        self.on = self.on and off_hz >= self._levels[0][0]
        return self.on


class Thresholds(NamedTuple):
    """States of charge where something begins, and where it ends."""

    begin_low_pu: float
    end_low_pu: float
    end_high_pu: float
    begin_high_pu: float


class Need:
    """Whether the store is too empty (-1: charge), too full (1) or neither (0)."""

    def __init__(self) -> None:
        self.way = 0

    def step(self, soc_pu: float, at: Thresholds) -> int:
        """The same, for the state of charge now."""
        if soc_pu < at.begin_low_pu:
            self.way = -1
        elif soc_pu > at.begin_high_pu:
            self.way = 1
        elif (self.way < 0 and soc_pu >= at.end_low_pu) or (
            self.way > 0 and soc_pu <= at.end_high_pu
        ):
            self.way = 0
        return self.way


class RollingMean:
    """Mean of a signal over the last `window_s`, kept by the second; before, it was 0.

    Source:
        Nordic FCR requirements (2023-05), equations 15 and 18.
    """

    def __init__(self, window_s: float) -> None:
        self._window_s = window_s
        self._kept: deque[tuple[float, float]] = deque()
        """Duration and integral of each piece, oldest first."""
        self._duration_s = self._integral = 0.0
        self._piece_s = self._piece = 0.0

    def step(self, value: float, dt_s: float) -> float:
        """Take the value of the last `dt_s`; the mean now."""
        self._piece_s += dt_s
        self._piece += value * dt_s
        if self._piece_s >= 1.0 - _NOTHING_S:
            self._keep()
        return (self._integral + self._piece - self._left()) / self._window_s

    def _left(self) -> float:
        """What of the oldest piece has left the window."""
        over_s = self._duration_s + self._piece_s - self._window_s
        if over_s <= _NOTHING_S or not self._kept:
            return 0.0
        old_s, old = self._kept[0]
        return old * min(over_s / old_s, 1.0)

    def _keep(self) -> None:
        kept_s = min(self._piece_s, self._window_s)
        self._kept.append((kept_s, self._piece * kept_s / self._piece_s))
        self._piece_s = self._piece = 0.0
        self._duration_s = sum(s for s, _ in self._kept)
        while self._duration_s > self._window_s + _NOTHING_S:
            old_s, old = self._kept.popleft()
            left_s = max(old_s - (self._duration_s - self._window_s), 0.0)
            self._duration_s -= old_s - left_s
            if left_s > _NOTHING_S:
                self._kept.appendleft((left_s, old * left_s / old_s))
        self._integral = sum(each for _, each in self._kept)
