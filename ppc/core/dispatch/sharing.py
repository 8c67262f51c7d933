"""A total shared among limits: by weights, or in order. Exact, or all at their end."""

from collections.abc import Sequence


def share(
    total: float,
    weights: Sequence[float],
    lows: Sequence[float],
    highs: Sequence[float],
) -> list[float]:
    """Water-filling: the sum of clamp(level * weight, low, high) is `total`, exactly.

    The level is found by walking the sorted break points, n log n. Who has no weight
    stays at the allowed value nearest to 0 until all others are at their limits.
    A total out of reach leaves everybody at the limit next to it.
    """
    given = [
        low if weight > 0.0 else min(max(0.0, low), high)
        for weight, low, high in zip(weights, lows, highs, strict=True)
    ]
    level, slope, reached = 0.0, 0.0, sum(given)
    breaks = sorted(
        edge
        for weight, low, high in zip(weights, lows, highs, strict=True)
        if weight > 0.0
        for edge in ((low / weight, weight), (high / weight, -weight))
    )
    level = breaks[0][0] if breaks else 0.0
    for at, change in breaks:
        reach = reached + slope * (at - level)
        if slope > 0.0 and reach >= total:
            break
        level, reached, slope = at, reach, slope + change
    if slope > 0.0:
        level += max(total - reached, 0.0) / slope
    given = [
        min(max(level * weight, low), high) if weight > 0.0 else least
        for weight, low, high, least in zip(weights, lows, highs, given, strict=True)
    ]
    return _top_up(total, given, weights, lows, highs)


def _top_up(
    total: float,
    given: list[float],
    weights: Sequence[float],
    lows: Sequence[float],
    highs: Sequence[float],
) -> list[float]:
    """What the weighted cannot give is asked of those without weight, by their room."""
    missing = total - sum(given)
    if abs(missing) <= 1e-9 * max(1.0, abs(total)):
        return given
    ends = highs if missing > 0.0 else lows
    room = [
        0.0 if weight > 0.0 else end - have
        for weight, end, have in zip(weights, ends, given, strict=True)
    ]
    whole = sum(room)
    if whole == 0.0:
        return given
    part = min(missing / whole, 1.0)
    return [have + part * each for have, each in zip(given, room, strict=True)]


def proportional(total: float, limits: Sequence[float]) -> list[float]:
    """Equal utilisation of symmetrical limits."""
    whole = sum(limits)
    part = min(max(total / whole, -1.0), 1.0) if whole > 0.0 else 0.0
    return [part * limit for limit in limits]


def in_order(
    total: float, order: Sequence[int], lows: Sequence[float], highs: Sequence[float]
) -> list[float]:
    """One after the other: the next gives something once the one before gives its all.

    Everybody begins at the allowed value nearest to 0. A total out of reach leaves
    everybody at the limit next to it.
    """
    given = [min(max(0.0, low), high) for low, high in zip(lows, highs, strict=True)]
    missing = total - sum(given)
    for i in order:
        more = min(max(missing, lows[i] - given[i]), highs[i] - given[i])
        given[i] += more
        missing -= more
    return given
