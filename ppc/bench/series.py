"""Traces as arrays: windows, threshold crossings between samples, smoothing."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Values = NDArray[np.float64]
Window = tuple[float, float]
"""From (included) and to (excluded), in seconds of the trace."""


class TraceError(ValueError):
    """The trace has no samples where a metric needs them."""


@dataclass(frozen=True, slots=True)
class Series:
    """One column of a trace, without its unknown samples; times rise strictly."""

    time_s: Values
    y: Values

    @classmethod
    def of(cls, time_s: ArrayLike, y: ArrayLike) -> "Series":
        """Take a trace; samples that are not known (NaN) are left out.

        Raises:
            TraceError: lengths differ, or time does not rise.
        """
        time, values = np.asarray(time_s, float), np.asarray(y, float)
        if time.shape != values.shape or time.ndim != 1:
            raise TraceError("time and values must be two rows of the same length")
        if np.any(np.diff(time) <= 0):
            raise TraceError("time must rise from sample to sample")
        known = ~np.isnan(values)
        return cls(time[known], values[known])

    def cut(self, window: Window) -> "Series":
        """Give the samples in the window.

        Raises:
            TraceError: there are none.
        """
        inside = (self.time_s >= window[0]) & (self.time_s < window[1])
        if not inside.any():
            raise TraceError(f"no samples from {window[0]:g} s to {window[1]:g} s")
        return Series(self.time_s[inside], self.y[inside])

    def mean(self, window: Window) -> float:
        return float(np.mean(self.cut(window).y))

    def longest_gap_s(self) -> float:
        return float(np.max(np.diff(self.time_s), initial=0.0))

    def smooth(self, width_s: float) -> "Series":
        """Give the centred moving mean; 0: as it is. Ramps and means stay unbiased.

        At its ends the window shrinks on both sides, so that it stays centred.
        """
        if width_s <= 0:
            return self
        half = np.full(len(self.y), width_s / 2)
        half = np.minimum(half, self.time_s - self.time_s[0])
        half = np.minimum(half, self.time_s[-1] - self.time_s) + 1e-9
        first = np.searchsorted(self.time_s, self.time_s - half, "left")
        last = np.searchsorted(self.time_s, self.time_s + half, "right")
        total = np.concatenate(([0.0], np.cumsum(self.y)))
        return Series(self.time_s, (total[last] - total[first]) / (last - first))

    def first_at_least(self, level: float) -> float:
        """Give the time at which y first reaches the level, NaN: never.

        Straight lines between samples: the error is below one sampling step.
        """
        reached = np.flatnonzero(self.y >= level)
        if not len(reached):
            return np.nan
        return self.crossing(int(reached[0]), level)

    def last_above(self, level: float) -> float:
        """Give the time at which y last comes down to the level; NaN: it never does.

        Where y is never above it, the first time; where it ends above it, NaN.
        """
        above = np.flatnonzero(self.y > level)
        if not len(above):
            return float(self.time_s[0])
        if above[-1] == len(self.y) - 1:
            return np.nan
        return self.crossing(int(above[-1]) + 1, level)

    def crossing(self, index: int, level: float) -> float:
        """Give the time of the level on the line that ends in this sample."""
        if index == 0:
            return float(self.time_s[0])
        before, after = self.y[index - 1], self.y[index]
        share = (level - before) / (after - before)
        step = self.time_s[index] - self.time_s[index - 1]
        return float(self.time_s[index - 1] + share * step)
