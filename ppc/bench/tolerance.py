"""The two-sided tolerance of IEEE 1547.1 4.2, as re-derived in docs/bench_metrics.md.

The expected value at a measured x is not a number but a range: everything the law gives
for an x within 1.5 of its measuring accuracy, widened by 1.5 of the accuracy of y.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import ArrayLike

from ppc.bench.law import Context, Law, Values
from ppc.bench.series import Series, Window

MRA = {"v_pu": 0.01, "f_hz": 0.01, "p_pu": 0.05, "q_pu": 0.05}
"""Minimum required measurement accuracy, IEEE 1547-2018: 1 % of Vn, 10 mHz, 5 % of
S rated for P and Q, in steady state."""
MRA_TIME = 0.01
"""Share of the measured duration."""
FACTOR = 1.5
"""Both sides of the band, in accuracies."""


@dataclass(frozen=True, slots=True)
class Band:
    """What y may be; edges included."""

    low: Values
    high: Values

    def holds(self, y: ArrayLike) -> bool:
        """Whether all y lie in it; NaN does not."""
        y = np.asarray(y, float)
        return bool(np.all((y >= self.low) & (y <= self.high)))


def band(
    law: Law,
    x: ArrayLike,
    *,
    mra_x: float,
    mra_y: float,
    context: Context | None = None,
    also: Mapping[str, float] | None = None,
) -> Band:
    """Give the band around a law at a measured x.

    The law is evaluated at both ends of the x that are possible and at each of its
    break points between them, so that a law that turns is not cut short. `also` gives
    the accuracy of columns that the law reads besides x; their ends are combined.
    """
    middle, also = np.asarray(x, float), also or {}
    low_x, high_x = middle - FACTOR * mra_x, middle + FACTOR * mra_x
    values: list[Values] = []
    for signs in product((-1, 1), repeat=len(also)):
        around = dict(context or {})
        for sign, (name, mra) in zip(signs, also.items(), strict=True):
            around[name] = np.asarray(around[name], float) + sign * FACTOR * mra
        places = [low_x, middle, high_x]
        places += [np.clip(at, low_x, high_x) for at in law.breaks(around)]
        values += [law(place, around) for place in places]
    rows = np.broadcast_arrays(*values)
    return Band(
        np.asarray(np.min(rows, axis=0) - FACTOR * mra_y),
        np.asarray(np.max(rows, axis=0) + FACTOR * mra_y),
    )


def dynamic_band(
    *, y0: float, yss: float, tr_s: float, mra_y: float, faster: bool = False
) -> Band:
    """Give the band at Tr after a step, on the first-order curve with 90 % at Tr.

    g(t) = yss + (y0 - yss) 0.1^(t / Tr), at Tr -/+ 1.5 of the accuracy of time. With
    `faster`, a response that is already at yss passes too.
    """
    times = tr_s * (1 + np.array([-1, 1]) * FACTOR * MRA_TIME)
    on_curve = yss + (y0 - yss) * 0.1 ** (times / tr_s)
    reach = [*on_curve, yss] if faster else [*on_curve]
    margin = FACTOR * mra_y
    return Band(np.asarray(min(reach) - margin), np.asarray(max(reach) + margin))


@dataclass(frozen=True, slots=True)
class StepVerdict:
    """One step against 4.2."""

    y_at_tr: float
    dynamic: Band
    y_steady: float
    steady: Band
    window: Window

    @property
    def passed(self) -> bool:
        """Both the dynamic and the steady point."""
        return self.dynamic.holds(self.y_at_tr) and self.steady.holds(self.y_steady)


def judge_step(
    time_s: ArrayLike,
    x: ArrayLike,
    y: ArrayLike,
    law: Law,
    *,
    at_s: float,
    tr_s: float,
    mra_x: float,
    mra_y: float,
    context: Context | None = None,
    before_s: float = 1.0,
    faster: bool = False,
) -> StepVerdict:
    """Judge a step at `at_s` of a law with the open-loop response time `tr_s`.

    The steady point is the mean over [2 Tr, 4 Tr] after the step, and so are the edges
    of its band; the dynamic point is y at Tr, between samples on a straight line.

    Raises:
        TraceError: no known samples in a window.
    """
    time, signal = np.asarray(time_s, float), Series.of(time_s, y)
    window = (at_s + 2 * tr_s, at_s + 4 * tr_s)
    around = band(law, x, mra_x=mra_x, mra_y=mra_y, context=context)
    low, high = np.broadcast_arrays(around.low, around.high, time)[:2]
    yss = signal.mean(window)
    y0 = signal.mean((at_s - before_s, at_s))
    return StepVerdict(
        y_at_tr=float(np.interp(at_s + tr_s, signal.time_s, signal.y)),
        dynamic=dynamic_band(y0=y0, yss=yss, tr_s=tr_s, mra_y=mra_y, faster=faster),
        y_steady=yss,
        steady=Band(
            np.asarray(Series.of(time, low).mean(window)),
            np.asarray(Series.of(time, high).mean(window)),
        ),
        window=window,
    )
