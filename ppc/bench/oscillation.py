"""How a signal swings: decay, frequency and damping ratio from its peaks."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike

from ppc.bench.series import Series, Values

FEWEST_PEAKS = 2
SLOW_HZ, FAST_HZ = 0.05, 0.6
"""Edges of the three ranges of the NER."""


@dataclass(frozen=True, slots=True)
class Oscillation:
    """A swing fitted to its peaks, a exp(-decay t) cos(w t)."""

    decay_per_s: float
    """Negative: it grows."""
    w_rad_s: float
    """Angular frequency as seen, that is with damping."""
    peaks: int
    """Number of half swings that were fitted."""

    @property
    def damping(self) -> float:
        """Damping ratio: decay / sqrt(decay^2 + w^2)."""
        return float(self.decay_per_s / np.hypot(self.decay_per_s, self.w_rad_s))

    @property
    def frequency_hz(self) -> float:
        return self.w_rad_s / (2 * np.pi)


def oscillation(
    time_s: ArrayLike, y: ArrayLike, *, about: float, least: float
) -> Oscillation | None:
    """Fit a swing about a level to its half swings after it first crosses that level.

    Logarithmic decrement by least squares over all half swings of at least `least`:
    with d = ln(a_k / a_k+1) per half swing, damping = d / sqrt(pi^2 + d^2). Noise lifts
    small peaks: smooth the signal first, which scales all peaks alike.

    Returns:
        None where fewer than two half swings are left: it does not swing.
    """
    series = Series.of(time_s, y)
    when, height = half_swings(Series(series.time_s, series.y - about), least)
    if len(when) < FEWEST_PEAKS:
        return None
    index = np.arange(len(when))
    half_period_s = np.polyfit(index, when, 1)[0]
    decrement = -np.polyfit(index, np.log(np.abs(height)), 1)[0]
    return Oscillation(
        decay_per_s=float(decrement / half_period_s),
        w_rad_s=float(np.pi / half_period_s),
        peaks=len(when),
    )


def half_swings(off: Series, least: float) -> tuple[Values, Values]:
    """Give time and height of the peaks between crossings of zero, the first left out.

    Peaks smaller than `least` are noise; of neighbours on the same side, which noise
    has parted, the larger one counts.
    """
    edges = [*(np.flatnonzero(np.diff(np.signbit(off.y))) + 1), len(off.y)]
    peaks: list[tuple[float, float]] = []
    for first, last in pairwise(edges):
        index = int(first) + int(np.argmax(np.abs(off.y[first:last])))
        cut_off = index == len(off.y) - 1
        if cut_off or abs(off.y[index]) < least:
            continue
        peak = summit(off, index)
        if peaks and peaks[-1][1] * peak[1] > 0:
            peaks[-1] = max(peaks[-1], peak, key=lambda p: abs(p[1]))
        else:
            peaks.append(peak)
    when, height = np.array(peaks).reshape(-1, 2).T
    return when, height


def summit(off: Series, index: int) -> tuple[float, float]:
    """Give the top of the parabola through a peak and its neighbours."""
    y, at = off.y[index - 1 : index + 2], off.time_s[index]
    bend = y[0] - 2 * y[1] + y[2]
    if bend == 0:
        return float(at), float(y[1])
    shift = np.clip(0.5 * (y[0] - y[2]) / bend, -0.5, 0.5)
    step_s = (off.time_s[index + 1] - off.time_s[index - 1]) / 2
    return float(at + shift * step_s), float(y[1] - 0.25 * (y[0] - y[2]) * shift)


def damping_from_overshoot(overshoot_pu: float) -> float:
    """Damping ratio of the second-order system with this overshoot; NaN: no overshoot.

    sqrt(A^2 / (1 + A^2)) with A = ln(overshoot) / pi: Energinet, MTB.
    """
    if not overshoot_pu > 0:
        return np.nan
    a = np.log(overshoot_pu) / np.pi
    return float(np.sqrt(a**2 / (1 + a**2)))


def least_decay_per_s(w_rad_s: float, *, fast_damping: float = 0.1) -> float:
    """Decay at which an oscillation is adequately damped, AEMO (NER glossary).

    Damping ratio 0.4 below 0.05 Hz; half in 5 s (0.14 per s) up to 0.6 Hz; above, a
    damping ratio of 0.1 (automatic standard) or 0.05 (minimum standard).
    """
    if w_rad_s < 2 * np.pi * SLOW_HZ:
        return float(0.4 / np.sqrt(1 - 0.4**2) * w_rad_s)
    if w_rad_s <= 2 * np.pi * FAST_HZ:
        return 0.14
    return float(fast_damping / np.sqrt(1 - fast_damping**2) * w_rad_s)


def adequately_damped(swing: Oscillation | None, *, fast_damping: float = 0.1) -> bool:
    """Whether it decays fast enough for AEMO; what does not swing, does."""
    if swing is None:
        return True
    return swing.decay_per_s >= least_decay_per_s(
        swing.w_rad_s, fast_damping=fast_damping
    )
