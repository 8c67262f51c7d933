"""A battery behind its power conversion system (PCS)."""

from math import exp

from ppc.configuration.simulation import UnitSection
from ppc.datamodel.rating import UnitRating
from ppc.keys import DeviceState, Key
from ppc.simulation.physics.grid import Injection
from ppc.simulation.physics.inverter import Inverter
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
    elsewhere, so the charge stays within 0 to 1.
    """

    def __init__(
        self,
        rating: UnitRating,
        section: UnitSection,
        v_nominal_v: float,
        watchdog_s: float | None,
    ) -> None:
        dynamics = DYNAMICS.with_own(section, watchdog_s)
        self.inverter = Inverter(rating, dynamics, v_nominal_v, p_default_w=0.0)
        self.soc_pu = SOC_START_PU if section.soc_pu is None else section.soc_pu
        self.rating = rating
        self._shown_w = self.limits_w

    @property
    def limits_w(self) -> tuple[float, float]:
        """Least and greatest active power the BMS allows now."""
        fade_charge = min(1.0, (1.0 - self.soc_pu) / FADE_PU)
        fade_discharge = min(1.0, self.soc_pu / FADE_PU)
        return (
            self.rating.p_min_w * fade_charge,
            self.rating.p_max_w * fade_discharge,
        )

    @property
    def state(self) -> DeviceState:
        if self.inverter.idle:
            return DeviceState.STANDBY
        whole = (self.rating.p_min_w, self.rating.p_max_w)
        return DeviceState.RUNNING if self.limits_w == whole else DeviceState.DERATED

    def step(self, dt_s: float) -> Injection:
        low_w, high_w = self.limits_w
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
        drawn_pu = STANDBY_PU
        if p_pu > 0.0:
            drawn_pu += discharge_dc_pu(p_pu) / CELL_EFFICIENCY_PU
        elif p_pu < 0.0:
            drawn_pu -= charge_dc_pu(-p_pu) * CELL_EFFICIENCY_PU
        drawn_wh = drawn_pu * size_va * slow_dt_s / 3600.0
        self.soc_pu = min(max(self.soc_pu - drawn_wh / self.rating.e_max_wh, 0.0), 1.0)

    def signals(self) -> dict[Key, float]:
        shown_low_w, shown_high_w = self._shown_w
        return {
            Key.STATE_CODE: self.state,
            Key.P_W: self.inverter.p_w,
            Key.Q_VAR: self.inverter.q_var,
            Key.P_AVAILABLE_W: shown_high_w,
            Key.P_AVAILABLE_MIN_W: shown_low_w,
            Key.SOC_PU: self.soc_pu,
        }
