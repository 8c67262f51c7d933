"""The laws of the power limit: numbers in, numbers out."""

from ppc.metier.shaping import approach, closed_in

Band = tuple[float, float]
"""Lower and upper limit, in that order, in one unit."""


def band(low: float, high: float, *, within: Band) -> Band:
    """The limits that follow from an ordered lower and upper limit.

    Args:
        low: Lower limit; -inf asks for none.
        high: Upper limit; inf asks for none.
        within: Limits that always apply; an order outside them is clamped.

    Returns:
        (low, high). Contradictory orders (low > high) leave one point: of the values
        between the two, the one nearest to zero. So the least power flows, whichever
        of the two was the mistake.

    Source:
        Limits of several sources are intersected; what to do when nothing is left is
        a choice of this project.
    """
    low, high = (min(max(limit, within[0]), within[1]) for limit in (low, high))
    if low > high:
        low = high = min(max(0.0, high), low)
    return low, high


def close_in(present: Band, target: Band, value: float) -> Band:
    """Bring each limit that must get tighter to where the plant already is.

    A limit far above the present power would move for a while without any effect;
    what lies between the two is given up at once.

    Args:
        present: Limits in force.
        target: Limits to go to.
        value: Measured power, in the same unit.

    Source:
        Bumpless transfer: a ramp starts from the present value.
    """
    low = -closed_in(-present[0], -target[0], value=-value)
    high = closed_in(present[1], target[1], value=value)
    return _uncrossed(low, high, target)


def move(present: Band, target: Band, *, rate_per_s: float, dt_s: float) -> Band:
    """Move both limits towards `target`, each by at most `rate_per_s` * `dt_s`.

    Source:
        Symmetric rate limiter for each of the two.
    """
    low = approach(present[0], target[0], rate_per_s=rate_per_s, dt_s=dt_s)
    high = approach(present[1], target[1], rate_per_s=rate_per_s, dt_s=dt_s)
    return _uncrossed(low, high, target)


def _uncrossed(low: float, high: float, target: Band) -> Band:
    """Where the two limits would cross, the one nearer to its target takes both."""
    if low <= high:
        return low, high
    return (high, high) if high >= target[1] else (low, low)
