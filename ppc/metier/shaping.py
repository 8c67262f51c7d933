"""How a value moves towards its target: laws that several functions share."""

from math import exp


def approach(present: float, target: float, *, rate_per_s: float, dt_s: float) -> float:
    """Move `present` towards `target`, by at most `rate_per_s` * `dt_s`.

    Source:
        Symmetric rate limiter, y += clamp(x - y, -R * dt, +R * dt).
    """
    step = rate_per_s * dt_s
    return min(max(target, present - step), present + step)


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
