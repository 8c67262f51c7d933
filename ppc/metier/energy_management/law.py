"""Formulas of the energy kept ready for frequency products."""

from math import inf

Interval = tuple[float, float]


def endurance_law(
    soc_pu: float,
    *,
    soc_min_pu: float,
    soc_max_pu: float,
    energy_wh: float,
    reserve_w: float,
    p_set_w: float = 0.0,
) -> Interval:
    """Minutes for which the full reserve could be given, and taken.

    up = (soc - soc_min) E 60 / (P + C), down = (soc_max - soc) E 60 / (C - P); without
    end where the store would not move that way.

    Args:
        soc_pu: State of charge of all batteries together.
        soc_min_pu: Least that may be used.
        soc_max_pu: Most.
        energy_wh: Energy between state of charge 0 and 1 [Wh].
        reserve_w: Reserve sold, C [W].
        p_set_w: Power the plant gives without frequency response, P [W].

    Source:
        Technical Requirements for FCR Provision in the Nordic Synchronous Area
        (2023-05), equations 27 and 28, without inflow.
    """
    left_wh = max(soc_pu - soc_min_pu, 0.0) * energy_wh
    room_wh = max(soc_max_pu - soc_pu, 0.0) * energy_wh
    give_w, take_w = reserve_w + p_set_w, reserve_w - p_set_w
    up_min = left_wh * 60.0 / give_w if give_w > 0.0 else inf
    down_min = room_wh * 60.0 / take_w if take_w > 0.0 else inf
    return up_min, down_min


def most_reserve_law(rated_w: float, *, ratio: float) -> float:
    """Most reserve that a plant may sell: rated / ratio [W].

    Args:
        rated_w: Rated power [W].
        ratio: Least rated power over reserve, the rest being kept for the store: 1.25
            in Continental Europe, 1.34 for Nordic FCR-N.

    Source:
        TenneT, FCR manual for BSPs, 3.2.1; Nordic FCR requirements (2023-05), table 10.
    """
    return rated_w / ratio


def allowed_law(deviation_hz: float, *, normal_hz: float) -> Interval:
    """Directions in which the store may be restored, -1 to charge and 1 to discharge.

    Both within `normal_hz`; beyond it not that which works against the reserve.

    Args:
        deviation_hz: Frequency minus nominal [Hz].
        normal_hz: Deviation that needs no help [Hz].

    Source:
        TenneT, FCR manual for BSPs, 3.2.4: charging must not work against the reserve.
    """
    return (
        -1.0 if deviation_hz >= -normal_hz else 0.0,
        1.0 if deviation_hz <= normal_hz else 0.0,
    )


def short_term_law(
    mean_deviation_hz: float,
    deviation_hz: float,
    *,
    restored_w: float,
    reserve_w: float,
    full_hz: float,
    most_w: float,
) -> float:
    """Power that leaves of a response to frequency that to its short-term part [W].

    The response -C d / full becomes -C (d - mean) / full, d within +-full: so C mean /
    full is added, and as much as keeps all of it within +-`most_w`.

    Args:
        mean_deviation_hz: Rolling mean of the deviation [Hz], see `RollingMean`.
        deviation_hz: Deviation now [Hz].
        restored_w: Power that restores the store at the same time [W]; it is contained
            in the result.
        reserve_w: Reserve that another function gives, C [W].
        full_hz: Deviation at which it gives all of it [Hz].
        most_w: Most that reserve and restoring may come to [W].

    Source:
        Nordic FCR requirements (2023-05), equations 18 to 24; TenneT, FCR manual for
        BSPs, 3.2.5.
    """
    given_w = -reserve_w * min(max(deviation_hz / full_hz, -1.0), 1.0)
    added_w = restored_w + reserve_w * mean_deviation_hz / full_hz
    return min(max(given_w + added_w, -most_w), most_w) - given_w
