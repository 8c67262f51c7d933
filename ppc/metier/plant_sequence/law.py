"""Formulas of the plant's sequence."""


def interlocked(none_for_s: float | None, *, allowed_s: float) -> bool:
    """Whether the plant must not run, since no unit serves.

    Args:
        none_for_s: For how long none has served [s]; None: one does.
        allowed_s: How long that may be [s].

    Source:
        On-delay; the figure is a choice of this project.
    """
    return none_for_s is not None and none_for_s >= allowed_s
