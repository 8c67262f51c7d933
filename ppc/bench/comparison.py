"""A trace against another one or against its law: errors, static error, slopes."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from ppc.bench.series import Series, TraceError, Window

STEADY_LIMITS = (0.05, 0.02, 0.03)
FAULT_LIMITS = (0.08, 0.05, 0.07)
"""MXE, ME, MAE allowed, pu: IEC 61400-27-2 as used by DyCoV."""
LOW, HIGH = 0.1, 0.9
"""Between these shares of the change a ramp has its slope."""


@dataclass(frozen=True, slots=True)
class Errors:
    """Signal minus reference over a time, in pu of the base."""

    mxe: float
    """Largest absolute error."""
    me: float
    """Mean error, with its sign."""
    mae: float
    """Mean absolute error."""

    def within(self, limits: tuple[float, float, float]) -> bool:
        """Whether |MXE|, |ME| and MAE keep these limits; NaN does not."""
        return all(
            abs(error) <= limit
            for error, limit in zip((self.mxe, self.me, self.mae), limits, strict=True)
        )


@dataclass(frozen=True, slots=True)
class Comparison:
    """Errors where there was a fault and where there was none; None: no such time."""

    outside: Errors | None
    during: Errors | None

    def passed(self) -> bool:
        """Whether both keep the limits of IEC 61400-27-2."""
        return (self.outside is None or self.outside.within(STEADY_LIMITS)) and (
            self.during is None or self.during.within(FAULT_LIMITS)
        )


def compare(
    time_s: ArrayLike,
    y: ArrayLike,
    reference: ArrayLike,
    *,
    window: Window,
    faults: tuple[Window, ...] = (),
    base: float = 1.0,
) -> Comparison:
    """Compare a signal with a reference on the same times.

    Times in `faults` are judged apart. An unknown sample (NaN) on either side makes the
    errors of its time NaN, which keeps no limit: what was not seen is not shown.

    Raises:
        TraceError: no samples in the window, or rows of different length.
    """
    time = np.asarray(time_s, float)
    error = (np.asarray(y, float) - np.asarray(reference, float)) / base
    if time.shape != error.shape:
        raise TraceError("time, signal and reference must have the same length")
    inside = (time >= window[0]) & (time < window[1])
    if not inside.any():
        raise TraceError(f"no samples from {window[0]:g} s to {window[1]:g} s")
    faulty = np.zeros(len(time), bool)
    for start_s, end_s in faults:
        faulty |= (time >= start_s) & (time < end_s)
    return Comparison(errors(error[inside & ~faulty]), errors(error[inside & faulty]))


def errors(error: ArrayLike) -> Errors | None:
    """Give the three errors of a row of differences; None: the row is empty."""
    row = np.asarray(error, float)
    if not len(row):
        return None
    size = np.abs(row)
    return Errors(float(np.max(size)), float(np.mean(row)), float(np.mean(size)))


def static_error(
    time_s: ArrayLike,
    y: ArrayLike,
    expected: ArrayLike,
    *,
    window: Window,
    base: float = 1.0,
) -> float:
    """|mean(y) - mean(expected)| / base over the window.

    `expected` is the law at the *measured* x of each sample, so that an error of the
    source is not charged to the plant.

    Raises:
        TraceError: no known samples in the window.
    """
    known = Series.of(time_s, np.asarray(y, float) - np.asarray(expected, float))
    return abs(known.mean(window)) / base


@dataclass(frozen=True, slots=True)
class Slope:
    """How fast a signal moves, in its units per second; NaN: it does not."""

    mean_per_s: float
    """Least squares between 10 and 90 % of the change; with its sign."""
    largest_per_s: float
    """The steepest least-squares slope over any `over_s`; with its sign."""
    over_s: float


def slope(
    time_s: ArrayLike,
    y: ArrayLike,
    *,
    at_s: float,
    until_s: float,
    over_s: float,
    least_change: float = 1e-3,
) -> Slope:
    """Measure a ramp between two times; its ends are the means of the outer tenths.

    Raises:
        TraceError: no samples in the window.
    """
    part = Series.of(time_s, y).cut((at_s, until_s))
    tenth_s = 0.1 * (until_s - at_s)
    start = part.mean((at_s, at_s + tenth_s))
    change = part.mean((until_s - tenth_s, until_s)) - start
    steepest = steepest_per_s(part, over_s)
    if abs(change) < least_change:
        return Slope(np.nan, steepest, over_s)
    share = Series(part.time_s, (part.y - start) / change)
    low_s, high_s = share.first_at_least(LOW), share.first_at_least(HIGH)
    between = (part.time_s >= low_s) & (part.time_s <= high_s)
    if np.count_nonzero(between) < 2:  # noqa: PLR2004
        return Slope(np.nan, steepest, over_s)
    mean_per_s = np.polyfit(part.time_s[between] - low_s, part.y[between], 1)[0]
    return Slope(float(mean_per_s), steepest, over_s)


def steepest_per_s(part: Series, over_s: float) -> float:
    """Give the steepest least-squares slope over any `over_s`; NaN: too short."""
    best = np.nan
    for index, start_s in enumerate(part.time_s):
        end = int(np.searchsorted(part.time_s, start_s + over_s + 1e-9, "right"))
        if end - index < 2 or part.time_s[end - 1] - start_s < over_s - 1e-6:  # noqa: PLR2004
            continue
        t, y = part.time_s[index:end] - start_s, part.y[index:end]
        t = t - t.mean()
        here = float(t @ y / (t @ t))
        best = here if not abs(here) <= abs(best) else best
    return best
