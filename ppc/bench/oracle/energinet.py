"""Energinet reference responses, re-written from their published description.

Model test bench (MTB), June 2026, and its guide: ramp, FSM, LFSM, Q, Q(U) and power
factor. Per unit of Pn, generator sign, evenly spaced time. "Low-pass with a rise" means
a first-order lag whose 10 to 90 % takes that long: tau = rise / ln 9.
"""

from dataclasses import dataclass
from math import acos, exp, inf, log, tan

import numpy as np

from ppc.bench.oscillation import damping_from_overshoot
from ppc.bench.series import Values

RAMP_PU_PER_MIN, RAMP_W_PER_MIN = 0.2, 60e6
Q_MOST_PU = 0.33
Q_RISE_S, Q_OF_U_RISE_S = 0.5, 0.95
F_RISE_S, F_DELAY_S = 0.5, 0.2
FSM_MOST_PU = 0.1
LEAVE_HZ, ENTER_HZ = 0.02, 0.04
FRT_BELOW_PU, FRT_OVER_PU = 0.85, 0.90

__all__ = [
    "DK1",
    "DK2",
    "Lfsm",
    "active_power",
    "damping_from_overshoot",
    "low_pass",
    "power_factor",
    "q_of_u",
    "q_set_point",
    "ramp_pu_per_s",
]


def ramp_pu_per_s(p_max_w: float) -> float:
    """min(0.2 pu/min, 60 MW/min)."""
    return min(RAMP_PU_PER_MIN, RAMP_W_PER_MIN / p_max_w) / 60


def low_pass(x: Values, rise_s: float, dt_s: float) -> Values:
    """First-order lag with this rise time, begun at rest at the first value."""
    return held_low_pass(x, rise_s, dt_s, np.zeros(len(x), bool))


def held_low_pass(
    x: Values,
    rise_s: float,
    dt_s: float,
    hold: np.ndarray[tuple[int], np.dtype[np.bool_]],
) -> Values:
    """The same, standing still where `hold` is true."""
    keep, y = exp(-dt_s * log(9) / rise_s), np.empty(len(x))
    state = x[0]
    for index, value in enumerate(x):
        if index and not hold[index]:
            state = value + (state - value) * keep
        y[index] = state
    return y


def q_set_point(q_set_pu: Values, dt_s: float) -> Values:
    """Q after steps of its set-point."""
    return low_pass(np.clip(q_set_pu, -Q_MOST_PU, Q_MOST_PU), Q_RISE_S, dt_s)


def power_factor(p_pu: Values, factor: float) -> Values:
    """P tan(acos factor), within +/- 0.33; a negative factor absorbs at P > 0."""
    size = np.sign(factor) * tan(acos(abs(factor)))
    return np.asarray(np.clip(p_pu * size, -Q_MOST_PU, Q_MOST_PU))


def q_of_u(
    v_pu: Values, v_ref_pu: Values | float, droop_pu: float, dt_s: float
) -> Values:
    """Q(U) = 0.33 (Uref - U) / Uref / droop; held from U < 0.85 until U > 0.90."""
    wish = Q_MOST_PU * (v_ref_pu - v_pu) / v_ref_pu / droop_pu
    hold, down = np.empty(len(v_pu), bool), False
    for index, v in enumerate(v_pu):
        down = v < FRT_BELOW_PU or (down and v <= FRT_OVER_PU)
        hold[index] = down
    return held_low_pass(
        np.clip(wish, -Q_MOST_PU, Q_MOST_PU), Q_OF_U_RISE_S, dt_s, hold
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Lfsm:
    """LFSM, P_ref = Pn, and FSM if it has a droop; DK1 unless said otherwise.

    FSM ends where LFSM begins, and at +/- 10 % of Pn.
    """

    over_hz: float = 50.2
    under_hz: float = 49.8
    droop: float = 0.05
    fsm_droop: float = inf
    fsm_dead_band_hz: float = 0.0
    f_nominal_hz: float = 50.0

    def response(self, f_hz: float) -> float:
        """Change of power at this frequency."""
        near_hz = min(max(f_hz, self.under_hz), self.over_hz)
        low_by_hz, band_hz = self.f_nominal_hz - near_hz, self.fsm_dead_band_hz
        counted_hz = low_by_hz - min(max(low_by_hz, -band_hz), band_hz)
        fsm = counted_hz / self.fsm_droop / self.f_nominal_hz
        lfsm = (near_hz - f_hz) / self.droop / self.f_nominal_hz
        return min(max(fsm, -FSM_MOST_PU), FSM_MOST_PU) + lfsm


DK1 = Lfsm()
DK2 = Lfsm(over_hz=50.5, under_hz=49.5, droop=0.04)


def active_power(
    p_set_pu: Values,
    f_hz: Values,
    *,
    dt_s: float,
    p_max_w: float,
    lfsm: Lfsm = DK1,
    p_available_pu: Values | float = 1.0,
) -> Values:
    """P on the ramp towards its set-point, or on the frequency law.

    The frequency takes the power over, as it is then, when it is more than 40 mHz away:
    from there the law acts on a frequency that is 0.2 s late and low-passed. Within 20
    mHz P goes on to its set-point on the ramp: an interrupted ramp is continued. Rising
    availability is on the ramp too, falling is not; P stays between 0 and available.
    """
    rate = ramp_pu_per_s(p_max_w) * dt_s
    late = np.concatenate((np.full(round(F_DELAY_S / dt_s), f_hz[0]), f_hz))
    seen_hz = low_pass(late[: len(f_hz)], F_RISE_S, dt_s)
    available = np.broadcast_to(np.asarray(p_available_pu, float), f_hz.shape)
    p, now, on = np.empty(len(f_hz)), float(min(p_set_pu[0], available[0])), False
    base = now
    for index, f in enumerate(f_hz):
        off_hz = abs(f - lfsm.f_nominal_hz)
        on = off_hz > ENTER_HZ or (on and off_hz >= LEAVE_HZ)
        if on:
            now = base + lfsm.response(float(seen_hz[index]))
        else:
            goal = min(p_set_pu[index], available[index])
            base = now = now + min(max(float(goal) - now, -rate), rate)
        p[index] = now = min(max(now, 0.0), float(available[index]))
    return p
