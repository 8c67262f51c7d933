"""A battery behind its power conversion system (PCS)."""

from math import exp

from ppc.configuration.simulation import UnitSection
from ppc.datamodel.rating import UnitRating
from ppc.keys import DeviceState, Key
from ppc.simulation.physics.ageing import Ageing
from ppc.simulation.physics.container import Container
from ppc.simulation.physics.inverter import Inverter
from ppc.simulation.physics.network import Injection
from ppc.simulation.physics.response import Dynamics

DYNAMICS = Dynamics(dead_time_s=0.05, response_s=0.08, ramp_pu_per_s=10.0)
"""Utility PCS: dead time 50 ms, time constant 50 to 100 ms, ramp 10 pu/s."""
DISCHARGE_P0, DISCHARGE_K = 0.0055, 0.0188
CHARGE_P0, CHARGE_K = 0.0077, 0.0173
"""Losses of a 1 MW converter, fitted in frequency service; figures used by SimSES."""
CELL_EFFICIENCY_PU = 0.98
"""Of the cells, each way. Measured systems: 94.8 to 96.9 % there and back (bslib)."""
STANDBY_PU = 0.002
"""Own consumption, always, taken from the store. Usual: 0.2 to 0.5 %."""
FADE_PU = 0.05
"""The power limits fade to 0 over this much charge at either end."""
BMS_LAG_S = 1.0
"""The limits are reported this late. Usual: 1 to 10 s."""
SOC_START_PU = 0.5
SLOW_S = 0.5
"""Temperature, ageing and limits are looked at this often."""


def discharge_dc_pu(p_pu: float) -> float:
    """DC power behind `p_pu` > 0 fed at the AC side: p / efficiency(p)."""
    return p_pu + DISCHARGE_P0 + DISCHARGE_K * p_pu * p_pu


def charge_dc_pu(p_pu: float) -> float:
    """DC power left of `p_pu` > 0 drawn at the AC side: p * efficiency(p)."""
    return p_pu * p_pu / (p_pu + CHARGE_P0 + CHARGE_K * p_pu * p_pu)


class Battery:
    """State of charge, limits, and the answer to set-points.

    The converter's efficiency is p / (p + P0 + K p^2), in pu of its rating. Without
    renewed set-points P and Q go to 0. An empty store takes its standby power from
    elsewhere, so the charge stays within 0 to 1; so does a cell that lost capacity:
    its charge is a share of what is left.
    """

    def __init__(
        self,
        rating: UnitRating,
        section: UnitSection,
        v_nominal_v: float,
        watchdog_s: float | None,
    ) -> None:
        self.inverter = Inverter(
            rating,
            DYNAMICS.with_own(section, watchdog_s),
            v_nominal_v,
            p_default_w=0.0,
            priority=section.priority,
            protection=section.protection,
        )
        self.rating = rating
        self.soc_pu = SOC_START_PU if section.soc_pu is None else section.soc_pu
        self.soc_error_pu = 0.0
        """How far the charge it tells is from the truth."""
        self.bms_pu = 1.0
        """Share of its limits that the BMS allows."""
        self.ageing = Ageing(section.soh_pu)
        self.container = Container(rating.e_max_wh, section.ambient_c)
        self._ageing_speed = section.ageing_speed
        self._soc_step_pu = section.soc_step_pu
        self._slow_s = self._heat_j = self._through_j = self._cooling_w = 0.0
        self._capacity_wh = rating.e_max_wh * self.ageing.soh_pu
        self._limits_w = self._allowed()
        self._shown_w = self._limits_w

    @property
    def limits_w(self) -> tuple[float, float]:
        """Least and greatest active power the BMS allows now."""
        return self._limits_w

    def _allowed(self) -> tuple[float, float]:
        fade_charge = min(1.0, (1.0 - self.soc_pu) / FADE_PU) * self.bms_pu
        fade_discharge = min(1.0, self.soc_pu / FADE_PU) * self.bms_pu
        return (
            self.rating.p_min_w * fade_charge * self.container.charge_pu,
            self.rating.p_max_w * fade_discharge * self.container.discharge_pu,
        )

    @property
    def state(self) -> DeviceState:
        shown = self.inverter.state
        whole = (self.rating.p_min_w, self.rating.p_max_w)
        if shown is DeviceState.RUNNING and self._limits_w != whole:
            return DeviceState.DERATED
        return shown

    def step(self, dt_s: float) -> Injection:
        low_w, high_w = self._limits_w
        shown_low_w, shown_high_w = self._shown_w
        gone = 1.0 - exp(-dt_s / BMS_LAG_S)
        self._shown_w = (
            shown_low_w + gone * (low_w - shown_low_w),
            shown_high_w + gone * (high_w - shown_high_w),
        )
        return self.inverter.step(low_w, high_w, dt_s)

    def settle(self, s_va: complex, slow_dt_s: float) -> None:
        self.inverter.settle(s_va)
        size_va = self.rating.s_max_va
        p_pu = s_va.real / size_va
        drawn_pu = STANDBY_PU + self._cooling_w / size_va
        if p_pu > 0.0:
            dc_pu = discharge_dc_pu(p_pu)
            cells_pu = dc_pu / CELL_EFFICIENCY_PU
            drawn_pu += cells_pu
            self._heat_j += (cells_pu - dc_pu) * size_va * slow_dt_s
            self._through_j += cells_pu * size_va * slow_dt_s
        elif p_pu < 0.0:
            dc_pu = charge_dc_pu(-p_pu)
            cells_pu = dc_pu * CELL_EFFICIENCY_PU
            drawn_pu -= cells_pu
            self._heat_j += (dc_pu - cells_pu) * size_va * slow_dt_s
            self._through_j += cells_pu * size_va * slow_dt_s
        drawn_wh = drawn_pu * size_va * slow_dt_s / 3600.0
        self.soc_pu = min(max(self.soc_pu - drawn_wh / self._capacity_wh, 0.0), 1.0)
        self._slow_s += slow_dt_s
        if self._slow_s >= SLOW_S - 1e-9:
            self._slowly(self._slow_s)
            self._slow_s = self._heat_j = self._through_j = 0.0
        elif self._near_an_end():
            self._limits_w = self._allowed()

    def _slowly(self, dt_s: float) -> None:
        """What need not be looked at in every step."""
        self._cooling_w = self.container.step(self._heat_j / dt_s, dt_s)
        if self._ageing_speed:
            c_rate = self._through_j / dt_s / self._capacity_wh
            faster_s = dt_s * self._ageing_speed
            self.ageing.step(
                faster_s, self.container.temperature_c, self.soc_pu, c_rate
            )
            self._capacity_wh = self.rating.e_max_wh * self.ageing.soh_pu
        self._limits_w = self._allowed()

    def _near_an_end(self) -> bool:
        return not FADE_PU <= self.soc_pu <= 1.0 - FADE_PU

    def signals(self) -> dict[Key, float]:
        shown_low_w, shown_high_w = self._shown_w
        told_pu = self.soc_pu + self.soc_error_pu
        if self._soc_step_pu:
            told_pu = round(told_pu / self._soc_step_pu) * self._soc_step_pu
        return {
            Key.STATE_CODE: self.state,
            Key.P_W: self.inverter.p_w,
            Key.Q_VAR: self.inverter.q_var,
            Key.P_AVAILABLE_W: shown_high_w,
            Key.P_AVAILABLE_MIN_W: shown_low_w,
            Key.SOC_PU: min(max(told_pu, 0.0), 1.0),
        }
