"""The field on the wire: every simulated device at its own address, in real time."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from functools import partial

from ppc.adapter.profile import DeviceProfile
from ppc.communication.server.base import Station
from ppc.configuration.plant import PlantConfig
from ppc.configuration.ratings import unit_ratings
from ppc.configuration.simulation import SimulationConfig
from ppc.datamodel.rating import ConnectionPoint, EquipmentType
from ppc.simulation.bench import BenchStation
from ppc.simulation.clear_sky import clear_day
from ppc.simulation.device_station import DeviceStation
from ppc.simulation.endpoint import Endpoint
from ppc.simulation.physics.plant import Plant
from ppc.simulation.recorded import recorded

logger = logging.getLogger(__name__)

BEHIND_MAX_S = 1.0
"""After a longer stall the plant has stood still: it does not rush to catch up."""
DRIVER, PORT = "modbus_tcp", 502
"""What can be served, and where it is found when nothing is said."""


class Field:
    """The plant and the endpoints of its devices, and of the bench.

    Raises ValueError when a device cannot be served, because it has another driver, or
    when a recorded course cannot be read; PvlibMissing.
    """

    def __init__(
        self, config: PlantConfig, profiles: Mapping[str, DeviceProfile]
    ) -> None:
        self._settings = config.simulation or SimulationConfig()
        self._profiles = {
            name: profiles[device.profile] for name, device in config.devices.items()
        }
        self.plant = self._plant(config, profiles)
        self.stations = {name: self._station(name) for name in config.devices}
        """What each device answers, by its name."""
        self._endpoints = self._serve(config)
        self._bench: Endpoint | None = None
        if bench := self._settings.bench:
            plugs = list(self._endpoints.items())
            stations = {bench.station: BenchStation(self.plant, plugs)}
            self._bench = Endpoint(bench.host, bench.port, stations)

    def _plant(
        self, config: PlantConfig, profiles: Mapping[str, DeviceProfile]
    ) -> Plant:
        meter = next(
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
            unit_ratings(config, profiles),
            meter,
            self._settings,
            {
                name: profile.commands.watchdog_s if profile.commands else None
                for name, profile in self._profiles.items()
            },
            day_w_per_m2=clear_day(self._settings.sky),
            frequency=recorded(self._settings.grid),
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
        return DeviceStation(
            self._profiles[name],
            signals=partial(self.plant.signals, name),
            slow_signals=partial(self.plant.slow_signals, name),
            command=partial(self.plant.command, name),
        )

    def port(self, device: str) -> int:
        """Where a device listens, once started."""
        return self._endpoints[device].port

    @property
    def bench_port(self) -> int:
        assert self._bench is not None
        return self._bench.port

    async def start(self) -> None:
        """Listen everywhere, or nowhere: OSError, which names host and port."""
        async with AsyncExitStack() as started:
            for endpoint in self._all():
                await endpoint.start()
                started.push_async_callback(endpoint.close)
            started.pop_all()

    async def close(self) -> None:
        for endpoint in self._all():
            await endpoint.close()

    async def run(self, stop: asyncio.Event) -> None:
        """Step the plant at absolute deadlines until `stop` is set."""
        loop, step_s = asyncio.get_running_loop(), self._settings.step_s
        due_s = loop.time()
        while not stop.is_set():
            self.plant.step(step_s)
            due_s += step_s
            behind_s = loop.time() - due_s
            if behind_s > BEHIND_MAX_S:
                logger.warning("the field stood still for %.1f s", behind_s)
                due_s += behind_s
            await asyncio.sleep(max(0.0, -behind_s))

    def _all(self) -> list[Endpoint]:
        devices = list(dict.fromkeys(self._endpoints.values()))
        return devices + ([self._bench] if self._bench else [])


async def serve(
    config: PlantConfig,
    profiles: Mapping[str, DeviceProfile],
    stop: asyncio.Event,
    *,
    ready: Callable[[], None] | None = None,
) -> None:
    """Serve the field until `stop` is set.

    `profiles` by the names used in `config.devices`; `ready` is called once all ports
    are open. Raises ValueError for what cannot be simulated, OSError for a port that
    is taken.
    """
    field = Field(config, profiles)
    await field.start()
    try:
        if ready is not None:
            ready()
        await field.run(stop)
    finally:
        await field.close()
