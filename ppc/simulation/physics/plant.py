"""The plant: grid, collector, units, load and meter, stepped together."""

from collections.abc import Mapping, Sequence
from random import Random

from ppc.configuration.simulation import SimulationConfig, UnitSection
from ppc.datamodel.rating import ConnectionPoint, EquipmentType, UnitRating
from ppc.keys import Key
from ppc.simulation.physics.battery import Battery
from ppc.simulation.physics.grid import Course, Grid
from ppc.simulation.physics.island import Island
from ppc.simulation.physics.load import Load
from ppc.simulation.physics.meter import Meter, PoiState
from ppc.simulation.physics.network import COLLECTOR, Network, Place
from ppc.simulation.physics.pv import Pv
from ppc.simulation.physics.sky import Sky

_USUAL = UnitSection()


class Plant:
    """A whole plant at one connection point.

    Set-points go in by device and key, signals come out the same way. `grid`, `load`,
    `sky`, `network`, `meter` and `units` may be moved at any time, to test with. Each
    part draws its chances from a generator of its own, seeded with its name: a unit
    more changes no other.

    Args:
        point: The connection point.
        ratings: Of every unit, by name.
        meter: Name of the meter.
        second_meter: Name of another one at the same point, if there is one.
        config: The simulation section; the units it names must all be in `ratings`,
            otherwise ValueError.
        watchdogs_s: After how long each unit drops set-points that are not renewed;
            never, for a unit that is not named.
        day_w_per_m2: Irradiance on the modules over a clear day (see `Sky`).
        frequency, voltage: Recorded courses of the grid's.
    """

    def __init__(
        self,
        point: ConnectionPoint,
        ratings: Mapping[str, UnitRating],
        meter: str,
        config: SimulationConfig,
        watchdogs_s: Mapping[str, float | None],
        *,
        day_w_per_m2: Sequence[float],
        second_meter: str | None = None,
        frequency: Course | None = None,
        voltage: Course | None = None,
    ) -> None:
        _check(config, ratings)
        self._config = config
        self._point = point
        rng = self._rng("grid")
        self.grid = Grid(point, config.grid, rng, frequency, voltage)
        self.load = Load(config.load, point.v_nominal_v, self._rng("load"))
        self.sky = Sky(config.sky, config.start_h, self._rng("sky"), day_w_per_m2)
        self.units = {
            name: self._unit(rating, watchdogs_s.get(name))
            for name, rating in ratings.items()
        }
        self._inverters = tuple(self.units.values())
        self._former, island = self._island(ratings)
        self.network = Network(
            point, config.collector, self.grid, self._places(ratings), island
        )
        names = [meter] if second_meter is None else [meter, second_meter]
        self._meters = {name: self._new_meter(name) for name in names}
        self.meter = self._meters[meter]

    def _new_meter(self, name: str) -> Meter:
        point, rng = self._point, self._rng(name)
        return Meter(
            self._config.meter, point.p_max_w, rng, self.truth, point.v_nominal_v
        )

    def _rng(self, part: str) -> Random:
        return Random(f"{self._config.seed} {part}")  # noqa: S311 (no secret)

    def _unit(self, rating: UnitRating, watchdog_s: float | None) -> Battery | Pv:
        section = self._config.units.get(rating.name, _USUAL)
        v_v = self._point.v_nominal_v
        if rating.type is EquipmentType.BESS:
            return Battery(rating, section, v_v, watchdog_s)
        rng = self._rng(rating.name)
        return Pv(rating, section, v_v, watchdog_s, self.sky, rng)

    def _places(self, ratings: Mapping[str, UnitRating]) -> list[Place]:
        """Of each unit, and of the load, which stands at the collector."""
        behind = {
            unit: feeder
            for feeder, section in self._config.collector.feeders.items()
            for unit in section.units
        }
        v2 = self._point.v_nominal_v**2
        places = []
        for name, rating in ratings.items():
            section = self._config.units.get(name, _USUAL)
            z_ohm = complex(section.r_pu, section.x_pu) * v2 / rating.s_max_va
            places.append(Place(behind.get(name), z_ohm))
        return [*places, COLLECTOR]

    def _island(
        self, ratings: Mapping[str, UnitRating]
    ) -> tuple[Battery | Pv | None, Island | None]:
        section = self._config.island
        if section is None:
            return None, None
        index = list(ratings).index(section.former)
        island = Island(
            section,
            index,
            ratings[section.former].s_max_va,
            self._point.v_nominal_v,
            self._point.f_nominal_hz,
        )
        return self.units[section.former], island

    @property
    def f_hz(self) -> float:
        """Frequency at the plant: the grid's, or the island's own."""
        island = self.network.island
        if self.network.poi_closed or island is None:
            return self.grid.f_hz
        return island.f_hz

    @property
    def truth(self) -> PoiState:
        """The connection point as it is now, without the meter's errors."""
        network = self.network
        s_va = network.s_poi_va
        return PoiState(abs(network.v_poi_v), self.f_hz, s_va.real, s_va.imag)

    def step(self, dt_s: float) -> None:
        """Advance by `dt_s`.

        The source moves, the units react to the voltage of the step before, the
        network takes their currents, the meter looks.
        """
        slow_dt_s = dt_s * self._config.speed
        network, load, v_nominal_v = self.network, self.load, self._point.v_nominal_v
        self.grid.step(dt_s)
        self.sky.step(slow_dt_s)
        f_hz = self.f_hz
        injections = []
        for unit, v_v in zip(self._inverters, network.v_units_v, strict=False):
            inverter = unit.inverter
            inverter.v_pu, inverter.f_hz = abs(v_v) / v_nominal_v, f_hz
            injections.append(unit.step(dt_s))
        load.v_pu = abs(network.v_collector_v) / v_nominal_v
        load.f_pu, load.time_h = f_hz / self._point.f_nominal_hz, self.sky.time_h
        injections.append(load.step(dt_s))
        taken_va = network.solve(injections)
        for unit, s_va in zip(self._inverters, taken_va, strict=False):
            unit.settle(s_va, slow_dt_s)
        if not network.poi_closed:
            self._keep_island(dt_s)
        for meter in self._meters.values():
            meter.step(dt_s, self.truth)

    def open_poi(self) -> None:
        """Lose the grid: the breaker at the connection point opens."""
        island, former = self.network.island, self._former
        if self.network.poi_closed and island is not None and former is not None:
            island.begin(self.grid.f_hz, former.inverter.p_w)
        self.network.poi_closed = False

    def close_poi(self) -> None:
        self.network.poi_closed = True

    def _keep_island(self, dt_s: float) -> None:
        island, former = self.network.island, self._former
        if island is not None and former is not None:
            island.alive = former.inverter.machine.feeds
            island.step(former.inverter.p_w, dt_s)

    def command(self, device: str, values: Mapping[Key, float]) -> None:
        """Give a unit set-points, P_SET_W and Q_SET_VAR or one of them.

        KeyError: there is no such unit.
        """
        self.units[device].inverter.set_points.write(
            p_set_w=values.get(Key.P_SET_W), q_set_var=values.get(Key.Q_SET_VAR)
        )

    def signals(self, device: str) -> dict[Key, float]:
        """What a device shows now. KeyError: there is no such device."""
        if meter := self._meters.get(device):
            return meter.signals()
        return self.units[device].signals()

    def slow_signals(self, device: str) -> dict[Key, float]:
        """The same, and what is not needed in every cycle."""
        if meter := self._meters.get(device):
            return meter.signals() | meter.slow_signals()
        return self.units[device].signals()


def _check(config: SimulationConfig, ratings: Mapping[str, UnitRating]) -> None:
    """ValueError: a unit is named that is not there, or that stands twice."""
    named = [u for f in config.collector.feeders.values() for u in f.units]
    former = [config.island.former] if config.island else []
    if unknown := sorted({*config.units, *named, *former} - set(ratings)):
        raise ValueError(f"simulation: no such unit: {', '.join(unknown)}")
    if twice := sorted({u for u in named if named.count(u) > 1}):
        raise ValueError(f"simulation: behind two feeders: {', '.join(twice)}")
