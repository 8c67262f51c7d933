"""A PV array behind its inverter."""

from math import exp, sqrt
from random import Random

from ppc.configuration.simulation import UnitSection
from ppc.datamodel.rating import UnitRating
from ppc.keys import Key
from ppc.simulation.physics.inverter import Inverter
from ppc.simulation.physics.network import Injection
from ppc.simulation.physics.noise import OrnsteinUhlenbeck
from ppc.simulation.physics.response import Dynamics
from ppc.simulation.physics.sky import Sky

DYNAMICS = Dynamics(dead_time_s=0.1, response_s=0.2, ramp_pu_per_s=10.0)
"""A central inverter addressed directly. Ours; strings behind a logger: 2 to 10 s."""
DC_OVER_AC = 1.2
"""Power of the modules at 1000 W/m2 and 25 degrees, over `p_max_w`."""
PER_K = -0.0035
"""Power lost per degree above 25. Usual for crystalline silicon."""
U0_W_PER_M2_K, U1_WS_PER_M3_K = 25.0, 6.84
"""How the modules cool in still air, and by wind (Faiman)."""
SYSTEM_PU = 0.96
"""What wires, dirt and inverter leave of it. Usual: 0.96 to 0.98 for the inverter."""
NIGHT_PU = 0.0005
"""Drawn from the grid at night."""
CROSSING_S = 10.0
"""A cloud's edge takes this long to cross 1 MW of modules, sqrt(area) / wind speed."""
SPREAD_PU, SPREAD_TAU_S = 0.03, 60.0
"""How far the sky over one unit differs from the shared one. Ours."""
SLOW_S = 0.2
"""Sun and clouds over the unit are looked at this often."""


class Pv:
    """Available power, curtailment and reactive power, also by night.

    The active power set-point is an upper limit. Without renewed set-points the limit
    is lifted and Q goes to 0: that is how most PV inverters are delivered.
    """

    def __init__(
        self,
        rating: UnitRating,
        section: UnitSection,
        v_nominal_v: float,
        watchdog_s: float | None,
        sky: Sky,
        rng: Random,
    ) -> None:
        self.inverter = Inverter(
            rating,
            DYNAMICS.with_own(section, watchdog_s),
            v_nominal_v,
            p_default_w=rating.p_max_w,
            priority=section.priority,
            protection=section.protection,
        )
        self.rating = rating
        self._section = section
        self._sky = sky
        self._crossing_s = CROSSING_S * sqrt(rating.p_max_w / 1e6)
        self._spread = OrnsteinUhlenbeck(SPREAD_PU, SPREAD_TAU_S, rng)
        self._index_pu = sky.index_pu
        self._slow_s = 0.0
        self.p_available_w = self._sunlit_w()
        """What it would give without a limit."""

    @property
    def cell_c(self) -> float:
        """Temperature of the cells."""
        section = self._section
        cooled = U0_W_PER_M2_K + U1_WS_PER_M3_K * section.wind_m_per_s
        return section.ambient_c + self._sun_w_per_m2 / cooled

    @property
    def _sun_w_per_m2(self) -> float:
        return self._index_pu * self._sky.clear_w_per_m2

    def _sunlit_w(self) -> float:
        """P0 G/1000 (1 + gamma (T - 25)), less losses, and clipped at the inverter."""
        p_max_w = self.rating.p_max_w
        dc_w = (self._section.dc_over_ac or DC_OVER_AC) * p_max_w
        warm = 1.0 + PER_K * (self.cell_c - 25.0)
        return min(p_max_w, SYSTEM_PU * dc_w * warm * self._sun_w_per_m2 / 1000.0)

    def step(self, dt_s: float) -> Injection:
        high_w = self.p_available_w
        if high_w <= 0.0:
            night_w = -NIGHT_PU * self.rating.s_max_va
            return self.inverter.step(night_w, night_w, dt_s)
        return self.inverter.step(min(self.rating.p_min_w, high_w), high_w, dt_s)

    def settle(self, s_va: complex, slow_dt_s: float) -> None:
        self.inverter.settle(s_va)
        self._slow_s += slow_dt_s
        if self._slow_s < SLOW_S - 1e-9 and self._sky.clouded:
            return
        if self._sky.clouded:
            gone = 1.0 - exp(-self._slow_s / self._crossing_s)
            above_pu = self._sky.index_pu * (1.0 + self._spread.step(self._slow_s))
            self._index_pu += gone * (above_pu - self._index_pu)
        else:
            self._index_pu = self._sky.index_pu
        self._slow_s = 0.0
        self.p_available_w = self._sunlit_w()

    def signals(self) -> dict[Key, float]:
        shown: dict[Key, float] = {
            Key.STATE_CODE: self.inverter.state,
            Key.P_W: self.inverter.p_w,
            Key.Q_VAR: self.inverter.q_var,
        }
        if self._section.tells_available:
            shown[Key.P_AVAILABLE_W] = self.p_available_w
        return shown
