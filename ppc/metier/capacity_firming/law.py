"""The laws of capacity firming: numbers in, numbers out. Generator sign."""


def replacement_law(
    resting_w: float,
    *,
    plan_w: float,
    band_w: float,
    soc_pu: float,
    soc_ref_pu: float,
    gain_pu: float,
    rated_w: float,
) -> float:
    """Power inside the band that leads the batteries back [W].

    clamp(resting + gain * rated * (soc - reference), plan - band, plan + band).

    Args:
        resting_w: Power at the POI with batteries at rest [W].
        plan_w: Power that is committed [W].
        band_w: How far the power may be from it [W].
        soc_pu: State of charge of all batteries [pu of energy].
        soc_ref_pu: State of charge they are led back to.
        gain_pu: Part of the rated power per unit of state of charge.
        rated_w: Rated power of the batteries [W].

    Source:
        F26, replacement mode. There an integral restores the state of charge; a gain on
        its distance is a choice of this project.
    """
    led_w = resting_w + gain_pu * rated_w * (soc_pu - soc_ref_pu)
    return min(max(led_w, plan_w - band_w), plan_w + band_w)


def exhausted_law(
    resting_w: float, *, plan_w: float, band_w: float, curtail: bool
) -> float:
    """Power when the batteries may not help any more: that of PV and load [W].

    Args:
        resting_w: Power at the POI with batteries at rest [W].
        plan_w: Power that is committed [W].
        band_w: How far the power may be from it [W].
        curtail: Whether PV is curtailed to the upper edge of the band.

    Source:
        F26: P_ess only while the state of charge is within its limits.
    """
    return min(resting_w, plan_w + band_w) if curtail else resting_w
