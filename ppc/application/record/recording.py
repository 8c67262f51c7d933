"""What goes into the record, and when: rows out of views."""

from collections.abc import Callable

from ppc.adapter.plant_view import PlantView
from ppc.application.clock import next_deadline
from ppc.application.record.door import Record, Rows
from ppc.application.record.samples import cycle_row, decision_row, poi_row, unit_row
from ppc.application.status import CycleStatus
from ppc.datamodel.command import Command

_COMMAND_STEP_PU = 0.01
_COMMAND_REPEAT_S = 10.0


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
            self._record.record("decisions", [decision_row(view, wall_s, modes)])
        if modes != self._modes:
            self._mode_events(modes)
        self._commands(view, wall_s)
        return due

    def _samples(self, view: PlantView, wall_s: float, cycles: CycleStatus) -> None:
        obs = view.obs
        commands = {command.device: command for command in view.decision.commands}
        self._record.record("poi", [poi_row(view, wall_s)])
        for table, units in (("bess", obs.bess), ("pv", obs.pv)):
            rows: Rows = [
                unit_row(u, commands.get(n), wall_s) for n, u in units.items()
            ]
            if rows:
                self._record.record(table, rows)
        dropped_count = self._record.dropped
        self._record.record("cycles", [cycle_row(cycles, wall_s, dropped_count)])

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
