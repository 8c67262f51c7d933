"""The laws of set-point tracking: numbers in, numbers out."""

from ppc.metier.shaping import approach


def ramp_law(
    present: float,
    target: float,
    *,
    up_per_s: float,
    down_per_s: float,
    dt_s: float,
) -> float:
    """Move towards a set-point, with one rate upwards and another downwards.

    Args:
        present: Set-point in force, in any unit.
        target: Set-point ordered.
        up_per_s: Fastest increase, > 0. For P that is towards export.
        down_per_s: Fastest decrease, > 0. For P that is towards import.
        dt_s: Time passed [s].

    Source:
        Rate limiter with two rates, y += clamp(x - y, -R_down * dt, +R_up * dt).
    """
    rate_per_s = up_per_s if target > present else down_per_s
    return approach(present, target, rate_per_s=rate_per_s, dt_s=dt_s)


def fallback_law(
    last: float, *, lost_s: float, hold_s: float, default: float | None
) -> float | None:
    """Answer to an order that expired: the last one for `hold_s`, then the default.

    Args:
        last: The last order.
        lost_s: Time since it expired [s].
        hold_s: Time for which it is kept [s]; inf keeps it for good.
        default: Set-point after that; None leaves the choice to others.

    Source:
        Plant controllers of the trade fall back to the last value or to a default when
        the operator's link is lost; the time between is a choice of this project.
    """
    return last if lost_s < hold_s else default
