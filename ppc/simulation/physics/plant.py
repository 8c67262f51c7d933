"""The plant: grid, collector, units, load and meter, stepped together."""

from collections.abc import Mapping
from random import Random

from ppc.configuration.simulation import SimulationConfig, UnitSection
from ppc.datamodel.rating import ConnectionPoint, EquipmentType, UnitRating
from ppc.keys import Key
from ppc.simulation.physics.battery import Battery
from ppc.simulation.physics.grid import Grid, Network
from ppc.simulation.physics.load import Load
from ppc.simulation.physics.meter import Meter, PoiState
from ppc.simulation.physics.pv import Pv
from ppc.simulation.physics.sky import Sky

_USUAL = UnitSection()


class Plant:
    """A whole plant at one connection point.

    Set-points go in by device and key, signals come out the same way. `grid`, `load`
    and `sky` may be moved at any time, to test with. Each part draws its chances from
    a generator of its own, seeded with its name: a unit more changes no other.

    Args:
        point: The connection point.
        ratings: Of every unit, by name.
        meter: Name of the meter.
        config: The simulation section; `units` in it must all be in `ratings`,
            otherwise ValueError.
        watchdogs_s: After how long each unit drops set-points that are not renewed;
            never, for a unit that is not named.
    """

    def __init__(
        self,
        point: ConnectionPoint,
        ratings: Mapping[str, UnitRating],
        meter: str,
        config: SimulationConfig,
        watchdogs_s: Mapping[str, float | None],
    ) -> None:
        if unknown := sorted(set(config.units) - set(ratings)):
            raise ValueError(f"simulation.units: no such unit: {', '.join(unknown)}")
        self._config = config
        self._watchdogs_s = watchdogs_s
        self._v_nominal_v = point.v_nominal_v
        self.grid = Grid(point, config.grid, self._rng("grid"))
        self.load = Load(config.load, point.v_nominal_v, self._rng("load"))
        self.sky = Sky(config.sky, config.start_h, self._rng("sky"))
        self._network = Network(point, config.collector, self.grid)
        self.units = {name: self._unit(rating) for name, rating in ratings.items()}
        self._inverters = tuple(self.units.values())
        rng = self._rng(meter)
        self._meter = Meter(config.meter, point.p_max_w, rng, self.truth)
        self._meter_name = meter

    def _rng(self, part: str) -> Random:
        return Random(f"{self._config.seed} {part}")  # noqa: S311 (no secret)

    def _unit(self, rating: UnitRating) -> Battery | Pv:
        name = rating.name
        section = self._config.units.get(name, _USUAL)
        watchdog_s = self._watchdogs_s.get(name)
        if rating.type is EquipmentType.BESS:
            return Battery(rating, section, self._v_nominal_v, watchdog_s)
        rng = self._rng(name)
        return Pv(rating, section, self._v_nominal_v, watchdog_s, self.sky, rng)

    @property
    def truth(self) -> PoiState:
        """The connection point as it is now, without the meter's errors."""
        s_va = self._network.s_poi_va
        return PoiState(
            abs(self._network.v_poi_v), self.grid.f_hz, s_va.real, s_va.imag
        )

    def step(self, dt_s: float) -> None:
        """Advance by `dt_s`.

        The source moves, the units react to the voltage of the step before, the
        network takes their currents, the meter looks.
        """
        slow_dt_s = dt_s * self._config.speed
        self.grid.step(dt_s)
        self.sky.step(slow_dt_s)
        injections = [unit.step(dt_s) for unit in self._inverters]
        injections.append(self.load.step(dt_s))
        taken_va = self._network.solve(injections)
        for unit, s_va in zip(self._inverters, taken_va, strict=False):
            unit.settle(s_va, slow_dt_s)
        self._meter.step(dt_s, self.truth)

    def command(self, device: str, values: Mapping[Key, float]) -> None:
        """Give a unit set-points, P_SET_W and Q_SET_VAR or one of them.

        KeyError: there is no such unit.
        """
        self.units[device].inverter.set_points.write(
            p_set_w=values.get(Key.P_SET_W), q_set_var=values.get(Key.Q_SET_VAR)
        )

    def signals(self, device: str) -> dict[Key, float]:
        """What a device shows now. KeyError: there is no such device."""
        if device == self._meter_name:
            return self._meter.signals()
        return self.units[device].signals()
