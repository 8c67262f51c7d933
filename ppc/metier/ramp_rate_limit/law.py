"""The law of the ramp rate limit: numbers in, numbers out."""


def window_law(
    base: float, *, up_per_s: float, down_per_s: float, dt_s: float
) -> tuple[float, float]:
    """What can be reached from `base` in one cycle.

    Args:
        base: What was aimed at before, in any unit.
        up_per_s: Fastest rise, > 0.
        down_per_s: Fastest fall, > 0, also infinite.
        dt_s: Time passed [s]; in none nothing moves.

    Returns:
        (low, high), in the unit of `base`.

    Source:
        Rate limiter with two rates. Energinet, NC 2025 v4, Art. 15(6)(e): both ways,
        at the connection point, for rising availability too.
    """
    if dt_s <= 0.0:
        return base, base
    return base - down_per_s * dt_s, base + up_per_s * dt_s
