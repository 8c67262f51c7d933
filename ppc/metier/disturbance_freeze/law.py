"""The law of the freeze: numbers in, numbers out."""


def disturbed_law(
    v_pu: float, *, disturbed: bool, low_pu: float, return_pu: float, high_pu: float
) -> bool:
    """Whether the voltage is that of a fault.

    Args:
        v_pu: Measured voltage [pu of nominal].
        disturbed: Whether it was in the cycle before.
        low_pu: Below it a fault begins [pu].
        return_pu: Above it a fault is over [pu], not below `low_pu`.
        high_pu: Above it a fault begins too [pu].

    Source:
        Energinet's test bench: fault ride-through begins below 0.85 and ends above
        0.90. The upper threshold, without hysteresis of its own but 0.02, is a choice
        of this project.
    """
    if disturbed:
        return v_pu <= return_pu or v_pu >= high_pu - 0.02
    return v_pu < low_pu or v_pu > high_pu
