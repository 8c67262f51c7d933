"""What goes into the record, and when: rows out of views."""

from collections.abc import Callable, Sequence

from ppc.adapter.plant_view import PlantView
from ppc.application.clock import Clock, Regularly
from ppc.application.record.clock_watch import ClockWatch
from ppc.application.record.door import Record, Row, Rows
from ppc.application.record.samples import cycle_row, decision_row
from ppc.application.record.subjects import Subjects
from ppc.application.status import CycleStatus

_S_PER_MINUTE = 60
_LINKS_EVERY_S = 10.0
_COUNT_EVERY_S = 0.4
"""So often it is said how far energy is counted: with the batch of the recorder it is
on the disk within a second."""


class Recording:
    """Samples every `every_s`; decisions at once when a mode, an order or a limit
    changes, and with the samples; verdicts, commands and alarms when there are any;
    energy once a minute by the clock on the wall.

    Belongs to the thread that calls `take`; times of rows are those of the cycle.
    """

    def __init__(
        self,
        record: Record,
        subjects: Subjects,
        *,
        every_s: float,
        clock: Clock,
        watch: ClockWatch,
    ) -> None:
        self._record = record
        self._subjects = subjects
        self._sampling = Regularly(every_s)
        self._counting = Regularly(_COUNT_EVERY_S)
        self._looking_at_links = Regularly(_LINKS_EVERY_S)
        self._clock = clock
        self._watch = watch
        self._minute: int | None = None
        self._sense: tuple[object, ...] = ()
        self._modes: dict[str, str] = {}

    def take(self, view: PlantView, cycles: Callable[[], CycleStatus]) -> bool:
        """Write down what is due of this cycle. True when samples were taken."""
        obs, subjects = view.obs, self._subjects
        now_s, wall_now_s = self._clock.now_s(), self._clock.wall_s()
        news = self._watch.look(now_s, wall_now_s)
        wall_s = wall_now_s - (now_s - obs.time_s)
        events: Rows = [_event(wall_s, "warning", "clock", text) for text in news]
        subjects.links.collect()
        events += self._energy(view, wall_s)
        due = self._sampling.is_due(obs.time_s)
        if due:
            self._samples(view, wall_s, cycles())
        events += self._decision(view, wall_s, due=due)
        self._hand_in("verdicts", subjects.verdicts.rows(view.decision, wall_s))
        self._hand_in("commands", subjects.commands.rows(view, wall_s))
        self._hand_in("events", events + subjects.alarms.rows(view, wall_s))
        return due

    def finish(self) -> None:
        """Write down how far energy is counted. When no cycle comes any more."""
        self._read_counters(self._clock.wall_s())

    def _hand_in(self, table: str, rows: Sequence[Row]) -> None:
        if rows:
            self._record.record(table, rows)

    def _energy(self, view: PlantView, wall_s: float) -> Rows:
        """Count, and say how far; events of what could not be counted."""
        energy = self._subjects.energy
        events = energy.take(view, wall_s)
        if self._counting.is_due(view.obs.time_s):
            self._record.count(energy.rows(wall_s))
        return events

    def _samples(self, view: PlantView, wall_s: float, cycles: CycleStatus) -> None:
        subjects, hand_in = self._subjects, self._hand_in
        hand_in("poi", [subjects.poi.row(view, wall_s)])
        for table, rows in subjects.unit_rows(view, wall_s).items():
            hand_in(table, rows)
        hand_in("cycles", [cycle_row(cycles, wall_s, self._record.dropped)])
        if self._looking_at_links.is_due(view.obs.time_s):
            hand_in("links", subjects.links.rows(wall_s))
        minute = int(wall_s // _S_PER_MINUTE)
        if minute != self._minute:
            self._minute = minute
            self._read_counters(wall_s)

    def _read_counters(self, wall_s: float) -> None:
        """Write down a reading; how far it is counted is never behind it."""
        rows = self._subjects.energy.rows(wall_s)
        self._record.count(rows)
        self._hand_in("energy", rows)

    def _decision(self, view: PlantView, wall_s: float, *, due: bool) -> Rows:
        """Write down what was decided, if it is due or new; events of modes."""
        decision, modes = view.decision, view.decision.modes
        sense = (
            modes,
            view.obs.orders,
            decision.p_limited_by,
            decision.q_limited_by,
        )
        if due or sense != self._sense:
            self._sense = sense
            self._record.record("decisions", [decision_row(view, wall_s, modes)])
        if modes == self._modes:
            return []
        before, self._modes = self._modes, modes
        return [
            _event(
                *(wall_s, "info", name),
                mode if name not in before else f"{before[name]} -> {mode}",
            )
            for name, mode in modes.items()
            if mode != before.get(name)
        ]


def _event(wall_s: float, severity: str, source: str, text: str) -> Row:
    return {"ts": wall_s, "severity": severity, "source": source, "text": text}
