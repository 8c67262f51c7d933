"""The law of the bypass: numbers in, numbers out."""


def pass_law(order: float | None, last: float) -> float:
    """An external set-point as it is; while none is there, the last one.

    Args:
        order: Set-point ordered, in any unit; None: none, or it has expired.
        last: The last one, or what was aimed at when the bypass began.

    Source:
        FGW TR3 6.1.9: another controller's set-points are forwarded to the units.
    """
    return last if order is None else order
