"""The laws of a power factor: numbers in, numbers out.

A power factor here has a sign: + is over-excited (Q > 0), - is under-excited. Both +1
and -1 mean no reactive power at all.
"""

from collections.abc import Sequence
from math import acos, copysign, tan

from ppc.metier.shaping import polyline


def reactive_law(p: float, *, factor: float) -> float:
    """Reactive power at a power factor: Q = +/- |P| tan(acos |cos phi|).

    The sign comes from the excitation alone, never from P: a battery that is to be
    over-excited injects Q while it charges, too.

    Args:
        p: Active power, in any unit.
        factor: Power factor with its sign, not 0.

    Returns:
        Reactive power, positive when injected, in the unit of `p`.

    Source:
        Definition of cos phi; the excitation as a flag of its own as in SunSpec 704,
        PFWInj.Ext.
    """
    return copysign(abs(p) * tan(acos(abs(factor))), factor)


def curve_law(p_pu: float, points: Sequence[tuple[float, float]]) -> float:
    """Power factor with its sign that belongs to an active power: cos phi(P).

    What is interpolated is how much is missing from 1, with the sign of the excitation:
    between +0.9 and -0.9 the power factor goes through 1, not through 0.

    Args:
        p_pu: Active power [pu].
        points: Corners (P [pu], power factor with its sign), P rising.

    Source:
        CEI 0-16, O.9.1.2 and Table 92, after an extract by others: straight lines
        between points of P and cos phi. From one excitation to the other through 1 is
        geometry.
    """
    missing = [(at, copysign(1.0 - abs(factor), factor)) for at, factor in points]
    away = polyline(p_pu, missing)
    return copysign(1.0 - abs(away), away)
