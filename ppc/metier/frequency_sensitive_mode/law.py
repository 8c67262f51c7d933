"""Formulas of the frequency sensitive mode."""

from ppc.metier.setting import Curve
from ppc.metier.shaping import polyline


def droop_curve(
    *,
    droop_pu: float | None,
    deadband_hz: float,
    range_hz: float,
    reserve_pu: float,
    f_nominal_hz: float,
) -> Curve:
    """Share of the reserve over the size of the deviation [Hz], by a droop.

    From the edge of the dead band on it grows by 1 / (droop fn) per Hz, until the
    reserve or the range is used up. Without a droop it is 1 at the end of the range.

    Args:
        droop_pu: Change of frequency over nominal that asks for all of P max, > 0.
        deadband_hz: Deviation up to which nothing is asked for [Hz].
        range_hz: Deviation from which the answer stays as it is [Hz], > the dead band.
        reserve_pu: Most answer [pu of P max], > 0.
        f_nominal_hz: Nominal frequency [Hz].

    Source:
        Regulation (EU) 2016/631, Art. 15(2)(d) and figure 5; without a droop FCR, which
        is whole at 200 mHz (TenneT, FCR manual for BSPs, 3.1).
    """
    end_hz, share = range_hz, 1.0
    if droop_pu is not None:
        whole_hz = deadband_hz + reserve_pu * droop_pu * f_nominal_hz
        end_hz = min(range_hz, whole_hz)
        share = (end_hz - deadband_hz) / (whole_hz - deadband_hz)
    return (deadband_hz, 0.0), (end_hz, share)


def both_sides(points: Curve) -> Curve:
    """Share of the reserve over f - fn: what is given for the size, on either side.

    A curve with a negative deviation says both sides itself and stays as it is.

    Args:
        points: Corners (deviation [Hz], share of the reserve).

    Source:
        Low frequency asks for more power, high for less, alike: NESO, Dynamic
        Containment, Moderation and Regulation.
    """
    if points[0][0] < 0.0:
        return points
    under = tuple((-hz, share) for hz, share in reversed(points))
    return under + tuple((hz, -share) for hz, share in points)


def heard_law(f_hz: float, last_hz: float | None, *, insensitivity_hz: float) -> float:
    """Frequency that is answered: the last one, until it moved by the insensitivity.

    No dead band: it lies around the last value answered, wherever that is.

    Args:
        f_hz: Measured frequency [Hz].
        last_hz: The one answered last [Hz]; None: none yet.
        insensitivity_hz: Least change that is answered [Hz].

    Source:
        Regulation (EU) 2016/631, Art. 2 "frequency response insensitivity"; TenneT, FCR
        manual for BSPs, 6.1.3.
    """
    if last_hz is None or abs(f_hz - last_hz) >= insensitivity_hz:
        return f_hz
    return last_hz


def share_law(
    f_hz: float, *, f_nominal_hz: float, curve: Curve, under: bool, over: bool
) -> float:
    """Share of the reserve that a frequency asks for, -1 to 1.

    Args:
        f_hz: Frequency to be answered [Hz].
        f_nominal_hz: Nominal frequency [Hz].
        curve: Corners (f - fn [Hz], share).
        under: Whether more power may be asked for.
        over: Whether less may be asked for.

    Source:
        Linear between the corners: Regulation (EU) 2016/631, figure 5; NESO, dynamic
        services.
    """
    share = polyline(f_hz - f_nominal_hz, curve)
    return min(max(share, -1.0 if over else 0.0), 1.0 if under else 0.0)
