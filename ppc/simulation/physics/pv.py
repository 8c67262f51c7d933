"""A PV array behind its inverter."""

from math import exp, sqrt
from random import Random

from ppc.configuration.simulation import UnitSection
from ppc.datamodel.rating import UnitRating
from ppc.keys import DeviceState, Key
from ppc.simulation.physics.grid import Injection
from ppc.simulation.physics.inverter import Inverter
from ppc.simulation.physics.noise import OrnsteinUhlenbeck
from ppc.simulation.physics.response import Dynamics
from ppc.simulation.physics.sky import Sky

DYNAMICS = Dynamics(dead_time_s=0.1, response_s=0.2, ramp_pu_per_s=10.0)
"""A central inverter addressed directly. Ours; strings behind a logger: 2 to 10 s."""
DC_OVER_AC = 1.2
"""Power of the modules at 1000 W/m2 and 25 degrees, over `p_max_w`."""
PERFORMANCE_PU = 0.92
"""What heat, dirt, wires and inverter leave of it, on the average. Ours."""
NIGHT_PU = 0.0005
"""Drawn from the grid at night."""
CROSSING_S = 10.0
"""A cloud's edge takes this long to cross 1 MW of modules, sqrt(area) / wind speed."""
SPREAD_PU, SPREAD_TAU_S = 0.03, 60.0
"""How far the sky over one unit differs from the shared one. Ours."""


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
        dynamics = DYNAMICS.with_own(section, watchdog_s)
        self.inverter = Inverter(
            rating, dynamics, v_nominal_v, p_default_w=rating.p_max_w
        )
        self.rating = rating
        self._sky = sky
        self._crossing_s = CROSSING_S * sqrt(rating.p_max_w / 1e6)
        self._spread = OrnsteinUhlenbeck(SPREAD_PU, SPREAD_TAU_S, rng)
        self._index_pu = sky.index_pu

    @property
    def p_available_w(self) -> float:
        """What it would give without a limit."""
        sun_pu = self._index_pu * self._sky.clear_w_per_m2 / 1000.0
        p_max_w = self.rating.p_max_w
        return min(p_max_w, DC_OVER_AC * p_max_w * PERFORMANCE_PU * sun_pu)

    def step(self, dt_s: float) -> Injection:
        high_w = self.p_available_w
        if high_w <= 0.0:
            night_w = -NIGHT_PU * self.rating.s_max_va
            return self.inverter.step(night_w, night_w, dt_s)
        return self.inverter.step(min(self.rating.p_min_w, high_w), high_w, dt_s)

    def settle(self, s_va: complex, slow_dt_s: float) -> None:
        self.inverter.settle(s_va)
        if self._sky.clouded:
            gone = 1.0 - exp(-slow_dt_s / self._crossing_s)
            above_pu = self._sky.index_pu * (1.0 + self._spread.step(slow_dt_s))
            self._index_pu += gone * (above_pu - self._index_pu)
        else:
            self._index_pu = self._sky.index_pu

    def signals(self) -> dict[Key, float]:
        idle = self.inverter.idle
        return {
            Key.STATE_CODE: DeviceState.STANDBY if idle else DeviceState.RUNNING,
            Key.P_W: self.inverter.p_w,
            Key.Q_VAR: self.inverter.q_var,
            Key.P_AVAILABLE_W: self.p_available_w,
        }
