"""The laws of the state-of-charge window: numbers in, numbers out."""


def derating_law(distance_pu: float, *, from_pu: float, to_pu: float) -> float:
    """Part of the rated power left near a limit of the state of charge.

    k = clamp((distance - from) / (to - from), 0, 1).

    Args:
        distance_pu: Distance from the hard limit, inside positive [pu of energy].
        from_pu: Distance up to which no power is left, < `to_pu` [pu].
        to_pu: Distance from which on all of it is [pu].

    Returns:
        Part of the rated power in the direction of the limit, within [0, 1].

    Source:
        Linear derating between a soft and a hard limit, as plant controllers of the
        trade document it; the figures of limits and bands are a choice of this project.
    """
    return min(max((distance_pu - from_pu) / (to_pu - from_pu), 0.0), 1.0)
