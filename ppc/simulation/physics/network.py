"""The electrical network: a tree from the grid down to the units.

    source -- short circuit -- POI -- breaker, transformer with taps -- collector
                              meter                                         |
                   unit -- own transformer -- feeder's cable and breaker ---+--- load

Everything that feeds it is a source of current, so the network is linear,
V = k E + Z I, and has a solution at any moment, also where a load flow with constant
powers has none (a weak grid). In a tree the product Z I is a sum along the way: the
current of a branch is that of all units behind it. Phasors are complex, at the
frequency of the source; V is line-to-line and I is sqrt(3) times the line current, so
that S = V I* is the three-phase power. Voltages are referred to the side of the POI at
tap 0.
"""

from collections.abc import Sequence
from typing import NamedTuple

from ppc.configuration.simulation import CollectorSection
from ppc.datamodel.rating import ConnectionPoint
from ppc.simulation.physics.grid import Grid
from ppc.simulation.physics.island import Island


class Injection(NamedTuple):
    """What a source of current tries to feed: P + jQ [VA], with at most `i_max_a`."""

    s_va: complex
    i_max_a: float


class Place(NamedTuple):
    """Where an injection stands: behind which feeder, and behind what of its own."""

    feeder: str | None = None
    z_ohm: complex = 0j


COLLECTOR = Place()
TAPS = 16
"""Positions either way. Usual: 8 to 16."""


class Network:
    """State of the network: voltages, breakers, taps, power through the POI."""

    V_WEAK_PU = 0.05
    """Below this voltage a set power asks for no more current than at it."""

    def __init__(
        self,
        point: ConnectionPoint,
        collector: CollectorSection,
        grid: Grid,
        places: Sequence[Place] = (COLLECTOR,),
        island: Island | None = None,
    ) -> None:
        """`places`: of the injections, in the order in which they are solved."""
        self._grid = grid
        self.island = island
        base_ohm = point.v_nominal_v**2 / point.p_max_w
        self._z_ohm = complex(collector.r_pu, collector.x_pu) * base_ohm
        self._tap_pu = collector.tap_pu
        self._v2_weak = (self.V_WEAK_PU * point.v_nominal_v) ** 2
        names = list(collector.feeders)
        self._z_feeders_ohm = [
            complex(f.r_pu, f.x_pu) * base_ohm for f in collector.feeders.values()
        ]
        self._feeders = dict(zip(names, range(len(names)), strict=True))
        self._at = [
            len(names) if place.feeder is None else self._feeders[place.feeder]
            for place in places
        ]
        self._z_own_ohm = [place.z_ohm for place in places]
        self._flat = not names and not any(self._z_own_ohm)
        self.poi_closed = True
        self.closed: dict[str, bool] = dict.fromkeys(names, True)
        """Breakers of the feeders."""
        self._tap = 0
        self.v_poi_v = self.v_collector_v = complex(grid.e_v)
        self.s_poi_va = 0j
        self.v_units_v = [self.v_collector_v] * len(places)
        """At the terminals of each injection."""

    @property
    def tap(self) -> int:
        """Position of the tap changer: one step more raises the collector's voltage."""
        return self._tap

    @tap.setter
    def tap(self, tap: int) -> None:
        self._tap = min(max(tap, -TAPS), TAPS)

    @property
    def ratio(self) -> float:
        return 1.0 + self._tap * self._tap_pu

    def solve(self, injections: Sequence[Injection]) -> list[complex]:
        """Feed the currents that gave these powers at the last voltage.

        Inverters measure the voltage before they can follow it: so the powers met
        lag one call behind a change of voltage, and no iteration is needed.

        Returns:
            Power of each injection at the new voltage [VA].
        """
        currents_a = self._currents(injections)
        total_a = sum(currents_a)
        if self.poi_closed:
            ratio = self.ratio
            self.v_poi_v = self._grid.e_phasor_v + self._grid.z_ohm * ratio * total_a
            self.v_collector_v = ratio * self.v_poi_v + self._z_ohm * total_a
            self.s_poi_va = self.v_poi_v * (ratio * total_a).conjugate()
        else:
            self._apart(currents_a, total_a)
        self._spread(currents_a)
        return [
            v_v * current_a.conjugate()
            for v_v, current_a in zip(self.v_units_v, currents_a, strict=True)
        ]

    def _currents(self, injections: Sequence[Injection]) -> list[complex]:
        """Limited, and none where a breaker is open."""
        found = []
        v2_weak = self._v2_weak
        for v_v, (s_va, i_max_a) in zip(self.v_units_v, injections, strict=True):
            v2 = v_v.real * v_v.real + v_v.imag * v_v.imag
            current_a = s_va.conjugate() * v_v / (max(v2_weak, v2))
            size_a = abs(current_a)
            if size_a > i_max_a:
                current_a *= i_max_a / size_a
            found.append(current_a)
        if not all(self.closed.values()):
            open_at = {
                self._feeders[n] for n, closed in self.closed.items() if not closed
            }
            found = [
                0j if at in open_at else current_a
                for current_a, at in zip(found, self._at, strict=True)
            ]
        return found

    def _apart(self, currents_a: list[complex], total_a: complex) -> None:
        """Without the grid: the former takes what is left over, or all is dead."""
        island = self.island
        if island is None or not island.alive:
            currents_a[:] = [0j] * len(currents_a)
            self.v_collector_v = 0j
        else:
            m = island.index
            others_a = total_a - currents_a[m]
            currents_a[m] = -others_a
            self.v_collector_v = island.e_v + island.z_ohm * others_a
        self.v_poi_v = self.v_collector_v / self.ratio
        self.s_poi_va = 0j

    def _spread(self, currents_a: list[complex]) -> None:
        """From the collector to the terminals of each injection."""
        v_collector_v = self.v_collector_v
        if self._flat:
            self.v_units_v = [v_collector_v] * len(currents_a)
            return
        sums_a = [0j] * (len(self._feeders) + 1)
        for at, current_a in zip(self._at, currents_a, strict=True):
            sums_a[at] += current_a
        v_feeders_v = [
            v_collector_v + z_ohm * sum_a if self.closed[name] else 0j
            for name, z_ohm, sum_a in zip(
                self._feeders, self._z_feeders_ohm, sums_a, strict=False
            )
        ]
        v_feeders_v.append(v_collector_v)
        self.v_units_v = [
            v_feeders_v[at] + z_ohm * current_a
            for at, z_ohm, current_a in zip(
                self._at, self._z_own_ohm, currents_a, strict=True
            )
        ]
