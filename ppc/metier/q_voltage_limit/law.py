"""The law of Q limited by voltage: numbers in, numbers out."""

from collections.abc import Sequence
from math import inf

Band = tuple[float, float]
"""Least and most reactive power, in that order, in one unit."""


def limit_law(v_pu: float, points_pu: Sequence[tuple[float, float]]) -> Band:
    """Q(Ulim): what the voltage leaves of a set-point of reactive power.

    Inside its voltage band Q is the set-point; outside, it follows a slope that begins
    where the set-point lies on it. For that the inner points move with the set-point:
    U2' = U2 + Q / m_a, U3' = U3 + Q / m_b, m being the slopes. As the slopes then stay
    on their lines, it is the same to keep Q above the line through the first two
    points and below the line through the last two: no set-point is needed.

    Args:
        v_pu: Measured voltage [pu of nominal].
        points_pu: Four points (voltage, reactive power), for a set-point of 0: most Q,
            the two ends of the band, least Q.

    Returns:
        (least, most), in the unit of the points. The lower line ends at the first
        point's Q, the upper one at the last's. Where they contradict each other, the
        one that belongs to the nearer end of the band wins.

    Source:
        VDE-AR-N 4110 and 4120, reactive power with voltage limitation, as makers of
        plant controllers and public models have it: points (0.94, 0.33) (0.96, 0)
        (1.04, 0) (1.06, -0.33) in their settings.
    """
    first, second, third, fourth = points_pu
    least = min(_on_line(v_pu, first, second), first[1])
    most = max(_on_line(v_pu, third, fourth), fourth[1])
    if least <= most:
        return least, most
    if v_pu < (second[0] + third[0]) / 2.0:
        return least, least
    return most, most


def held_or_free(last: Band, *, blind_s: float, hold_s: float) -> Band:
    """Without a voltage: the last limits for `hold_s`, then none.

    Source:
        A choice of this project: a voltage that nobody knows limits nothing for good.
    """
    return last if blind_s <= hold_s else (-inf, inf)


def _on_line(x: float, a: tuple[float, float], b: tuple[float, float]) -> float:
    return a[1] + (b[1] - a[1]) * (x - a[0]) / (b[0] - a[0])
