"""Formulas of the operating ranges."""


def used_s(
    last_s: float, *, beyond: bool, within_for_s: float, recover_s: float, dt_s: float
) -> float:
    """Time used up of what is allowed beyond a limit [s].

    Args:
        last_s: Time used up to the cycle before [s].
        beyond: Whether the value is beyond the limit now.
        within_for_s: How long it has been within it without a break [s].
        recover_s: After how long within it what was used is forgotten [s].
        dt_s: Time passed [s].

    Source:
        Periods of operation of Regulation (EU) 2016/631, Art. 13(1) and 16(2). How
        periods that follow each other are added up is a choice of this project.
    """
    if beyond:
        return last_s + dt_s
    return 0.0 if within_for_s >= recover_s else last_s


def is_beyond(value: float, *, limit: float, above: bool) -> bool:
    """Whether a value is beyond a limit, above or below it.

    Source:
        The limit itself belongs to the range.
    """
    return value > limit if above else value < limit
