"""The laws of voltage support: numbers in, numbers out."""

from math import copysign, hypot


def normal_law(
    v_pu: float, *, v_set_pu: float, slope_pu: float, deadband_pu: float = 0.0
) -> float:
    """Voltage droop: the reactive power that answers a voltage deviation.

    q = clamp((v_set - v) / slope, -1, +1), from the edge of the dead band on.

    Args:
        v_pu: Measured voltage [pu of nominal].
        v_set_pu: Voltage at which q is zero [pu of nominal].
        slope_pu: Voltage deviation that asks for full q, > 0 [pu of nominal].
        deadband_pu: Half-width around `v_set_pu` that asks for nothing [pu].

    Returns:
        Reactive power, positive when injected [pu of q_max], within [-1, +1].

    Source:
        Regulation (EU) 2016/631, Art. 21(3)(d): slope 2 to 7 %, dead band 0 to 5 %;
        set-point 0.95 to 1.05 pu is quoted from memory.
    """
    beyond_pu = beyond_law(v_set_pu - v_pu, deadband_pu=deadband_pu)
    return min(max(beyond_pu / slope_pu, -1.0), 1.0)


def beyond_law(error_pu: float, *, deadband_pu: float) -> float:
    """What of an error lies beyond a dead band [pu].

    Args:
        error_pu: Deviation of the voltage [pu].
        deadband_pu: Half-width that asks for nothing [pu].

    Source:
        Dead band of the offset kind, continuous at its edges.
    """
    return copysign(max(0.0, abs(error_pu) - deadband_pu), error_pu)


def remote_voltage_law(
    v_pu: float, p_pu: float, q_pu: float, *, r_pu: float, x_pu: float
) -> float:
    """Voltage at the far end of a line behind the meter [pu]: line-drop compensation.

    |V - (R + jX) I|, with I = (P - jQ) / V.

    Args:
        v_pu: Measured voltage [pu of nominal], > 0.
        p_pu: Measured active power [pu of the base of the line].
        q_pu: Measured reactive power [pu of the same].
        r_pu: Resistance of the line [pu].
        x_pu: Its reactance [pu].

    Source:
        WECC REPC_A, VCFlag 1.
    """
    along = v_pu - (r_pu * p_pu + x_pu * q_pu) / v_pu
    return hypot(along, (x_pu * p_pu - r_pu * q_pu) / v_pu)


def pi_law(
    last_pu: float,
    error_pu: float,
    last_error_pu: float,
    *,
    kp: float,
    ki_per_s: float,
    dt_s: float,
) -> float:
    """Reactive power of a PI controller with reactive-current compensation [pu].

    In steps: what it adds to what was granted last, so that it cannot wind up.

    Args:
        last_pu: What was granted last [pu of q_max].
        error_pu: Voltage set-point less voltage and slope times Q [pu], beyond the
            dead band.
        last_error_pu: The same in the cycle before.
        kp: Proportional gain [pu Q per pu U].
        ki_per_s: Integral gain [pu Q per pu U and second].
        dt_s: Time passed [s].

    Source:
        WECC REPC_A, VCFlag 0, RefFlag 1: Kp e + Ki / s e; velocity form.
    """
    return last_pu + kp * (error_pu - last_error_pu) + ki_per_s * error_pu * dt_s


def grid_voltage_law(v_pu: float, q_pu: float, *, sensitivity_pu: float) -> float:
    """Voltage there would be without the plant's reactive power [pu of nominal].

    Args:
        v_pu: Measured voltage [pu of nominal].
        q_pu: Measured reactive power [pu of the base of `sensitivity_pu`].
        sensitivity_pu: dU/dQ.

    Source:
        Thevenin equivalent, first order: U = U0 + dU/dQ * Q.
    """
    return v_pu - sensitivity_pu * q_pu


def slope_to_grid_law(
    slope_pu: float, *, q_max_pu: float, sensitivity_pu: float
) -> float:
    """Slope over the voltage without the plant, for the same point in the end [pu].

    On the droop Q = Qmax (Uset - U) / slope, with U = U0 + dU/dQ * Q: so
    Q = Qmax (Uset - U0) / (slope + dU/dQ * Qmax). What is asked for does not depend on
    the plant's own Q any more, so no delay can make it swing, in a weak grid neither;
    and a sensitivity that is not exact changes the way there, not where it ends.

    Args:
        slope_pu: Slope of the droop [pu of nominal].
        q_max_pu: Full Q [pu of the base of `sensitivity_pu`].
        sensitivity_pu: dU/dQ.

    Source:
        Derived here from the droop and the Thevenin equivalent.
    """
    return slope_pu + sensitivity_pu * q_max_pu


def error_law(last: float, *, blind_s: float, hold_s: float, default: float) -> float:
    """Answer without a measurement: the last value for `hold_s`, then the default.

    Args:
        last: What was granted last, in any unit.
        blind_s: Time since the measurement was lost [s].
        hold_s: Time for which the last value is kept [s].
        default: Where to go after that, in the unit of `last`.

    Source:
        Plant controllers of the trade fall back to the last value or to a default when
        the grid meter is lost; first the one, then the other is a choice of this
        project, as are the default times.
    """
    return last if blind_s <= hold_s else default
