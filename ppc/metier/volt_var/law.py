"""The laws of Q(U): numbers in, numbers out."""

from collections.abc import Sequence

from ppc.metier.shaping import first_order, polyline

V_REFERENCE_RANGE_PU = (0.95, 1.05)
"""IEEE 1547-2018, 5.3.3, as cases of IEEE 1547.1-2020 use it; quoted from memory."""


def curve_law(
    v_pu: float,
    points_pu: Sequence[tuple[float, float]],
    *,
    v_reference_pu: float = 1.0,
    q_offset_pu: float = 0.0,
) -> float:
    """Q(U): the reactive power of a characteristic at the measured voltage.

    q = q_offset + curve(v - (v_reference - 1)), flat beyond the ends of the curve.

    Args:
        v_pu: Voltage [pu of nominal].
        points_pu: Corners (voltage, reactive power) for a reference of 1 pu.
        v_reference_pu: Voltage to which the curve is moved [pu of nominal].
        q_offset_pu: Added to every point [pu, as the points].

    Returns:
        Reactive power, positive when injected, in the unit of the points.

    Source:
        IEEE 1547-2018, 5.3.3 and table 8 (voltage-reactive power mode); parallel shift
        and offset as makers of plant controllers offer them.
    """
    return q_offset_pu + polyline(v_pu - (v_reference_pu - 1.0), points_pu)


def reference_law(present: float, v_pu: float, *, tau_s: float, dt_s: float) -> float:
    """Autonomous reference: the voltage around which the grid has been of late.

    dv_ref/dt = (v - v_ref) / tau, kept within 0.95 to 1.05.

    Args:
        present: Reference voltage now [pu of nominal].
        v_pu: Measured voltage [pu of nominal].
        tau_s: Time constant [s].
        dt_s: Time passed [s].

    Source:
        IEEE 1547-2018, 5.3.3, autonomously adjusting reference voltage: time constant
        300 to 5000 s.
    """
    low, high = V_REFERENCE_RANGE_PU
    return min(max(first_order(present, v_pu, tau_s=tau_s, dt_s=dt_s), low), high)


def lock_law(
    p_pu: float, *, locked: bool, lock_in_pu: float, lock_out_pu: float
) -> bool:
    """Whether Q(U) is locked for want of active power, of either direction.

    Args:
        p_pu: Measured active power [pu].
        locked: Whether it is now.
        lock_in_pu: From here on Q(U) acts [pu].
        lock_out_pu: Below this it does not; between the two nothing changes [pu].

    Source:
        EN 50549-2 and CEI 0-16, annex O.9.1.3: 0.20 and 0.05 of nominal power. That it
        holds for a battery that charges too is a choice of this project.
    """
    return abs(p_pu) < (lock_in_pu if locked else lock_out_pu)
