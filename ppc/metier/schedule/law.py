"""The laws of the schedule: a table and an hour in, a power out."""

from collections.abc import Sequence
from itertools import pairwise

Points = Sequence[tuple[float, float | None]]
"""Hours of the day, rising, and the power from there on; None: none."""


def held_law(hours: float, points: Points) -> float | None:
    """Power of the last point that is past [W]; None: none.

    Args:
        hours: Time of day [h].
        points: The day's table. Before its first point nothing is planned; the last
            holds until midnight.

    Source:
        F27: table of (start, power); gaps in it are a choice of this project.
    """
    past = [p_w for start, p_w in points if start <= hours]
    return past[-1] if past else None


def linear_law(hours: float, points: Points) -> float | None:
    """Power on the straight line between the two points around `hours` [W].

    A point without a power ends what was planned before; up to it, and from the last
    point to midnight, the power stays.

    Args:
        hours: Time of day [h].
        points: The day's table.

    Source:
        F27, with interpolation.
    """
    for (t0, p0_w), (t1, p1_w) in pairwise(points):
        if t0 <= hours < t1:
            if p0_w is None or p1_w is None:
                return p0_w
            return p0_w + (p1_w - p0_w) * (hours - t0) / (t1 - t0)
    return held_law(hours, points)
