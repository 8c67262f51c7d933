"""What is put to the test: a controller that sees registers, and takes orders."""

from collections.abc import Callable
from math import isnan, nan
from typing import Protocol

from ppc.adapter.layout import Layout
from ppc.adapter.northbound.register_map import NorthboundMap
from ppc.adapter.plant_view import PlantView
from ppc.application.cycle import Cycle
from ppc.application.processing import Processing
from ppc.application.sources import Sources
from ppc.application.wiring import Connect, build_brain, build_field
from ppc.bench.simulated_time import SimulatedTime
from ppc.communication.server.base import Caller
from ppc.configuration.loading import Configuration
from ppc.keys import Key

Modes = dict[str, list[tuple[float, str]]]

_WITHDRAW = {
    Key.P_SET_W: 1,
    Key.Q_SET_VAR: 2,
    Key.V_SET_PU: 4,
    Key.P_LIMIT_MAX_W: 8,
    Key.P_LIMIT_MIN_W: 8,
    Key.Q_MODE_CODE: 16,
    Key.PF_SET_PU: 16,
    Key.EXCITATION_CODE: 16,
    Key.RUN_BACK_CODE: 32,
    Key.P_RESERVE_W: 32,
    Key.F_TEST_HZ: 64,
    Key.V_TEST_PU: 64,
}

_HERE = Caller("127.0.0.1")

_ANSWERS = {
    "fast_frequency_reserve",
    "limited_frequency_sensitive_mode",
    "frequency_sensitive_mode",
}


class Subject(Protocol):
    """A controller under test, on simulated time."""

    modes: Modes
    """Of each control function: when, and into which mode it went."""

    @property
    def baseline_w(self) -> float:
        """Power it wants to give apart from its answer to frequency; NaN: not told."""
        ...

    def start(self) -> None: ...

    def run(self, until_s: float) -> None:
        """Control until simulated time is at least `until_s`."""
        ...

    def order(self, key: Key, value: float) -> None:
        """An order of the operator in SI units; NaN withdraws it.

        Refused: the controller does not take it. KeyError: it has no such order.
        """
        ...

    alive: bool
    """Whether the operator's heartbeat goes on."""


SubjectFactory = Callable[[Configuration, SimulatedTime, Connect], Subject]


class Scada:
    """The operator's side of the registers of a northbound map."""

    def __init__(
        self, northbound: NorthboundMap, write: Callable[[int, bytes], None]
    ) -> None:
        order = northbound.word_order
        self._registers = {r.key: r for r in northbound.registers if r.access == "rw"}
        self._layouts = {
            key: Layout([r], r.address, r.count, r.word_order or order)
            for key, r in self._registers.items()
        }
        self._write = write
        self._beats = 0
        self.beats = Key.HEARTBEAT_IN in self._registers
        """Whether the map has a heartbeat."""

    def order(self, key: Key, value: float) -> None:
        if isnan(value):
            key, value = Key.WITHDRAW_CODE, _WITHDRAW[key]
        register = self._registers[key]
        raw = value / register.scale
        whole = raw if register.type.is_float else round(raw)
        self._write(register.address, self._layouts[key].pack([whole]))

    def beat(self) -> None:
        self._beats = (self._beats + 1) % 65536
        self.order(Key.HEARTBEAT_IN, self._beats)


class Controller:
    """The product itself: everything between two sets of registers, as it is.

    Only the wires and the clock are others. Its cycles lie 7 ms off the grid of the
    plant's steps, as chance would have it.
    """

    PHASE_S = 0.007

    def __init__(
        self, configuration: Configuration, time: SimulatedTime, connect: Connect
    ) -> None:
        scada, control = configuration.plant.scada, configuration.plant.control
        self.modes: Modes = {}
        self.alive = True
        self.view: PlantView | None = None
        self.on_cycle: Callable[[PlantView, Cycle], object] = lambda *_: None
        """Called when a cycle is written down; nobody reads a record here."""
        sources = Sources(scada)
        self.find = sources.directory(
            configuration,
            view=lambda: self.view,
            now_s=time.now_s,
            wall_s=time.wall_s,
        )
        station = self.find(_HERE, scada.first_unit)
        assert station is not None, "the first source has a station"
        self.station = station
        self._scada = Scada(configuration.northbound, self.station.write)
        self._beat_s = scada.heartbeat_timeout_s / 5.0
        self._time = time
        self.field = build_field(configuration, now_s=time.now_s, connect=connect)
        self.processing = Processing(
            build_brain(configuration, self.field, sources),
            self.field,
            time.call_soon,
            clock=time,
            period_s=control.period_s,
            grace_s=control.grace_s,
            realtime=False,
            publish=self._publish,
            record=self._write_down,
            sleeps=False,
        )

    @property
    def baseline_w(self) -> float:
        """What is chosen, without what answers to frequency add on top of it."""
        if self.view is None or not self.view.decision.trace:
            return nan
        answer_w = before_w = 0.0
        for step in self.view.decision.trace:
            bias_w = step.envelope.p_bias_w
            answer_w += bias_w - before_w if step.function in _ANSWERS else 0.0
            before_w = bias_w
        wish_w = step.envelope.p_wish_w
        return nan if wish_w is None else wish_w - answer_w

    def start(self) -> None:
        self.field.start(self._time.call_later)
        self._time.every(self._beat_s, self._beat, first_s=0.0)
        self._time.sleep_until(self.PHASE_S)
        self.processing.begin()

    def run(self, until_s: float) -> None:
        while self.processing.tick_s <= until_s:
            self.processing.cycle()
        self._time.sleep_until(until_s)

    def order(self, key: Key, value: float) -> None:
        self._scada.order(key, value)

    def _beat(self) -> None:
        if self.alive:
            self._scada.beat()

    def _publish(self, view: PlantView) -> None:
        self.view = view
        for name, mode in view.decision.modes.items():
            log = self.modes.setdefault(name, [])
            if not log or log[-1][1] != mode:
                log.append((view.obs.time_s, mode))

    def _write_down(self, view: PlantView, cycle: Cycle) -> None:
        self.on_cycle(view, cycle)
