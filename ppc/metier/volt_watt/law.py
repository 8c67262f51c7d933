"""The laws of volt-watt: numbers in, numbers out."""

from ppc.metier.setting import Curve
from ppc.metier.shaping import closed_in, first_order, polyline


def curve_law(v_pu: float, points_pu: Curve) -> float:
    """Most active power at a voltage [pu of the plant's `p_max_w`].

    Args:
        v_pu: Measured voltage [pu of nominal].
        points_pu: Corners (voltage, power), voltage rising.

    Source:
        IEEE 1547-2018 5.4.2, voltage-active power mode; P(U) of plant controllers.
    """
    return polyline(v_pu, points_pu)


def closing_law(
    present: float, target: float, *, power: float | None, tau_s: float, dt_s: float
) -> float:
    """Where a limit stands on its way to `target`.

    A limit that gets tighter begins at the present power, not where it had no effect.

    Args:
        present: Limit in force, in any unit.
        target: Limit to go to, in the same unit.
        power: What flows now; None: not known.
        tau_s: Time constant [s].
        dt_s: Time passed [s].

    Source:
        First-order response from the present power: the open-loop response of IEEE
        1547-2018 is one of power, not of the limit.
    """
    begun = closed_in(present, target, value=power)
    return first_order(begun, target, tau_s=tau_s, dt_s=dt_s)
