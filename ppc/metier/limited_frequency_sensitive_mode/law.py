"""Formulas of the limited frequency sensitive mode."""


def response_law(
    f_hz: float,
    *,
    over_hz: float,
    under_hz: float,
    droop_over_pu: float,
    droop_under_pu: float,
    f_nominal_hz: float,
) -> float:
    """Change of active power that a frequency asks for [pu of the reference power].

    -(f - over) / (droop fn) above the band, (under - f) / (droop fn) below it, 0
    within.

    Args:
        f_hz: Measured frequency [Hz].
        over_hz: Upper edge of the band [Hz].
        under_hz: Lower edge [Hz].
        droop_over_pu: Change of frequency over nominal that asks for all of the
            reference power, above the band, > 0.
        droop_under_pu: The same below it.
        f_nominal_hz: Nominal frequency [Hz].

    Source:
        Regulation (EU) 2016/631, Art. 13(2) and 15(2)(c); IEEE 1547-2018 6.5.2.7.
    """
    above_pu = max(f_hz - over_hz, 0.0) / f_nominal_hz
    below_pu = max(under_hz - f_hz, 0.0) / f_nominal_hz
    return below_pu / droop_under_pu - above_pu / droop_over_pu
