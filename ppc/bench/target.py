"""Any controller on the bench: over Modbus TCP, in real time.

The plant's devices are served where the plant file of the case says; the target must
be set up to control them there. Orders are written into its registers by the map given;
the judge sees the plant's truth, as ever.
"""

import asyncio
from collections.abc import Callable
from math import nan
from pathlib import Path
from typing import Annotated

from pydantic import Field as Described

from ppc.adapter.northbound.register_map import NorthboundMap
from ppc.adapter.strict import Address, Strict
from ppc.bench.in_process import WireSettings
from ppc.bench.signals import ORDERS, Followed, moves
from ppc.bench.stand import nearest
from ppc.bench.subject import Modes, Scada
from ppc.bench.traces import Sampler, Traces
from ppc.communication.driver.base import Exchange, Function, Priority, Reply
from ppc.communication.driver.modbus_tcp import ModbusTcp, ModbusTcpSettings
from ppc.configuration.checking import check
from ppc.configuration.document import Document
from ppc.configuration.findings import ConfigurationError
from ppc.configuration.loading import Configuration
from ppc.configuration.simulation import SimulationConfig
from ppc.datamodel.rating import EquipmentType
from ppc.keys import Key
from ppc.simulation.endpoint import Endpoint
from ppc.simulation.faults.base import Undo, WireFault
from ppc.simulation.faults.link import HalfOpen, Latency
from ppc.simulation.faults.plan import Planned
from ppc.simulation.field import Field
from ppc.simulation.physics.grid import Course

BEAT_S = 1.0
"""The operator's heartbeat."""


class Target(Strict):
    """Where the controller listens, and its registers in the form of our own map."""

    host: str = "127.0.0.1"
    port: Address = 502
    station: Annotated[int, Described(ge=0, le=255)] = 1
    settle_s: Annotated[float, Described(ge=0)] = 10.0
    """The controller runs for so long before time 0."""
    registers: NorthboundMap

    @classmethod
    def load(cls, path: Path) -> "Target":
        """Read a target file. Raises ConfigurationError with every finding."""
        document = Document(path)
        target, wrong = check(cls, document.data) if document.readable else (None, [])
        document.report(wrong)
        if target is None or document.findings:
            raise ConfigurationError(document.findings)
        return target


class SocketWire:
    """A device's cable, as the signals of the stand want it."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._undo: dict[str, Undo] = {}
        self._silent = False
        self.settings = _Delay(self)

    @property
    def plugged(self) -> bool:
        return self._endpoint.plugged

    @plugged.setter
    def plugged(self, plugged: bool) -> None:
        self._endpoint.plugged = plugged

    @property
    def silent(self) -> bool:
        return self._silent

    @silent.setter
    def silent(self, silent: bool) -> None:
        self._silent = silent
        self.put("silent", HalfOpen() if silent else None)

    def put(self, name: str, fault: WireFault | None) -> None:
        """One fault for each name; None takes it off."""
        if undo := self._undo.pop(name, None):
            undo()
        if fault is not None:
            self._undo[name] = self._endpoint.add(fault)


class _Delay:
    """The setting `delay_s` of a wire on sockets."""

    def __init__(self, wire: SocketWire) -> None:
        self._wire = wire
        self._delay_s = WireSettings().delay_s

    @property
    def delay_s(self) -> float:
        return self._delay_s

    @delay_s.setter
    def delay_s(self, delay_s: float) -> None:
        self._delay_s = delay_s
        self._wire.put("delay", Latency(delay_s=2.0 * delay_s) if delay_s else None)


class TargetSubject:
    """The controller under test, as far as it can be seen: its registers."""

    def __init__(self, target: Target) -> None:
        self.modes: Modes = {}
        self.alive = True
        self.silences: list[str] = []
        """Writes that were not acknowledged."""
        self._station = target.station
        settings = ModbusTcpSettings(host=target.host, port=target.port, timeout_s=1.0)
        self._driver = ModbusTcp(settings)
        self._scada = Scada(target.registers, self._write)

    def start(self) -> None:
        self._driver.start()

    async def close(self) -> None:
        await self._driver.close()

    def order(self, key: Key, value: float) -> None:
        self._scada.order(key, value)

    def beat(self) -> None:
        if self.alive and self._scada.beats and self._driver.connected:
            self._scada.beat()

    def _write(self, address: int, payload: bytes) -> None:
        count = len(payload) // 2
        exchange = Exchange(
            self._station,
            Function.WRITE_MANY,
            address,
            count,
            Priority.COMMAND,
            payload,
        )
        exchange.done = lambda reply: self._told(address, reply)
        self._driver.submit(exchange)

    def _told(self, address: int, reply: Reply) -> None:
        if not isinstance(reply, bytes):
            self.silences.append(f"write to {address}: {reply}")


class TargetStand:
    """The stand in real time: the field on sockets, and a target at its other end."""

    def __init__(self, configuration: Configuration, target: Target) -> None:
        self._config = configuration.plant
        self._settings = self._config.simulation or SimulationConfig()
        self._target = target
        self.field = Field(self._config, configuration.profiles)
        self.plant = self.field.plant
        self.orders = dict.fromkeys(ORDERS, nan)
        self.subject = TargetSubject(target)
        self._wires = {
            name: SocketWire(self.field.endpoint(name)) for name in self.devices
        }
        meter = next(
            name
            for name, device in self._config.devices.items()
            if configuration.profiles[device.variant].type is EquipmentType.POI
        )
        point = configuration.connection_point
        self._sampler = Sampler(self.plant, point, meter, self.orders)
        self._now_s = 0.0
        self._followed = Followed(self.set)
        self._moves = moves(self, point)
        self._due: list[tuple[float, int, Callable[[], object]]] = []

    @property
    def devices(self) -> tuple[str, ...]:
        return tuple(self._config.devices)

    def wire(self, device: str) -> SocketWire:
        return self._wires[device]

    def knows(self, signal: str) -> None:
        """KeyError: there is no such signal."""
        nearest(signal, self._moves)

    def set(self, signal: str, value: float) -> None:
        self._moves[signal](value)
        if signal in self.orders:
            self.orders[signal] = value

    def fault(self, planned: Planned) -> None:
        self.field.injector.add(planned)

    def at(self, time_s: float, action: Callable[[], object]) -> None:
        self._due.append((time_s, len(self._due), action))

    def follow(self, signal: str, course: Course) -> None:
        """From now on a signal takes its course, step by step."""
        self._followed.add(signal, course, self._now_s)

    def run(self, until_s: float) -> None:
        """Serve, and let time pass as it does."""
        asyncio.run(self._run(until_s))

    async def _run(self, until_s: float) -> None:
        loop, step_s = asyncio.get_running_loop(), self._settings.step_s
        await self.field.start()
        self.subject.start()
        self._due.sort(reverse=True)
        zero_s = round(self._target.settle_s / step_s)
        began_s, beat_s = loop.time(), 0.0
        try:
            for turn in range(zero_s + round(until_s / step_s) + 1):
                self._now_s = time_s = (turn - zero_s) * step_s
                while self._due and self._due[-1][0] <= time_s + 1e-9:
                    self._due.pop()[2]()
                self._followed.step(time_s)
                self.field.step(step_s)
                if turn >= zero_s:
                    self._sampler.take()
                if turn * step_s >= beat_s:
                    beat_s += BEAT_S
                    self.subject.beat()
                left_s = began_s + (turn + 1) * step_s - loop.time()
                await asyncio.sleep(max(left_s, 0.0))
        finally:
            await self.subject.close()
            await self.field.close()

    def traces(self) -> Traces:
        step_s = self._settings.step_s
        return self._sampler.traces(first_s=0.0, every_s=step_s, modes={})
