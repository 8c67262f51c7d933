"""The laws of the active power reserve: numbers in, numbers out. Generator sign."""

_HOUR_S = 3600.0


def sustained_law(
    able_w: float,
    *,
    soc_pu: float,
    soc_min_pu: float,
    e_max_wh: float,
    sustain_s: float,
) -> float:
    """Power batteries could give for as long as a reserve must last [W].

    min(able, (soc - soc_min) e_max / sustain), not below 0.

    Args:
        able_w: Power they could give now [W].
        soc_pu: State of charge [pu of energy].
        soc_min_pu: State of charge below which nothing counts.
        e_max_wh: Usable energy [Wh].
        sustain_s: How long the reserve must last [s]; 0: only the moment counts.

    Source:
        Energy is power times time; how long is a matter of what was sold.
    """
    if sustain_s <= 0.0:
        return max(able_w, 0.0)
    above_wh = max(soc_pu - soc_min_pu, 0.0) * e_max_wh
    return max(min(able_w, above_wh * _HOUR_S / sustain_s), 0.0)


def delta_law(available_w: float, reserve_w: float, *, floor_w: float) -> float:
    """Most power that leaves the reserve above it [W].

    max(available - reserve, floor).

    Args:
        available_w: Power the plant could give at the POI [W].
        reserve_w: Reserve to be kept, upwards [W].
        floor_w: Power at the POI with all units at 0 [W]: nothing is drawn from the
            grid to make a reserve.

    Source:
        F19: P_set = min(P_limit, P_available - delta). The floor is a choice of this
        project.
    """
    return max(available_w - reserve_w, floor_w)
