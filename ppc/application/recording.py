"""What goes into the record, and when: rows out of views."""

import json
import logging
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from ppc.adapter.plant_view import PlantView
from ppc.application.clock import next_deadline
from ppc.application.status import CycleStatus
from ppc.datamodel.command import Command
from ppc.datamodel.observation import Quality, Unit

Rows = list[Mapping[str, Any]]

_COMMAND_STEP_PU = 0.01
_COMMAND_REPEAT_S = 10.0
_ORDERS = "ppc.adapter.northbound.map_segment"


class Record(Protocol):
    """Where rows go: never blocks, never raises."""

    dropped: int
    """Rows lost since the start."""

    def record(self, table: str, rows: Rows) -> None: ...

    def event(self, severity: str, source: str, text: str) -> None: ...


class Recording:
    """Samples every `every_s`; decisions at once when a mode, an order or a limit
    changes, and with the samples; commands when they change by a hundredth of the
    unit's rating, and every 10 s.
    """

    def __init__(
        self, record: Record, *, every_s: float, wall_s: Callable[[], float]
    ) -> None:
        self._record = record
        self._every_s = every_s
        self._wall_s = wall_s
        self._due_s = 0.0
        self._sense: tuple[object, ...] = ()
        self._modes: dict[str, str] = {}
        self._sent: dict[str, tuple[Command, float]] = {}
        self._number = 0

    def take(self, view: PlantView, cycles: Callable[[], CycleStatus]) -> bool:
        """Write down what is due of this cycle. True when samples were taken."""
        now_s, wall_s = view.obs.time_s, self._wall_s()
        due = now_s >= self._due_s
        if due:
            self._due_s, _ = next_deadline(self._due_s, self._every_s, now_s)
            self._samples(view, wall_s, cycles())
        modes = view.decision.modes
        sense = (
            modes,
            view.obs.orders,
            view.decision.p_limited_by,
            view.decision.q_limited_by,
        )
        if due or sense != self._sense:
            self._sense = sense
            self._record.record("decisions", [_decision(view, wall_s, modes)])
        if modes != self._modes:
            self._mode_events(modes)
        self._commands(view, wall_s)
        return due

    def _samples(self, view: PlantView, wall_s: float, cycles: CycleStatus) -> None:
        obs = view.obs
        commands = {command.device: command for command in view.decision.commands}
        self._record.record("poi", [_poi(view, wall_s)])
        for table, units in (("bess", obs.bess), ("pv", obs.pv)):
            rows: Rows = [_unit(u, commands.get(n), wall_s) for n, u in units.items()]
            if rows:
                self._record.record(table, rows)
        self._record.record(
            "cycles",
            [
                {
                    "ts": wall_s,
                    "late_p50_s": cycles.late_p50_s,
                    "late_max_s": cycles.late_max_s,
                    "acknowledged_p50_s": cycles.acknowledged_p50_s,
                    "acknowledged_max_s": cycles.acknowledged_max_s,
                    "meter_in_time_pu": cycles.meter_in_time_pu,
                    "missed_count": cycles.missed_count,
                    "incomplete_count": cycles.incomplete_count,
                    "dropped_count": self._record.dropped,
                }
            ],
        )

    def _mode_events(self, modes: dict[str, str]) -> None:
        for name, mode in modes.items():
            before = self._modes.get(name)
            if mode != before:
                text = mode if before is None else f"{before} -> {mode}"
                self._record.event("info", name, text)
        self._modes = modes

    def _commands(self, view: PlantView, wall_s: float) -> None:
        now_s, units = view.obs.time_s, view.obs.units
        rows: Rows = []
        for command in view.decision.commands:
            last, sent_s = self._sent.get(command.device, (None, 0.0))
            step = _COMMAND_STEP_PU * units[command.device].rating.s_max_va
            if (
                last is None
                or now_s - sent_s >= _COMMAND_REPEAT_S
                or abs(command.p_set_w - last.p_set_w) > step
                or abs(command.q_set_var - last.q_set_var) > step
            ):
                self._sent[command.device] = command, now_s
                self._number += 1
                life = {"number": self._number, "state": "issued"}
                rows.append({"ts": wall_s, **command._asdict(), **life})
        if rows:
            self._record.record("commands", rows)


class EventLog(logging.Handler):
    """Puts warnings, and every order of SCADA, among the events of the record."""

    def __init__(self, record: Record) -> None:
        super().__init__(logging.INFO)
        self._record = record

    def emit(self, record: logging.LogRecord) -> None:
        if record.levelno < logging.WARNING and record.name != _ORDERS:
            return
        source = record.name.removeprefix("ppc.")
        self._record.event(record.levelname.lower(), source, record.getMessage())


def _poi(view: PlantView, wall_s: float) -> Mapping[str, Any]:
    poi = view.obs.poi
    return {
        "ts": wall_s,
        "device": "poi",
        "v_v": poi.v_v,
        "f_hz": poi.f_hz,
        "p_w": poi.p_w,
        "q_var": poi.q_var,
        "quality": list(Quality).index(view.poi_quality),
    }


def _unit(unit: Unit, command: Command | None, wall_s: float) -> Mapping[str, Any]:
    row: dict[str, Any] = {
        "ts": wall_s,
        "device": unit.name,
        "p_w": unit.p_w,
        "q_var": unit.q_var,
        "p_available_w": unit.p_available_w,
        "state_code": unit.state_code,
        "p_set_w": command and command.p_set_w,
        "q_set_var": command and command.q_set_var,
        "quality": 0 if unit.p_w is not None else 1,
    }
    if unit.rating.e_max_wh:
        row |= {"soc_pu": unit.soc_pu, "p_available_min_w": unit.p_available_min_w}
    return row


def _decision(
    view: PlantView, wall_s: float, modes: dict[str, str]
) -> Mapping[str, Any]:
    decision, orders = view.decision, view.obs.orders
    return {
        "ts": wall_s,
        "p_w": decision.p_w,
        "q_var": decision.q_var,
        "p_units_w": decision.p_units_w,
        "q_units_var": decision.q_units_var,
        "p_shortfall_w": decision.p_shortfall_w,
        "q_shortfall_var": decision.q_shortfall_var,
        "p_limited_by": decision.p_limited_by,
        "q_limited_by": decision.q_limited_by,
        "p_order_w": orders.p_set_w,
        "q_order_var": orders.q_set_var,
        "v_order_pu": orders.v_set_pu,
        "modes": json.dumps(modes),
    }
