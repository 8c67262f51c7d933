"""The record of a running plant: what is written, by whom, and what looks after it."""

import logging
import time
from collections.abc import Callable
from pathlib import Path

from ppc.adapter.plant_view import PlantView
from ppc.application.aggregation import Aggregation
from ppc.application.clock import SystemClock
from ppc.application.housekeeping import Housekeeping
from ppc.application.record import configurations
from ppc.application.record.clock_watch import ClockWatch, kernel_synchronised
from ppc.application.record.door import Record
from ppc.application.record.event_log import EventLog
from ppc.application.record.recording import Recording
from ppc.application.record.subjects import subjects
from ppc.application.status import CycleStatus
from ppc.configuration.loading import Configuration
from ppc.configuration.parameters import Parameters
from ppc.database.configurations import last_digests
from ppc.database.recorder import Recorder

_ROLL_UP_EVERY_S = 60.0
_PRUNE_AT_HOUR, _PRUNE_AT_MINUTE = 2, 10


class PlantRecord:
    """The recorder with all that is wired to it."""

    def __init__(self, configuration: Configuration, db_dir: Path) -> None:
        section = configuration.plant.record
        self._watch = ClockWatch(section.clock, kernel_synchronised)
        self._recorder = Recorder(
            db_dir,
            raw_days=section.raw_days,
            trend_days=section.trend_days,
            daily_files=section.daily_files,
            quota_bytes=section.quota,
            ballast_bytes=section.ballast,
            wall_s=time.time,
            clock_trusted=lambda: self._watch.trusted,
        )
        self._db_dir = db_dir
        self._every_s = section.every_s
        self._events = EventLog(self._recorder)
        self._housekeeping = Housekeeping()
        self._recording: Recording | None = None
        self._known: dict[str, str] = {}

    @property
    def door(self) -> Record:
        """Where rows go."""
        return self._recorder

    @property
    def dropped(self) -> int:
        """Rows lost since the start."""
        return self._recorder.dropped

    def start(self) -> None:
        """Begin to write. Raises OSError when the directory cannot be made."""
        self._known = last_digests(self._db_dir)
        self._recorder.start()
        logging.getLogger("ppc").addHandler(self._events)
        recorder = self._recorder
        self._housekeeping.every(
            _ROLL_UP_EVERY_S, lambda: recorder.run(recorder.roll_up)
        )
        self._housekeeping.daily(
            _PRUNE_AT_HOUR, _PRUNE_AT_MINUTE, lambda: recorder.run(recorder.prune)
        )
        self._housekeeping.start()

    def see(self, field: Aggregation, configuration: Configuration) -> None:
        """What is to be recorded. Before the first cycle."""
        plant = configuration.connection_point
        self._recording = Recording(
            self._recorder,
            subjects(field, plant, self._recorder),
            every_s=self._every_s,
            clock=SystemClock(),
            watch=self._watch,
        )

    def take(self, view: PlantView, cycles: Callable[[], CycleStatus]) -> None:
        """Write down a cycle, in the control thread."""
        assert self._recording is not None, "there is a field"
        self._recording.take(view, cycles)

    def configured(self, configuration: Configuration, parameters: Parameters) -> None:
        """Write down what is in force, as far as it is new."""
        found = configurations.texts(configuration, parameters)
        if rows := configurations.rows(found, self._known, time.time()):
            self._recorder.record("configurations", rows)
            self._known |= {row["what"]: row["digest"] for row in rows}

    def event(self, severity: str, source: str, text: str) -> None:
        self._recorder.event(severity, source, text)

    def close(self) -> None:
        """Write what is left, and finish the files."""
        logging.getLogger("ppc").removeHandler(self._events)
        self._housekeeping.stop()
        if self._recording is not None:
            self._recording.finish()
        self._recorder.stop()
