"""The program: two threads between the field and SCADA, started, stopped in order."""

import asyncio
import logging
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from pathlib import Path
from threading import Event, Thread
from typing import Any

import uvloop

from ppc.adapter.plant_view import PlantView
from ppc.application.aggregation import Aggregation
from ppc.application.clock import SystemClock
from ppc.application.cycle import Cycle
from ppc.application.desks import Desks
from ppc.application.processing import Brain, Processing
from ppc.application.realtime import prepare_process, raise_priority
from ppc.application.reception import Reception
from ppc.application.record.plant_record import PlantRecord
from ppc.application.reporting import plant_status
from ppc.application.scada_segments import behind
from ppc.application.sources import Sources
from ppc.application.status import PlantStatus
from ppc.application.ways_in import WaysIn
from ppc.application.wiring import build_brain, build_field, build_proxies
from ppc.communication.server.base import Directory
from ppc.configuration.loading import Configuration
from ppc.configuration.parameters import FOLDER, Parameters, read
from ppc.core.retuning import Retuning

logger = logging.getLogger(__name__)

AGGREGATION_PRIORITY = 10
_START_WITHIN_S = 10.0
_STOP_WITHIN_S = 1.0


class Application:
    """The running controller.

    Four threads: aggregation (event loop, all I/O), processing (control), the
    recorder's writer, and the reception, which mostly sleeps; a fifth once SCADA has a
    curve adopted. `on_cycle` is called by the control thread after each cycle.
    `parameters` are the versions whose settings the configuration has already.
    """

    def __init__(
        self,
        configuration: Configuration,
        *,
        db_dir: Path,
        parameters: Parameters | None = None,
        on_cycle: Callable[[Cycle], None] | None = None,
    ) -> None:
        self.configuration = configuration
        self.failed: str | None = None
        """Why it cannot go on; None while all is well."""
        self._sources = Sources(configuration.plant.scada)
        self._record = PlantRecord(configuration, db_dir)
        self._parameters = parameters or Parameters(db_dir / FOLDER)
        self._desks = self._open_desks(db_dir)
        self._reception = Reception(
            db_dir, self._told, self._desks.reply, begin=self._desks.begin
        )
        self._on_cycle = on_cycle
        self._view: PlantView | None = None
        self._stop = Event()
        self._ended: asyncio.Event | None = None
        self._ready: Future[None] = Future()
        self._field: Aggregation | None = None
        self._ways_in: WaysIn | None = None
        self._processing: Processing | None = None
        self._brain: Brain | None = None
        self._threads: list[Thread] = []

    def start(self) -> None:
        """Start everything. Raises OSError when the SCADA port cannot be had."""
        self._record.start()
        self._record.configured(self.configuration, self._parameters)
        self._tell_parameters()
        try:
            self._begin(self._aggregate, "aggregation")
            self._ready.result(_START_WITHIN_S)
            assert self._processing is not None, "ready means built"
            self._begin(self._process, "processing")
        except BaseException:
            self._record.close()
            raise
        self._reception.start()
        prepare_process()
        self._record.event("info", "application", "started")

    def stop(self) -> None:
        """Stop in order: control, units to their safe set-points, wires, record."""
        self._stop.set()
        self._reception.stop()
        self._desks.adopting.stop()
        *aggregation, processing = self._threads
        processing.join()
        if self._view is not None:
            self._view = self._view._replace(stopping=True)
        if self._field and self._loop_runs():
            assert self._loop is not None
            leaving = asyncio.run_coroutine_threadsafe(
                self._field.write_safe(_STOP_WITHIN_S), self._loop
            )
            if silent := leaving.result(_START_WITHIN_S):
                logger.warning("%d units did not take their safe set-points", silent)
            assert self._ended is not None
            self._loop.call_soon_threadsafe(self._ended.set)
        for thread in aggregation:
            thread.join()
        self._record.event("info", "application", "stopped in order")
        self._record.close()

    def status(self) -> PlantStatus | None:
        """The plant now; None before the first cycle."""
        if not (self._view and self._field and self._processing and self._ways_in):
            return None
        now_s = time.monotonic()
        return plant_status(
            self.configuration,
            self._view,
            self._field,
            cycle=self._processing.log.status(),
            now_s=now_s,
            listeners=self._ways_in.status,
            scada_orders_left_s=self._sources.left_s(now_s),
            record_dropped_count=self._record.dropped,
        )

    def _open_desks(self, db_dir: Path) -> Desks:
        return Desks(
            *(self.configuration, self._parameters, db_dir),
            apply=self._retune,
            changed=self._changed,
            by_hand=lambda text: self._record.event("info", "by hand", text),
            field=lambda: (self._field, self._loop),
        )

    def _told(self) -> dict[str, Any]:
        """What other programs of this machine may know."""
        status = self.status()
        return {
            "plant_file": str(self.configuration.path.resolve()),
            "status": status and status.as_dict(),
        }

    def _retune(
        self, configuration: Configuration, changes: Mapping[str, Retuning]
    ) -> "Future[None]":
        """Have control take other settings over, between two cycles."""
        assert self._processing is not None
        brain = self._brain

        def take_over() -> None:
            assert brain is not None, "there is a control thread"
            brain.orchestrator.retune(changes)
            self.configuration = configuration

        return self._processing.between_cycles(take_over)

    def _changed(self, text: str) -> None:
        self._record.event("info", "parameters", text)
        self._record.configured(
            self.configuration, read(self._parameters.folder.parent)
        )

    def _tell_parameters(self) -> None:
        """Say which settings are not as plant.yaml has them."""
        plant = self.configuration.plant.plant.name
        for version in self._parameters.holding(plant):
            logger.info("parameters over plant.yaml: %s", version)
            self._record.event("info", "parameters", f"holds: {version}")
        if strange := {v.plant for v in self._parameters.versions} - {plant}:
            others = ", ".join(sorted(strange))
            logger.warning("parameters of another plant do not count: %s", others)

    @property
    def scada_port(self) -> int:
        """Where SCADA finds us; known after `start`."""
        assert self._ways_in is not None
        return self._ways_in.port

    _loop: asyncio.AbstractEventLoop | None = None

    def _loop_runs(self) -> bool:
        return self._loop is not None and self._loop.is_running()

    def _begin(self, target: Callable[[], None], name: str) -> None:
        def guarded() -> None:
            try:
                target()
            except Exception as error:  # the one place of each thread
                self.failed = f"{name}: {error}"
                if not self._ready.done():
                    self._ready.set_exception(error)
                else:
                    logger.exception("the %s thread failed", name)

        thread = Thread(target=guarded, name=name, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _aggregate(self) -> None:
        if self.configuration.plant.control.realtime:
            raise_priority(AGGREGATION_PRIORITY)
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(self._serve())

    async def _serve(self) -> None:
        """Build what lives in the loop, then serve until told to end."""
        loop = self._loop = asyncio.get_running_loop()
        plant = self.configuration.plant
        control = plant.control
        self._ended = asyncio.Event()
        clock = SystemClock()
        self._field = field = build_field(self.configuration, now_s=clock.now_s)
        self._record.see(field, self.configuration)
        who = self._directory(field, loop, clock)
        self._ways_in = WaysIn(
            plant.scada, who, self.configuration.path.parent, plant.plant.name
        )
        proxies = build_proxies(self.configuration, field, clock.now_s)
        servers = (*self._ways_in.servers, *proxies)
        for server in servers:
            await server.start()
        self._brain = build_brain(self.configuration, field, self._sources)
        self._processing = Processing(
            self._brain,
            field,
            loop.call_soon_threadsafe,
            clock=clock,
            period_s=control.period_s,
            grace_s=control.grace_s,
            realtime=control.realtime,
            publish=self._publish,
            record=self._write_down,
        )
        field.start(loop.call_later)
        self._ready.set_result(None)
        try:
            await self._ended.wait()
        finally:
            for server in servers:
                await server.close()
            await field.close()

    def _directory(
        self, field: Aggregation, loop: asyncio.AbstractEventLoop, clock: SystemClock
    ) -> Directory:
        """Who finds what at the SCADA port."""
        return self._sources.directory(
            self.configuration,
            view=lambda: self._view,
            now_s=clock.now_s,
            wall_s=clock.wall_s,
            behind=behind(
                *(field, self._record.door, loop.call_later),
                functions=lambda: dict(self.configuration.functions),
                adopt=self._desks.adopting.adopt,
            ),
        )

    def _process(self) -> None:
        assert self._processing is not None
        self._processing.run(self._stop)

    def _publish(self, view: PlantView) -> None:
        """Called by the control thread when the commands are on their way."""
        self._view = view

    def _write_down(self, view: PlantView, cycle: Cycle) -> None:
        """Called by the control thread when it has time."""
        assert self._processing is not None
        self._record.take(view, self._processing.log.status)
        if self._on_cycle:
            self._on_cycle(cycle)
