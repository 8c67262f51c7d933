"""A battery behind its power conversion system (PCS)."""

from collections.abc import Mapping
from math import copysign, exp

from ppc.configuration.simulation import UnitSection
from ppc.datamodel.rating import UnitRating
from ppc.keys import DeviceState, Key
from ppc.simulation.physics.grid import Injection
from ppc.simulation.physics.response import Dynamics, Lag, SetPoints
from ppc.simulation.physics.sky import Sky
from ppc.simulation.physics.unit import I_MAX_PU, IDLE_PU, q_room_var

DEAD_TIME_S, RESPONSE_S, RAMP_PU_PER_S = 0.05, 0.08, 10.0
"""Utility PCS: dead time 50 ms, time constant 50 to 100 ms, ramp 10 pu/s."""
DISCHARGE_P0, DISCHARGE_K = 0.0055, 0.0188
CHARGE_P0, CHARGE_K = 0.0077, 0.0173
"""Converter losses: fit of a 1 MW PCS in frequency service, as used by SimSES."""
CELL_EFFICIENCY_PU = 0.98
"""Of the cells, each way. Measured systems: 94.8 to 96.9 % there and back (bslib)."""
STANDBY_PU = 0.002
"""Own consumption, always, taken from the store. Usual: 0.2 to 0.5 %."""
FADE_PU = 0.05
"""The power limits fade to 0 over this much charge at either end."""
BMS_LAG_S = 1.0
"""The limits are reported this late. Usual: 1 to 10 s."""


def discharge_dc_pu(p_pu: float) -> float:
    """DC power that gives `p_pu` >= 0 at the AC side: p / efficiency(p)."""
    return p_pu + DISCHARGE_P0 + DISCHARGE_K * p_pu * p_pu if p_pu else 0.0


def charge_dc_pu(p_pu: float) -> float:
    """DC power left of `p_pu` >= 0 drawn at the AC side: p * efficiency(p)."""
    return p_pu * p_pu / (p_pu + CHARGE_P0 + CHARGE_K * p_pu * p_pu) if p_pu else 0.0


class Battery:
    """State of charge, limits and the answer to set-points.

    Efficiency of the converter is p / (p + P0 + K p^2) in pu of its rating. P goes
    before Q. Without a renewed set-point, P and Q go to 0. An empty store takes its
    standby power from elsewhere: charge stays within 0 to 1.
    """

    def __init__(
        self,
        rating: UnitRating,
        section: UnitSection,
        watchdog_s: float | None,
        v_nominal_v: float,
    ) -> None:
        dynamics = Dynamics.of(
            section, Dynamics(DEAD_TIME_S, RESPONSE_S, RAMP_PU_PER_S, watchdog_s)
        )
        ramp_va_per_s = dynamics.ramp_pu_per_s * rating.s_max_va
        self.rating = rating
        self._i_max_a = I_MAX_PU * rating.s_max_va / v_nominal_v
        self._set_points = SetPoints(dynamics, 0.0, 0.0)
        self._p = Lag(dynamics.response_s, ramp_va_per_s)
        self._q = Lag(dynamics.response_s, ramp_va_per_s)
        self.soc_pu = 0.5 if section.soc_pu is None else section.soc_pu
        self.p_w = self.q_var = 0.0
        self._reported_w = self.limits_w

    @property
    def limits_w(self) -> tuple[float, float]:
        """Least and greatest active power the BMS allows now."""
        fade_down = min(1.0, self.soc_pu / FADE_PU)
        fade_up = min(1.0, (1.0 - self.soc_pu) / FADE_PU)
        return self.rating.p_min_w * fade_up, self.rating.p_max_w * fade_down

    @property
    def state(self) -> DeviceState:
        if abs(self.p_w) + abs(self.q_var) < IDLE_PU * self.rating.s_max_va:
            return DeviceState.STANDBY
        if self.limits_w != (self.rating.p_min_w, self.rating.p_max_w):
            return DeviceState.DERATED
        return DeviceState.RUNNING

    def write(self, values: Mapping[Key, float]) -> None:
        self._set_points.write(**values)

    def step(self, dt_s: float, slow_dt_s: float, sky: Sky) -> Injection:  # noqa: ARG002 (see Unit)
        p_set_w, q_set_var = self._set_points.step(dt_s)
        low_w, high_w = self.limits_w
        p_w = self._p.step(min(max(p_set_w, low_w), high_w), dt_s)
        p_w = min(max(p_w, low_w), high_w)
        q_var = self._q.step(_within(q_set_var, q_room_var(self.rating, p_set_w)), dt_s)
        q_var = _within(q_var, q_room_var(self.rating, p_w))
        self._report(low_w, high_w, dt_s)
        return Injection(complex(p_w, q_var), self._i_max_a)

    def settle(self, s_va: complex, slow_dt_s: float) -> None:
        self.p_w, self.q_var = s_va.real, s_va.imag
        size_va = self.rating.s_max_va
        p_pu = self.p_w / size_va
        if p_pu > 0.0:
            drawn_pu = discharge_dc_pu(p_pu) / CELL_EFFICIENCY_PU
        else:
            drawn_pu = -charge_dc_pu(-p_pu) * CELL_EFFICIENCY_PU
        drawn_w = (drawn_pu + STANDBY_PU) * size_va
        soc_pu = self.soc_pu - drawn_w * slow_dt_s / 3600.0 / self.rating.e_max_wh
        self.soc_pu = min(max(soc_pu, 0.0), 1.0)

    def signals(self) -> dict[Key, float]:
        low_w, high_w = self._reported_w
        return {
            Key.STATE_CODE: self.state,
            Key.P_W: self.p_w,
            Key.Q_VAR: self.q_var,
            Key.P_AVAILABLE_W: high_w,
            Key.P_AVAILABLE_MIN_W: low_w,
            Key.SOC_PU: self.soc_pu,
        }

    def _report(self, low_w: float, high_w: float, dt_s: float) -> None:
        """Let the limits the BMS reports follow the ones it keeps."""
        was_low_w, was_high_w = self._reported_w
        gone = 1.0 - exp(-dt_s / BMS_LAG_S)
        self._reported_w = (
            was_low_w + gone * (low_w - was_low_w),
            was_high_w + gone * (high_w - was_high_w),
        )


def _within(value: float, most: float) -> float:
    return value if abs(value) <= most else copysign(most, value)
