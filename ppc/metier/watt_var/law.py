"""The laws of watt-var: numbers in, numbers out."""

from collections.abc import Sequence

from ppc.metier.shaping import polyline


def curve_law(
    p_pu: float, points: Sequence[tuple[float, float]], *, most_pu: float
) -> float:
    """Reactive power that belongs to an active power: Q(P).

    Args:
        p_pu: Active power, negative when it is drawn [pu].
        points: Corners (P, Q), P rising, on the same base as `p_pu`; flat beyond.
        most_pu: Most reactive power in both directions [pu].

    Returns:
        Reactive power, positive when injected [pu], within [-most, +most].

    Source:
        IEEE 1547-2018 5.3.4, active power-reactive power mode; Q(P) of VDE-AR-N 4110
        is the same with other points. Both quoted from memory.
    """
    return min(max(polyline(p_pu, points), -most_pu), most_pu)
