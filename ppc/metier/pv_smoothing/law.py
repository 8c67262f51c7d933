"""The laws of PV smoothing: numbers in, numbers out. Generator sign."""


def restore_law(
    soc_pu: float, *, soc_ref_pu: float, gain_pu: float, rated_w: float
) -> float:
    """Power that leads the batteries back to their middle [W].

    gain * rated * (soc - reference).

    Args:
        soc_pu: State of charge of all batteries [pu of energy].
        soc_ref_pu: State of charge that leaves room both ways.
        gain_pu: Part of the rated power per unit of state of charge.
        rated_w: Rated power of the batteries [W].

    Source:
        F25: K_soc * (SOC - SOC_ref), K_soc from 0.1 to 0.5, quoted from memory.
    """
    return gain_pu * rated_w * (soc_pu - soc_ref_pu)


def reach_law(
    wanted_w: float,
    *,
    resting_w: float,
    takes_w: float,
    gives_w: float,
    curtail: bool,
) -> float:
    """What of a wanted power batteries can make true [W].

    clamp(wanted, resting + takes, resting + gives).

    Args:
        wanted_w: Power at the POI that is wanted [W].
        resting_w: The same with batteries at rest and all the PV there is [W].
        takes_w: Most negative power of the batteries [W].
        gives_w: Most power of the batteries [W].
        curtail: Whether PV is curtailed where they cannot take enough.

    Source:
        Balance of power at the POI; a filter that goes on from here does not wind up.
    """
    reached_w = min(wanted_w, resting_w + gives_w)
    return reached_w if curtail else max(reached_w, resting_w + takes_w)
