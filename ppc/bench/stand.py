"""The stand: a simulated plant and a controller under test, on simulated time."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from difflib import get_close_matches
from math import nan

from ppc.bench.in_process import InProcessWire, WireSettings
from ppc.bench.signals import ORDERS, Followed, moves
from ppc.bench.simulated_time import SimulatedTime
from ppc.bench.subject import Controller, SubjectFactory
from ppc.bench.traces import Sampler, Traces
from ppc.communication.driver.base import Driver
from ppc.communication.server.base import Station
from ppc.configuration.loading import Configuration
from ppc.configuration.plant import ConnectionSection
from ppc.configuration.simulation import SimulationConfig
from ppc.datamodel.rating import EquipmentType
from ppc.simulation.faults.plan import Planned
from ppc.simulation.field import Field
from ppc.simulation.physics.grid import Course

SETTLE_S = 5.0
"""Everything has found its place before time 0."""


class Stand:
    """Plant and subject, moved by name and watched.

    Time 0 is when the subject has run for `settle_s`. The subject reaches the devices
    through registers, over wires without a network; orders go the way SCADA goes.
    """

    def __init__(
        self,
        configuration: Configuration,
        *,
        subject: SubjectFactory = Controller,
        settle_s: float = SETTLE_S,
        sample_every: int = 1,
        wire: WireSettings | None = None,
    ) -> None:
        """`sample_every`: steps of the plant per sample."""
        self._config = configuration.plant
        settings = self._config.simulation or SimulationConfig()
        self._step_s, self._sample_every = settings.step_s, sample_every
        self._settle_s = settle_s
        self.time = SimulatedTime()
        self.wires, behind = self._wires(wire or WireSettings())
        self.field = Field(
            self._config,
            configuration.profiles,
            lines={name: self.wire(name) for name in self.devices},
        )
        for name, device in self._config.devices.items():
            behind[device.connection.key][device.station] = self.field.stations[name]
        self.plant = self.field.plant
        self.orders = dict.fromkeys(ORDERS, nan)
        meter, point = _meter(configuration), configuration.connection_point
        self._sampler = Sampler(
            self.plant, point, meter, self.orders, lambda: self.subject.baseline_w
        )
        self._followed = Followed(self.set)
        self._steps = 0
        self.subject = subject(configuration, self.time, self._connect)
        self._moves = moves(self, point)
        self.time.every(self._step_s, self._step, first_s=self._step_s)
        self.subject.start()
        self.subject.run(settle_s)

    def set(self, signal: str, value: float) -> None:
        """Move something now: `docs/bench.md` lists the signals.

        KeyError: there is no such signal. Refused: an order that is not taken.
        """
        self._moves[signal](value)
        if signal in self.orders:
            self.orders[signal] = value

    def knows(self, signal: str) -> None:
        """KeyError: there is no such signal."""
        nearest(signal, self._moves)

    def fault(self, planned: Planned) -> None:
        """Put a fault into force now. FaultError: it makes no sense here."""
        self.field.injector.add(planned)

    def at(self, time_s: float, action: Callable[[], object]) -> None:
        """Have `action` done at `time_s`."""
        self.time.call_at(self._settle_s + time_s, action)

    def follow(self, signal: str, course: Course) -> None:
        """From now on a signal takes its course, step by step."""
        self._followed.add(signal, course, self.time.now_s())

    def run(self, until_s: float) -> None:
        """Let plant and subject run until `until_s`."""
        self.subject.run(self._settle_s + until_s)

    def traces(self) -> Traces:
        """What happened so far, from time 0 on."""
        zero_s = self._settle_s
        modes = {
            name: [(time_s - zero_s, mode) for time_s, mode in log]
            for name, log in self.subject.modes.items()
        }
        return self._sampler.traces(
            first_s=0.0, every_s=self._step_s * self._sample_every, modes=modes
        )

    def _step(self) -> None:
        self._followed.step(self.time.now_s())
        self.field.step(self._step_s)
        self._steps += 1
        if (
            self._steps % self._sample_every == 0
            and self.time.now_s() >= self._settle_s - self._step_s / 2.0
        ):
            self._sampler.take()

    def _connect(self, section: ConnectionSection, _: Mapping[str, float]) -> Driver:
        return self.wires[section.key]

    def _wires(
        self, settings: WireSettings
    ) -> tuple[Mapping[str, InProcessWire], dict[str, dict[int, Station]]]:
        """One for each connection, and what will stand behind it; devices with equal
        connections share it.
        """
        behind: dict[str, dict[int, Station]] = {
            device.connection.key: {} for device in self._config.devices.values()
        }
        wires = {
            key: InProcessWire(key, stations, self.time, replace(settings))
            for key, stations in behind.items()
        }
        return wires, behind

    def wire(self, device: str) -> InProcessWire:
        """The wire to a device. KeyError: there is no such device."""
        return self.wires[self._config.devices[device].connection.key]

    @property
    def devices(self) -> tuple[str, ...]:
        return tuple(self._config.devices)


def nearest(signal: str, known: Mapping[str, object]) -> None:
    """KeyError, which names those that are near: there is no such signal."""
    if signal not in known:
        near = get_close_matches(signal, known, n=3)
        meant = f"; did you mean {' or '.join(near)}?" if near else ""
        raise KeyError(f"there is no signal {signal}{meant}")


def _meter(configuration: Configuration) -> str:
    """The name of the meter at the POI, the first if there are two."""
    return next(
        name
        for name, device in configuration.plant.devices.items()
        if configuration.profiles[device.variant].type is EquipmentType.POI
    )
