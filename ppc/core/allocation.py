"""Sharing the plant's set-points among its units."""

from collections.abc import Sequence
from math import sqrt
from typing import NamedTuple

from ppc.core.capability import Capability, Ready
from ppc.datamodel.rating import EquipmentType


class Shares(NamedTuple):
    """Set-points in the order of the units, and what could not be shared out."""

    p_w: list[float]
    q_var: list[float]
    p_shortfall_w: float
    q_shortfall_var: float


def allocate(
    p_w: float, q_var: float, able: Capability, *, q_first: bool = False
) -> Shares:
    """Set-points of all units in service, each within its range and its circle.

    What is served first takes its full range; the other gets what the circle leaves.
    """
    units = able.units
    if q_first:
        q_shares = _proportional(q_var, [u.q_max_var for u in units])
        left_w = [
            sqrt(max(u.s_max_va * u.s_max_va - q * q, 0.0))
            for u, q in zip(units, q_shares, strict=True)
        ]
        p_shares = _active(p_w, units, left_w)
    else:
        p_shares = _active(p_w, units, [u.s_max_va for u in units])
        limits = [u.q_limit_var(p) for u, p in zip(units, p_shares, strict=True)]
        q_shares = _proportional(q_var, limits)
    return Shares(p_shares, q_shares, p_w - sum(p_shares), q_var - sum(q_shares))


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


def _active(p_w: float, units: Sequence[Ready], most_w: Sequence[float]) -> list[float]:
    """PV first, batteries for the rest: a surplus is stored before it is curtailed.

    Batteries share by the energy they hold, or the room they have, and never work
    against each other.
    """
    circles = list(zip(units, most_w, strict=True))
    lows = [min(max(u.p_low_w, -most), most) for u, most in circles]
    highs = [min(max(u.p_high_w, -most), most) for u, most in circles]
    bess = [i for i, u in enumerate(units) if u.type is EquipmentType.BESS]
    pv = [i for i, u in enumerate(units) if u.type is not EquipmentType.BESS]
    store_w = sum(lows[i] for i in bess)
    pv_low_w, pv_high_w = sum(lows[i] for i in pv), sum(highs[i] for i in pv)
    pv_w = min(max(p_w - store_w, pv_low_w), pv_high_w)
    bess_w = p_w - pv_w
    if bess_w >= 0.0:
        weights = [units[i].above_wh for i in bess]
        low_high = [(max(lows[i], 0.0), max(highs[i], 0.0)) for i in bess]
    else:
        weights = [units[i].room_wh for i in bess]
        low_high = [(min(lows[i], 0.0), min(highs[i], 0.0)) for i in bess]
    shares = [0.0] * len(units)
    _put(
        shares,
        bess,
        share(bess_w, weights, [low for low, _ in low_high], [h for _, h in low_high]),
    )
    pv_highs = [highs[i] for i in pv]
    _put(shares, pv, share(pv_w, pv_highs, [lows[i] for i in pv], pv_highs))
    return shares


def _put(shares: list[float], where: Sequence[int], what: Sequence[float]) -> None:
    for i, value in zip(where, what, strict=True):
        shares[i] = value


def _proportional(total: float, limits: Sequence[float]) -> list[float]:
    """Equal utilisation of symmetrical limits."""
    whole = sum(limits)
    part = min(max(total / whole, -1.0), 1.0) if whole > 0.0 else 0.0
    return [part * limit for limit in limits]
