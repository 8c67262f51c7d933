"""Formulas of entering service."""


def inside(value: float, *, low: float, high: float) -> bool:
    """Whether a value lies in its window, edges included.

    Source:
        Enter service criteria of IEEE 1547-2018, 4.10.2; the same form in EN 50549 and
        in the national rules below (U in pu, f in Hz, wait, then ramp of P_max):

        - Austria, types A to C: 0.85 to 1.09, 47.5 to 50.10, 60 s (0 to 300 s),
          10 % a minute; type D only after the operator's release.
        - Italy, low voltage: 49.90 to 50.10, 30 s at the start and 300 s after a trip,
          20 % a minute.
        - Cyprus: 180 s or more, 10 % a minute.
        - EN 50549, default, quoted from memory: 0.85 to 1.10, 49.5 to 50.2, 60 s,
          10 % a minute.
        - IEEE 1547-2018, default, quoted from memory: 0.917 to 1.05, 59.5 to 60.1,
          300 s, ramp of 300 s.
    """
    return low <= value <= high


def is_lost(beyond_for_s: float, *, allowed_s: float) -> bool:
    """Whether the grid counts as lost: too far off for too long.

    Args:
        beyond_for_s: How long a value has been beyond a limit without a break [s].
        allowed_s: How long it may be [s].

    Source:
        Definite-time protection. A dip that is to be ridden through is shorter.
    """
    return beyond_for_s >= allowed_s


def gives_nothing(units_va: float, *, of_va: float) -> bool:
    """Whether the units give as good as nothing: where there is no voltage, none can.

    Args:
        units_va: Apparent power of all units, added up [VA].
        of_va: What they could be expected to give [VA].

    Source:
        S = U I. The tolerance, 2 % of the connection without voltage and half of what
        the foot of the ramp allows, is a choice of this project.
    """
    return units_va <= of_va


def foot_pu(ramp_s: float) -> float:
    """Where the ramp waits until a unit follows: what it makes in 1.5 s [pu].

    Args:
        ramp_s: From 0 to all of the connection [s].

    Source:
        Units count their own time before they come back, and do not say so. The figure
        is a choice of this project: enough to be seen, no step when they do come.
    """
    return min(1.5 / ramp_s, 1.0) if ramp_s > 0.0 else 1.0
