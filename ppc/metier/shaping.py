"""How a value moves towards its target: laws that several functions share."""

from collections.abc import Sequence
from itertools import pairwise
from math import exp, log


def approach(present: float, target: float, *, rate_per_s: float, dt_s: float) -> float:
    """Move `present` towards `target`, by at most `rate_per_s` * `dt_s`.

    Source:
        Symmetric rate limiter, y += clamp(x - y, -R * dt, +R * dt).
    """
    step = rate_per_s * dt_s
    return min(max(target, present - step), present + step)


def closed_in(limit: float, target: float, *, value: float | None) -> float:
    """Where an upper limit begins to move: one that gets tighter, at the present value.

    Far above the value it would move for a while without any effect.

    Args:
        limit: Limit in force, in any unit. For a lower one change all signs.
        target: Limit to go to, in the same unit.
        value: What it limits, as it is now; None: not known.

    Source:
        Bumpless transfer: a ramp starts from the present value.
    """
    if value is None or target >= limit:
        return limit
    return min(limit, max(value, target))


def polyline(x: float, points: Sequence[tuple[float, float]]) -> float:
    """Value at `x` of a piecewise linear characteristic; flat beyond its ends.

    Args:
        x: Input.
        points: Its corners (x, y), x rising. Where two have the same x, the later one
            holds from there on.

    Source:
        Linear interpolation, as IEEE 1547-2018 5.3 and Regulation (EU) 2016/631
        describe their characteristics.
    """
    if x < points[0][0]:
        return points[0][1]
    for (x0, y0), (x1, y1) in pairwise(points):
        if x < x1:
            return y0 + (y1 - y0) * (x - x0) / (x1 - x0)
    return points[-1][1]


def open_loop_tau_s(response_s: float) -> float:
    """Time constant of a first-order lag that does 90 % in `response_s` [s].

    Source:
        1 - exp(-t / tau) = 0.9: the open-loop response time of IEEE 1547-2018.
    """
    return response_s / log(10.0)


def first_order(present: float, target: float, *, tau_s: float, dt_s: float) -> float:
    """Where a first-order lag stands `dt_s` later, its input staying at `target`.

    Args:
        present: Output now.
        target: Input, in the same unit.
        tau_s: Time constant [s]; 0 follows at once.
        dt_s: Time passed [s]; may differ from cycle to cycle.

    Source:
        Exact solution of tau * dy/dt = x - y: y += (1 - exp(-dt / tau)) * (x - y).
    """
    if tau_s <= 0.0:
        return target
    return present + (1.0 - exp(-dt_s / tau_s)) * (target - present)


def used_share_pu(value: float, *, low: float, high: float) -> float:
    """Part of a range that a value uses, counted from zero, 0 to 1.

    Args:
        value: Any value, in the unit of the range.
        low: Lower end of the range.
        high: Upper end.

    Source:
        value / high above zero, value / low below it. All of it, where the value is
        beyond the range.
    """
    end = high if value > 0.0 else low
    if value == 0.0 or end * value <= 0.0:
        return 0.0 if value == 0.0 else 1.0
    return min(value / end, 1.0)
