"""The laws of the equipment watchdog: numbers in, numbers out."""


def may_serve(*, time_s: float, bad_s: float | None, return_s: float) -> bool:
    """Whether a unit that is well now may take its share.

    Args:
        time_s: Now, when the unit is well [s].
        bad_s: When it was last not, after it had been well; None: never [s].
        return_s: How long it must have been well since then [s].

    Source:
        Off at once, on after a delay: the usual rule for what comes and goes.
    """
    return bad_s is None or time_s - bad_s >= return_s
