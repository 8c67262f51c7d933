"""The control thread: the only clock. Read late, decide at the tick, write early."""

import logging
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import replace
from math import isfinite
from threading import Event
from typing import NamedTuple

from ppc.adapter.codec import Row
from ppc.adapter.plant_view import PlantView
from ppc.adapter.site import Site, meter_quality
from ppc.application.aggregation import Aggregation
from ppc.application.clock import Clock, next_deadline
from ppc.application.cycle import Cycle, CycleLog
from ppc.application.lead import Lead
from ppc.application.realtime import raise_priority
from ppc.application.sources import Sources
from ppc.core.orchestrator import Orchestrator
from ppc.datamodel.command import Command, Decision
from ppc.datamodel.observation import Quality, SystemObs

logger = logging.getLogger(__name__)

PRIORITY = 11
_RECORD_AT = 0.15
"""Part of the period after the tick at which the cycle is written down."""


class Brain(NamedTuple):
    """What decides, and what it needs to see and to speak."""

    site: Site
    orchestrator: Orchestrator
    sources: Sources

    def decide(
        self,
        rows: Sequence[Row | None],
        *,
        now_s: float,
        dt_s: float,
        wall_s: float | None = None,
    ) -> tuple[SystemObs, Decision]:
        """One decision, and what it believed of the POI.

        Pure but for the memory of the control functions.
        """
        orders, asked_by = self.sources.at(now_s)
        obs = self.site.observe(
            rows,
            orders=orders,
            asked_by=asked_by,
            now_s=now_s,
            dt_s=dt_s,
            wall_s=wall_s,
        )
        decision = self.orchestrator.step(obs)
        return replace(obs, poi=decision.measurement.poi), decision

    def rehearse(self, rows: Sequence[Row | None], now_s: float) -> None:
        """All that can be done without consequences, to have it at hand."""
        orders, _ = self.sources.at(now_s)
        obs = self.site.observe(
            rows, orders=orders, now_s=now_s, dt_s=0.0, rehearsal=True
        )
        self.orchestrator.rehearse(obs)


class Processing:
    """The cycle: ask the units, ask the meter, step, write; at absolute deadlines.

    `tell(action, *arguments)` has something done in the event loop, soon.
    """

    def __init__(
        self,
        brain: Brain,
        aggregation: Aggregation,
        tell: Callable[..., object],
        *,
        clock: Clock,
        period_s: float,
        grace_s: float,
        realtime: bool,
        publish: Callable[[PlantView], None],
        record: Callable[[PlantView, Cycle], None],
        sleeps: bool = True,
    ) -> None:
        """`sleeps`: the processor does, between cycles, and is warmed up before one."""
        self.log = CycleLog(period_s)
        self._brain = brain
        self._field = aggregation
        self._tell = tell
        self._clock = clock
        self._period_s = period_s
        self._grace_s = grace_s
        self._realtime = realtime
        self._sleeps = sleeps
        self._publish = publish
        self._record = record
        meters = (aggregation.meter, aggregation.second)
        self._meters = [meter.slots for meter in meters if meter]
        self.tick_s = self._previous_s = 0.0
        """When the next cycle is due."""
        self._broken = False
        self._passed_over: Mapping[str, str] = {}
        self._rehearsal = Lead(0.0, most_s=0.2 * period_s)
        self._asked: deque[tuple[Future[None], Callable[[], None]]] = deque()

    def run(self, stop: Event) -> None:
        """Cycle until `stop` is set."""
        self.begin()
        while not stop.is_set():
            self.cycle()

    def between_cycles(self, action: Callable[[], None]) -> Future[None]:
        """Have the control thread do something brief when a cycle is over.

        May be called by any thread. What was not begun yet can be cancelled.
        """
        asked: Future[None] = Future()
        self._asked.append((asked, action))
        return asked

    def begin(self) -> None:
        """The first cycle is one period from now."""
        self.log.realtime = self._realtime and raise_priority(PRIORITY)
        if self._realtime and not self.log.realtime:
            logger.warning(
                "no real-time priority on this machine (CAP_SYS_NICE is missing): "
                "on a busy box cycles may be tens of milliseconds late"
            )
        self.tick_s = self._previous_s = self._clock.now_s() + self._period_s

    def cycle(self) -> None:
        """Wait for the tick, and see one cycle through."""
        cycle = self._read(self.tick_s)
        now_s = self._clock.now_s()
        view = self._step(cycle, now_s, now_s - self._previous_s)
        self._previous_s = now_s
        if view is not None:
            # First the writes: what is only for people must not take the
            # interpreter from the loop that is sending them.
            self._clock.sleep_until(self.tick_s + _RECORD_AT * self._period_s)
            self._record(view, cycle)
        self._do_asked()
        self.tick_s, missed = next_deadline(
            self.tick_s, self._period_s, self._clock.now_s()
        )
        if missed:
            self.log.missed_count += missed
            logger.warning("%d control cycles missed", missed)

    def _do_asked(self) -> None:
        """One thing a cycle, so that the next is in time."""
        if not self._asked:
            return
        asked, action = self._asked.popleft()
        if not asked.set_running_or_notify_cancel():
            return
        try:
            action()
        except Exception as error:
            logger.exception("failed between two cycles: control goes on as before")
            asked.set_exception(error)
        else:
            asked.set_result(None)

    def _read(self, tick_s: float) -> Cycle:
        """Have the field read so that the answers are young at the tick."""
        field = self._field
        meter_s = tick_s - field.meter_lead.s
        self._clock.sleep_until(meter_s - field.units_lead.s)
        self._tell(field.read_units, self._clock.now_s())
        if self._sleeps:
            self._rehearse(meter_s)
        self._clock.sleep_until(meter_s)
        field.meter_fresh.clear()
        asked_s = self._clock.now_s()
        self._tell(field.read_meter, asked_s)
        self._clock.sleep_until(tick_s)
        cycle = Cycle(tick_s, asked_s, begun_s=self._clock.now_s())
        cycle.meter_in_time = self._clock.wait(field.meter_fresh, self._grace_s)
        self.log.add(cycle)
        return cycle

    def _rehearse(self, until_s: float) -> None:
        """Do the work of a cycle without its consequences, to be done by `until_s`."""
        self._clock.sleep_until(until_s - self._rehearsal.s)
        began_s = self._clock.now_s()
        self._brain.rehearse(self._field.rows, began_s)
        self._rehearsal.learn(self._clock.now_s() - began_s)

    def _step(self, cycle: Cycle, now_s: float, dt_s: float) -> PlantView | None:
        """Decide and have it written; None when the cycle had to be abandoned."""
        rows = self._field.rows.copy()
        try:
            obs, decision = self._brain.decide(
                rows,
                now_s=now_s,
                dt_s=dt_s,
                wall_s=self._clock.wall_s(),
            )
            _check(decision.commands)
        except Exception:
            # A bug, not an event: nothing is commanded, the units fall back by
            # themselves when their watchdogs expire. Said once per change.
            if not self._broken:
                logger.exception("control cycle failed: no command sent")
            self._broken = True
            return None
        self._broken = False
        self._say_broken(decision.broken)
        self._tell(self._field.write, decision.commands, cycle, decision.expires_s)
        cycle.stepped_s = self._clock.now_s()
        view = self._view(rows, obs, decision, now_s)
        self._publish(view)
        return view

    def _say_broken(self, broken: Mapping[str, str]) -> None:
        """A function that was passed over, or runs again: said once per change."""
        for name, error in broken.items():
            if self._passed_over.get(name) != error:
                logger.error("control function %s passed over: %s", name, error)
        for name in self._passed_over.keys() - broken.keys():
            logger.warning("control function %s runs again", name)
        self._passed_over = broken

    def _view(
        self,
        rows: Sequence[Row | None],
        obs: SystemObs,
        decision: Decision,
        now_s: float,
    ) -> PlantView:
        looks = [meter_quality(slots, rows, now_s) for slots in self._meters]
        spare = decision.measurement.spare and looks[0][0] is not Quality.GOOD
        quality, time_s = looks[-1 if spare else 0]
        poi = decision.measurement.poi
        if quality is Quality.GOOD and None in (poi.p_w, poi.q_var):
            quality = Quality.INCONSISTENT
        return PlantView(
            obs=obs,
            decision=decision,
            poi_quality=quality,
            poi_time_s=time_s,
            missed_count=self.log.missed_count,
            rows=rows,
        )


def _check(commands: Iterable[Command]) -> None:
    """What is not a number must never leave for the wire: ValueError."""
    for command in commands:
        if not (isfinite(command.p_set_w) and isfinite(command.q_set_var)):
            raise ValueError(f"{command} cannot be written")
