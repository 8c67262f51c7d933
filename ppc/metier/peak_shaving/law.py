"""The laws of peak shaving: numbers in, numbers out. Import is positive here."""


def window_law(
    peak_w: float,
    *,
    imported_ws: float,
    elapsed_s: float,
    window_s: float,
    least_s: float,
) -> float:
    """Import that keeps the mean of a window at the peak, if held to its end [W].

    peak + (peak * elapsed - imported) / max(window - elapsed, least), not below 0.

    Args:
        peak_w: Highest mean import that is wanted [W].
        imported_ws: Energy imported since the window began [Ws].
        elapsed_s: Time since then [s].
        window_s: Length of the window [s].
        least_s: Time over which what was saved or lost is spread at the least [s]: at
            the end of a window no jump is worth it.

    Source:
        What is left of the window's energy over what is left of its time; F22, variant
        with a window. Spread and lower limit are a choice of this project.
    """
    saved_ws = peak_w * elapsed_s - imported_ws
    return max(peak_w + saved_ws / max(window_s - elapsed_s, least_s), 0.0)


def recharge_law(recharge_w: float, *, resting_w: float) -> float:
    """Import at which the plant is kept while the batteries are charged again [W].

    Charging fills the import up to `recharge_w`; a demand that is higher by itself is
    left as it is, not served from the batteries.

    Args:
        recharge_w: Import up to which batteries are charged [W].
        resting_w: Import with batteries at rest [W].

    Source:
        F22: P_ess = P_load - P_recharge where P_load < P_recharge, else 0.
    """
    return max(recharge_w, resting_w)
