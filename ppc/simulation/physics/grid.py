"""The electrical network: Thevenin source, connection point, collector.

    source --- short-circuit impedance --- POI --- transformer, cables --- collector
                                          meter                      units and load

Everything that feeds the collector is a source of current, so the network is linear,
V = E + Z I, and has a solution at any moment, also where a load flow with constant
powers has none (a weak grid). Phasors are complex, at the frequency of the source,
whose angle is 0; V is line-to-line and I is sqrt(3) times the line current, so that
S = V I* is the three-phase power.
"""

from collections.abc import Sequence
from random import Random
from typing import NamedTuple

from ppc.configuration.simulation import CollectorSection, GridSection
from ppc.datamodel.rating import ConnectionPoint
from ppc.simulation.physics.noise import OrnsteinUhlenbeck

F_NOISE_TAU_S = 260.0
"""Continental Europe, slow part of the frequency (10 s traces of 2014 and 2017)."""
V_NOISE_TAU_S = 60.0
"""Our choice: between flicker (1 s) and the daily swing of a feeder (1 h)."""


class Grid:
    """The source. Voltage, frequency and impedance may be changed at any time."""

    def __init__(
        self, point: ConnectionPoint, section: GridSection, rng: Random
    ) -> None:
        self._point = point
        self.v_pu = section.v_pu
        self.f_set_hz = section.f_hz or point.f_nominal_hz
        self._v_noise = OrnsteinUhlenbeck(section.v_noise_pu, V_NOISE_TAU_S, rng)
        self._f_noise = OrnsteinUhlenbeck(section.f_noise_hz, F_NOISE_TAU_S, rng)
        self.scr, self.x_r = section.scr, section.x_r
        self.set_impedance(section.scr, section.x_r)
        self.e_v = self.v_pu * point.v_nominal_v
        self.f_hz = self.f_set_hz

    def set_impedance(self, scr: float, x_r: float) -> None:
        """Short-circuit ratio on the plant's `p_max_w`, > 0, and X/R, >= 0."""
        self.scr, self.x_r = scr, x_r
        size_ohm = self._point.v_nominal_v**2 / (scr * self._point.p_max_w)
        self.z_ohm = size_ohm * complex(1.0, x_r) / abs(complex(1.0, x_r))

    def step(self, dt_s: float) -> None:
        """Let the noise move on; what was set takes effect."""
        self.e_v = (self.v_pu + self._v_noise.step(dt_s)) * self._point.v_nominal_v
        self.f_hz = self.f_set_hz + self._f_noise.step(dt_s)


class Injection(NamedTuple):
    """What a source of current tries to feed: P + jQ [VA], with at most `i_max_a`."""

    s_va: complex
    i_max_a: float


class Network:
    """State of the network: voltages and the power through the connection point."""

    V_WEAK_PU = 0.05
    """Below this voltage a set power asks for no more current than at it."""

    def __init__(
        self, point: ConnectionPoint, collector: CollectorSection, grid: Grid
    ) -> None:
        self._grid = grid
        base_ohm = point.v_nominal_v**2 / point.p_max_w
        self._z_ohm = complex(collector.r_pu, collector.x_pu) * base_ohm
        self._v2_weak = (self.V_WEAK_PU * point.v_nominal_v) ** 2
        self.v_poi_v = self.v_collector_v = complex(grid.e_v)
        self.s_poi_va = 0j

    def solve(self, injections: Sequence[Injection]) -> list[complex]:
        """Feed the currents that gave these powers at the last voltage.

        Inverters measure the voltage before they can follow it: so the powers met
        lag one call behind a change of voltage, and no iteration is needed.

        Returns:
            Power of each injection at the new voltage [VA].
        """
        v_v = self.v_collector_v
        per_volt = v_v / max(abs(v_v) ** 2, self._v2_weak)
        currents_a = []
        for s_va, i_max_a in injections:
            current_a = s_va.conjugate() * per_volt
            size_a = abs(current_a)
            currents_a.append(
                current_a if size_a <= i_max_a else current_a * (i_max_a / size_a)
            )
        total_a = sum(currents_a)
        self.v_poi_v = self._grid.e_v + self._grid.z_ohm * total_a
        self.v_collector_v = v_v = self.v_poi_v + self._z_ohm * total_a
        self.s_poi_va = self.v_poi_v * total_a.conjugate()
        return [v_v * current_a.conjugate() for current_a in currents_a]
