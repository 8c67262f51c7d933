"""The laws of the run-back: numbers in, numbers out."""

from collections.abc import Sequence

from ppc.metier.shaping import approach, closed_in


def level_law(code: int, levels_pu: Sequence[float]) -> float | None:
    """The level that active bits of a code ask for; of several the lowest.

    Args:
        code: Bit n stands for the n-th level, counted from 0.
        levels_pu: Most power, either way, of each level.

    Returns:
        The level [pu], or None when no known one is active.

    Source:
        Energinet's system protection: of several active levels the lowest wins.
    """
    active = [level for n, level in enumerate(levels_pu) if code >> n & 1]
    return min(active, default=None)


def limit_law(
    present: float,
    target: float,
    *,
    power: float | None,
    down_per_s: float,
    up_per_s: float,
    dt_s: float,
) -> float:
    """Where the limit stands on its way: a tighter one begins at the present power.

    Args:
        present: Limit in force, either way, >= 0.
        target: Limit to go to.
        power: Size of what flows now; None: not known.
        down_per_s: How fast it gets tighter.
        up_per_s: How fast it is given back.
        dt_s: Time passed [s].

    Source:
        Rate limiter with two rates, begun without a bump.
    """
    rate_per_s = down_per_s if target < present else up_per_s
    begun = closed_in(present, target, value=power)
    return approach(begun, target, rate_per_s=rate_per_s, dt_s=dt_s)
