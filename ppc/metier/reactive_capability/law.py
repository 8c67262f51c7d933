"""The law of the reactive capability: numbers in, numbers out."""

from collections.abc import Sequence
from math import inf

from ppc.metier.shaping import polyline

Band = tuple[float, float]
"""Least and most reactive power, in that order, in one unit."""
Points = Sequence[tuple[float, float]]


def band_law(x: float, q_min: Points | None, q_max: Points | None) -> Band:
    """One polygon: least and most reactive power at one power or one voltage.

    Args:
        x: Active power or voltage [pu].
        q_min: Corners of its lower side, x rising; None: it is open.
        q_max: Corners of its upper side, x rising; None: it is open.

    Returns:
        (least, most). Where the sides cross, as a polygon's may that is closed at its
        ends, both are the one nearer to zero.

    Source:
        P-Q and U-Q polygons of VDE-AR-N 4110, 4120, 4130 and of Regulation (EU)
        2016/631, Art. 21(3)(b) and (c).
    """
    return _uncrossed(_side(x, q_min, open_at=-inf), _side(x, q_max, open_at=inf))


def power_law(p_pu: float, q_min: Points | None, q_max: Points | None) -> Band:
    """The polygon over active power; one that begins at 0 or above holds both ways.

    Args:
        p_pu: Active power, negative when imported [pu].
        q_min: Corners of its lower side; None: it is open.
        q_max: Corners of its upper side; None: it is open.

    Source:
        Grid codes draw it for generation. That a battery that charges may do the same
        is a choice of this project; corners with a negative power say otherwise.
    """
    least = _side(_folded(p_pu, q_min), q_min, open_at=-inf)
    most = _side(_folded(p_pu, q_max), q_max, open_at=inf)
    return _uncrossed(least, most)


def both(by_power: Band, by_voltage: Band) -> Band:
    """What both polygons leave; where they have nothing in common, the first decides.

    Then the result is the point of the first that is nearest to the second.

    Source:
        Intersection of the limits, as VDE-AR-N 4120 combines them. What to do when it
        is empty is a choice of this project: the polygon over P is what the units can.
    """
    low, high = by_power
    least, most = (min(max(limit, low), high) for limit in by_voltage)
    return least, most


def _folded(p_pu: float, points: Points | None) -> float:
    return abs(p_pu) if points is not None and points[0][0] >= 0.0 else p_pu


def _side(x: float, points: Points | None, *, open_at: float) -> float:
    return open_at if points is None else polyline(x, points)


def _uncrossed(least: float, most: float) -> Band:
    if least > most:
        least = most = min(least, most, key=abs)
    return least, most
