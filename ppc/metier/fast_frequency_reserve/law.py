"""Formulas of the fast frequency reserve."""

from math import sqrt

from ppc.metier.shaping import polyline

_ACTIVATION = (0.990, 0.7), (0.992, 1.0), (0.994, 1.3)
"""Threshold over nominal frequency and the time for it: 49.5, 49.6 and 49.7 Hz."""
_GENTLE_PU_PER_S = 0.2
_SHORT_S, _LONG_S = 5.0, 30.0


def activation_time_law(f_activate_pu: float) -> float:
    """Time within which all of the reserve has to be there [s].

    0.7 s at 49.5 Hz, 1.0 s at 49.6 Hz, 1.3 s at 49.7 Hz; linear between them.

    Args:
        f_activate_pu: Threshold over nominal frequency.

    Source:
        Fingrid, "Fast frequency reserve" (one of the three has to be chosen), as in
        the technical requirements of all Nordic system operators.
    """
    return polyline(f_activate_pu, _ACTIVATION)


def least_support_law(deactivation_pu_per_s: float) -> float:
    """How long all of the reserve has to stay [s].

    5 s when it then goes by at most 20 % of it a second, else 30 s.

    Args:
        deactivation_pu_per_s: How fast it goes [pu of the reserve per second].

    Source:
        Fingrid, "Fast frequency reserve", technical requirements.
    """
    return _SHORT_S if deactivation_pu_per_s <= _GENTLE_PU_PER_S else _LONG_S


def recovery_law(
    given_ws: float, *, most_w: float, rate_w_per_s: float, dt_s: float
) -> float:
    """Active power that takes back the energy that was given [W], never above 0.

    -min(most, sqrt(2 rate given), given / dt): what is still missing is enough to go
    back to nothing by the rate.

    Args:
        given_ws: Energy given and not yet taken back [Ws].
        most_w: Most power to take it with [W].
        rate_w_per_s: How fast that power may change [W/s].
        dt_s: Time until the law is asked again [s].

    Source:
        Energy of a triangle, p^2 / (2 rate). A choice of this project; the Nordic rules
        leave the way of recovery free.
    """
    left_ws = max(given_ws, 0.0)
    if dt_s <= 0.0:
        return 0.0
    return -min(most_w, sqrt(2.0 * rate_w_per_s * left_ws), left_ws / dt_s)
