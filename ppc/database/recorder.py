"""The record: rows from any thread, written by one."""

import logging
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from datetime import tzinfo
from pathlib import Path
from threading import Event, Thread

from ppc.database import trend
from ppc.database.attempts import Act, Attempts
from ppc.database.daily import Daily, daily_files
from ppc.database.keeper import Keeper
from ppc.database.resume import read_resume
from ppc.database.retention import Retention
from ppc.database.rows import Row
from ppc.database.space import Space
from ppc.database.trend import Trend
from ppc.database.waiting import Waiting
from ppc.database.writer import Entry, OnDisk, Writer

logger = logging.getLogger(__name__)

_BATCH_S = 0.25
"""How often what waits is written: what a kill -9 may cost of samples."""


class Recorder:
    """Takes rows from any thread and writes them from its own.

    Control never waits for the disk: when too much waits, or the disk refuses, rows are
    dropped and counted. Losing history is bad; losing a cycle is worse. What goes wrong
    is logged, once per change. `wall_s` gives Unix time; `zone` says when a day ends
    (None: the machine's zone); `clock_trusted` tells of the wall clock, asked by who
    hands in: it must answer at once.
    """

    def __init__(
        self,
        directory: Path,
        *,
        raw_days: int,
        trend_days: int,
        daily_files: int,
        wall_s: Callable[[], float],
        zone: tzinfo | None = None,
        clock_trusted: Callable[[], bool] = lambda: True,
        quota_bytes: int | None = None,
        ballast_bytes: int = 0,
    ) -> None:
        self._directory = directory
        self._wall_s = wall_s
        self._clock_trusted = clock_trusted
        retention = Retention(
            raw_days=raw_days,
            trend_days=trend_days,
            daily_files=daily_files,
            quota_bytes=quota_bytes,
        )
        self._retention = retention
        self._trend = Trend(
            directory / trend.NAME, retention=retention, wall_s=wall_s, zone=zone
        )
        self._daily = Daily(directory, self._trend.note_day)
        self._waiting = Waiting()
        self._attempts = Attempts(self._lost)
        self._space = Space(directory, ballast_bytes=ballast_bytes, lost=self._lost)
        self._writer = self._made_writer(zone)
        self._keeper = self._made_keeper()
        self._jobs: deque[Act] = deque()
        self._counters: Sequence[Row] = ()
        self._stopping = Event()
        self._thread = Thread(target=self._run, name="recorder", daemon=True)
        self.counted: Mapping[str, Mapping[str, float | None]] = {}
        """From the start on: the counters of the last run, by device."""

    @property
    def dropped(self) -> int:
        """Rows lost since the start."""
        return self._waiting.dropped

    def start(self) -> None:
        """Begin to write. Raises OSError when the directory cannot be made."""
        self._directory.mkdir(parents=True, exist_ok=True)
        self._writer.seq, self.counted = read_resume(self._directory)
        self._thread.start()
        self._keeper.start()

    def record(
        self, table: str, rows: Sequence[Row], on_disk: OnDisk | None = None
    ) -> None:
        """Take rows for a table of the schema. Never blocks, never raises.

        The rows are read later: they must not change any more. A column that a row does
        not have is NULL. With `on_disk` they are durable whatever the table: it is
        called once, with True by the writer's thread when not even a power cut can
        take them back, with False when some are lost (at once when too much waits).
        """
        entry = Entry(table, rows, self._clock_trusted(), on_disk)
        if not self._waiting.put(entry) and on_disk is not None:
            on_disk(False)  # noqa: FBT003 (what it hears)

    def event(
        self, severity: str, source: str, text: str, on_disk: OnDisk | None = None
    ) -> None:
        """Something happened. Never blocks, never raises."""
        row = {"ts": self._wall_s(), "severity": severity, "source": source}
        self.record("events", [{**row, "text": text}], on_disk)

    def count(self, counters: Sequence[Row]) -> None:
        """How far energy is counted: `device`, `ts` and the numbers of `energy`.

        Written with the next batch, in place of the older ones. A new list each time.
        """
        self._counters = counters

    def run(self, job: Act) -> None:
        """Have the writer do something after its next batch; not when it is busy."""
        if self._waiting.is_full:
            logger.warning("the record is busy: a housekeeping job was left out")
        else:
            self._jobs.append(job)

    def roll_up(self) -> None:
        """For `run`: make the minutes of trend.db."""
        self._attempts.attempt(trend.NAME, self._trend.roll_up, self._trend.close)

    def prune(self) -> None:
        """For `run`: delete what is older than it is to be kept."""
        for path in self._retention.surplus(daily_files(self._directory)):
            path.unlink()
        self._attempts.attempt(trend.NAME, self._trend.prune, self._trend.close)

    def stop(self) -> None:
        """Write what waits, finish the files, end."""
        if self._thread.is_alive():
            self._keeper.stop()
            self._stopping.set()
            self._thread.join()

    def _made_writer(self, zone: tzinfo | None) -> Writer:
        return Writer(
            self._daily,
            self._trend,
            zone=zone,
            attempts=self._attempts,
            space=self._space,
            drop=self._waiting.drop,
        )

    def _made_keeper(self) -> Keeper:
        return Keeper(
            self._directory,
            retention=self._retention,
            space=self._space,
            trend=self._trend,
            run=self.run,
        )

    def _lost(self) -> int:
        return self._waiting.dropped

    def _run(self) -> None:
        self._writer.open(self._wall_s())
        while not self._stopping.wait(_BATCH_S):
            self._write_what_waits()
            self._attempts.attempt(trend.NAME, self._catch_up, self._trend.close)
        self._write_what_waits(is_last=True)
        self._attempts.attempt(trend.NAME, self._trend.finish, self._trend.close)
        self._attempts.attempt("today's file", self._daily.finish, self._daily.close)

    def _catch_up(self) -> None:
        """Fill gaps of trend.db, but do not keep new rows waiting."""
        until_s = time.monotonic() + _BATCH_S / 4
        step = self._trend.tidy if self._space.is_full else self._trend.catch_up
        while step() and time.monotonic() < until_s:
            pass

    def _write_what_waits(self, *, is_last: bool = False) -> None:
        jobs = [self._jobs.popleft() for _ in range(len(self._jobs))]
        entries, passed_over_count = self._waiting.take()
        self._writer.write(
            entries,
            passed_over_count=passed_over_count,
            counters=self._counters,
            is_last=is_last,
        )
        for job in jobs:
            self._attempts.attempt("housekeeping", job)
