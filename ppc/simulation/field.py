"""The field on the wire: every simulated device at its own address, in real time."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from functools import partial
from typing import Protocol

from ppc.adapter.point_codec import rating_bases
from ppc.adapter.profile import DeviceProfile
from ppc.communication.server.base import Station
from ppc.configuration.batteries import batteries
from ppc.configuration.plant import PlantConfig
from ppc.configuration.ratings import unit_ratings
from ppc.configuration.simulation import SimulationConfig
from ppc.datamodel.rating import ConnectionPoint, EquipmentType
from ppc.simulation.clear_sky import clear_day
from ppc.simulation.console import ConsoleStation
from ppc.simulation.device_station import DeviceStation
from ppc.simulation.endpoint import Endpoint
from ppc.simulation.faults.base import Line, Target
from ppc.simulation.faults.desk import FaultDesk
from ppc.simulation.faults.held import Held
from ppc.simulation.faults.injector import Active, Injector, Later
from ppc.simulation.faults.plan import FaultPlan
from ppc.simulation.physics.plant import Plant
from ppc.simulation.recorded import recorded

logger = logging.getLogger(__name__)

BEHIND_MAX_S = 1.0
"""After a longer stall the plant has stood still: it does not rush to catch up."""
DRIVER, PORT = "modbus_tcp", 502
"""What can be served, and where it is found when nothing is said."""


class Truth(Protocol):
    """Who is told what is."""

    def step(self, field: "Field") -> None: ...

    def fault(self, word: str, fault: Active) -> None: ...


class Field:
    """The plant and the endpoints of its devices, and of the console.

    Raises ValueError when a device cannot be served, because it has another driver, or
    when a recorded course cannot be read; PvlibMissing.
    """

    def __init__(
        self,
        config: PlantConfig,
        profiles: Mapping[str, DeviceProfile],
        *,
        faults: FaultPlan | None = None,
        lines: Mapping[str, Line] | None = None,
        truth: Truth | None = None,
    ) -> None:
        """`lines`: wires to the devices that take the place of sockets; `truth`: is
        told what is, and which faults come and go.
        """
        self._settings = config.simulation or SimulationConfig()
        self._lines, self._truth = lines, truth
        self.time_s = 0.0
        self._profiles = {
            name: profiles[device.variant] for name, device in config.devices.items()
        }
        self._ratings = unit_ratings(config, profiles)
        paired = batteries(config.devices)
        self._managed = {bms: unit for unit, bms in paired.items()}
        """The battery each BMS shows."""
        self.plant = self._plant(config)
        self.stations = {name: self._station(name) for name in config.devices}
        """What each device answers, by its name."""
        self._endpoints = self._serve(config)
        self._later = Later()
        self.injector = self._injector(FaultPlan() if faults is None else faults)
        self._console: Endpoint | None = None
        self._desk: FaultDesk | None = None
        if console := self._settings.console:
            plugs = list(self._endpoints.items())
            self._desk = FaultDesk(console.host, console.faults_port, self.injector)
            stations = {console.station: ConsoleStation(self.plant, plugs)}
            self._console = Endpoint(console.host, console.port, stations)

    def _plant(self, config: PlantConfig) -> Plant:
        meter, *others = (
            name
            for name, profile in self._profiles.items()
            if profile.type is EquipmentType.POI
        )
        return Plant(
            ConnectionPoint(
                v_nominal_v=config.plant.v_nominal_v,
                f_nominal_hz=config.plant.f_nominal_hz,
                p_max_w=config.plant.p_max_w,
                p_min_w=config.plant.p_min_w,
                q_max_var=config.plant.q_max_var,
            ),
            self._ratings,
            meter,
            self._settings,
            {name: profile.watchdog_s for name, profile in self._profiles.items()},
            second_meter=others[0] if others else None,
            day_w_per_m2=clear_day(self._settings.sky),
            frequency=recorded(self._settings.grid.f_file),
            voltage=recorded(self._settings.grid.v_file),
        )

    def _serve(self, config: PlantConfig) -> dict[str, Endpoint]:
        """The endpoint of each device; devices at one host and port share one."""
        stations: dict[tuple[str, int | str], dict[int, Station]] = {}
        endpoints: dict[tuple[str, int | str], Endpoint] = {}
        by_device = {}
        for name, device in config.devices.items():
            connection = device.connection
            if connection.driver != DRIVER:
                raise ValueError(f"{name}: only {DRIVER} can be simulated")
            host = connection.settings.get("host", "127.0.0.1")
            port = connection.settings.get("port", PORT)
            where = (host, port or name)
            behind = stations.setdefault(where, {})
            behind[device.station] = self.stations[name]
            if where not in endpoints:
                endpoints[where] = Endpoint(host, port, behind)
            by_device[name] = endpoints[where]
        return by_device

    def _station(self, name: str) -> DeviceStation:
        shown = self._managed.get(name, name)
        return DeviceStation(
            self._profiles[name],
            signals=partial(self.plant.signals, shown),
            slow_signals=partial(self.plant.slow_signals, shown),
            command=partial(self.plant.command, name),
            ratings=rating_bases(self._ratings.get(name)),
        )

    def _injector(self, plan: FaultPlan) -> Injector:
        lines: Mapping[str, Line] = self._lines or self._endpoints
        held = Held()
        targets = {
            name: Target(name, self.plant, station, lines[name], self._later, held)
            for name, station in self.stations.items()
        }
        return Injector(plan, targets, self._later, self._told)

    def _told(self, word: str, fault: Active) -> None:
        logger.info("fault %d %s: %s", fault.number, word, fault.text)
        if self._truth is not None:
            self._truth.fault(word, fault)

    def step(self, dt_s: float) -> None:
        """Advance by `dt_s`: faults first, then the plant."""
        self.time_s += dt_s
        self.injector.step(self.time_s)
        self.plant.step(dt_s)
        if self._truth is not None:
            self._truth.step(self)

    def endpoint(self, device: str) -> Endpoint:
        """The cable of a device, shared with others at the same host and port."""
        return self._endpoints[device]

    def port(self, device: str) -> int:
        """Where a device listens, once started."""
        return self._endpoints[device].port

    @property
    def console_port(self) -> int:
        assert self._console is not None
        return self._console.port

    async def start(self) -> None:
        """Listen everywhere, or nowhere: OSError, which names host and port."""
        async with AsyncExitStack() as started:
            for part in self._all():
                await part.start()
                started.push_async_callback(part.close)
            started.pop_all()

    async def close(self) -> None:
        for part in self._all():
            await part.close()

    async def run(self, stop: asyncio.Event) -> None:
        """Step the plant at absolute deadlines until `stop` is set."""
        loop, step_s = asyncio.get_running_loop(), self._settings.step_s
        due_s = loop.time()
        while not stop.is_set():
            self.step(step_s)
            due_s += step_s
            behind_s = loop.time() - due_s
            if behind_s > BEHIND_MAX_S:
                logger.warning("the field stood still for %.1f s", behind_s)
                due_s += behind_s
            await asyncio.sleep(max(0.0, -behind_s))

    def _all(self) -> "list[Endpoint | FaultDesk]":
        devices: list[Endpoint | FaultDesk] = [*dict.fromkeys(self._endpoints.values())]
        return devices + [part for part in (self._console, self._desk) if part]


async def serve(
    config: PlantConfig,
    profiles: Mapping[str, DeviceProfile],
    watch: Callable[[asyncio.Event], None],
    *,
    ready: Callable[[], None] | None = None,
    faults: FaultPlan | None = None,
    truth: Truth | None = None,
) -> None:
    """Serve the field until the event that `watch` is given is set.

    `profiles` by the names used in `config.devices`; `ready` is called once all ports
    are open. Raises ValueError for what cannot be simulated, OSError for a port that
    is taken.
    """
    stop = asyncio.Event()
    watch(stop)
    field = Field(config, profiles, faults=faults, truth=truth)
    await field.start()
    try:
        if ready is not None:
            ready()
        await field.run(stop)
    finally:
        await field.close()
