"""The laws of the equipment watchdog: numbers in, numbers out."""


def may_serve(*, time_s: float, bad_s: float | None, return_s: float) -> bool:
    """Whether a unit that is well now may take its share.

    Args:
        time_s: Now, when the unit is well [s].
        bad_s: When it was last not, after it had been well; None: never [s].
        return_s: How long it must have been well since then [s].

    Source:
        Off-delay 0, on-delay `return_s`; its default is a choice of this project.
    """
    return bad_s is None or time_s - bad_s >= return_s
