"""The law of self-consumption: numbers in, numbers out. Generator sign."""


def balance_law(
    exchange_w: float,
    *,
    band_w: float,
    resting_w: float,
    storable_w: float,
    curtail: bool,
) -> float:
    """Power at the POI to aim at [W].

    clamp(resting, exchange - band, exchange + band): batteries do no more than is
    needed. Of a surplus, what they cannot take goes to the grid unless `curtail`.

    Args:
        exchange_w: Exchange with the grid that is wanted [W].
        band_w: How far it may be away from that [W].
        resting_w: Exchange with batteries at rest and all the PV there is [W].
        storable_w: Power that batteries could take now, >= 0 [W].
        curtail: Whether PV is curtailed by what cannot be stored.

    Source:
        F23: P_ess = P_import + P_ess_measured - P_target. Band and the end of what can
        be stored are a choice of this project.
    """
    aim_w = min(max(resting_w, exchange_w - band_w), exchange_w + band_w)
    return aim_w if curtail else max(aim_w, resting_w - storable_w)
