"""The record: one thread, one file a day, one transaction per batch."""

import logging
import queue
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from threading import Thread
from typing import Any

from ppc.database.retention import surplus
from ppc.database.schema import DAY
from ppc.database.store import (
    DISK_ERRORS,
    Batch,
    Store,
    finish_file,
    is_unfinished,
    point_to,
)
from ppc.database.trend import Trend, daily_files

logger = logging.getLogger(__name__)

CURRENT = "current.db"
_CAPACITY = 20_000
_DAY_S = 86_400.0

Job = Callable[[], None]
_Entry = tuple[str, Sequence[Mapping[str, Any]]] | Job | None


class Recorder:
    """Takes rows from any thread and writes them from its own.

    Control never waits for the disk: when the queue is full, or the disk refuses, rows
    are dropped and counted. Losing history is bad; losing a cycle is worse. `wall_s`
    gives Unix time.
    """

    def __init__(
        self,
        directory: Path,
        *,
        raw_days: int,
        trend_days: int,
        daily_files: int,
        wall_s: Callable[[], float],
    ) -> None:
        self._directory = directory
        self._raw_days = raw_days
        self._trend_days = trend_days
        self._daily_files = daily_files
        self._wall_s = wall_s
        self._queue: queue.Queue[_Entry] = queue.Queue(_CAPACITY)
        self._thread = Thread(target=self._run, name="recorder", daemon=True)
        self._day: Store | None = None
        self._trend: Trend | None = None
        self._trouble = ""
        self.dropped = 0
        """Rows lost since the start."""

    def start(self) -> None:
        """Begin to write. Raises OSError when the directory cannot be made."""
        self._directory.mkdir(parents=True, exist_ok=True)
        self._thread.start()

    def record(self, table: str, rows: Sequence[Mapping[str, Any]]) -> None:
        """Take rows of one moment for a table of the schema.

        All with the same columns. Never blocks, never raises.
        """
        try:
            self._queue.put_nowait((table, rows))
        except queue.Full:
            self.dropped += len(rows)

    def event(self, severity: str, source: str, text: str) -> None:
        """Something happened. Never blocks, never raises."""
        row = {"ts": self._wall_s(), "severity": severity, "source": source}
        self.record("events", [{**row, "text": text}])

    def run(self, job: Job) -> None:
        """Have the writer do something between two batches; dropped when it is busy."""
        try:
            self._queue.put_nowait(job)
        except queue.Full:
            logger.warning("the record is busy: a housekeeping job was left out")

    def roll_up(self) -> None:
        """For `run`: make the minutes of trend.db."""
        if self._trend is not None:
            self._trend.roll_up(self._wall_s())

    def prune(self) -> None:
        """For `run`: delete what is older than it is to be kept."""
        now_s = self._wall_s()
        if self._trend is not None:
            self._trend.prune(
                raw_before_s=now_s - self._raw_days * _DAY_S,
                minutes_before_s=now_s - self._trend_days * _DAY_S,
            )
        for path in surplus(daily_files(self._directory), keep=self._daily_files):
            path.unlink()

    def stop(self) -> None:
        """Write what is queued, finish the files, end."""
        if self._thread.is_alive():
            self._queue.put(None)
            self._thread.join()

    def _run(self) -> None:
        running = True
        while running:
            entries = [self._queue.get()]
            while not self._queue.empty():
                entries.append(self._queue.get_nowait())
            running = None not in entries
            self._tried(partial(self._write, entries), _count(entries))
            for job in entries:
                if callable(job):
                    self._tried(job, 0)
        self._tried(self._finish, 0)

    def _tried(self, act: Job, rows_count: int) -> None:
        """Do it; a disk that refuses costs these rows, and is told once per change."""
        try:
            act()
        except Exception as error:  # noqa: BLE001 (the one of this thread: it goes on)
            self.dropped += rows_count
            trouble = (str(error) or repr(error)).splitlines()[0]
            if not self._trouble:
                logger.error("the record cannot be written: %s", trouble)  # noqa: TRY400
            self._trouble = trouble
            self._abandon()
        else:
            if self._trouble and rows_count:
                logger.warning(
                    "the record is written again; %d rows lost", self.dropped
                )
                self._trouble = ""

    def _write(self, entries: Sequence[_Entry]) -> None:
        days: dict[str, dict[str, list[Mapping[str, Any]]]] = {}
        for entry in entries:
            if isinstance(entry, tuple):
                table, rows = entry
                day = _day_of(rows[0]["ts"])
                days.setdefault(day, defaultdict(list))[table].extend(rows)
        for name, batch in sorted(days.items()):
            self._write_day(name, batch)

    def _write_day(self, name: str, batch: Batch) -> None:
        if self._day is None or self._day.path.name < name:
            self._turn_to(name)
        assert self._day is not None
        self._day.write(batch)  # a row of yesterday that comes late stays in today's
        if self._trend is None:
            self._trend = Trend(self._directory)
        self._trend.write(batch)

    def _turn_to(self, name: str) -> None:
        """Finish the day that is over and open the next, or today's again."""
        if self._day is not None:
            self._finish_day()
        path = self._directory / name
        if path.exists():
            path.chmod(0o644)
        self._day = Store(path, DAY)
        point_to(self._directory / CURRENT, path)
        for older in daily_files(self._directory):
            if older.name < name and is_unfinished(older):
                finish_file(older)

    def _finish_day(self) -> None:
        assert self._day is not None
        day, self._day = self._day, None
        day.finish()
        day.path.chmod(0o444)
        if self._trend is not None:
            self._trend.note_day(day.path)

    def _finish(self) -> None:
        if self._trend is not None:
            self._trend.roll_up(self._wall_s())
            trend, self._trend = self._trend, None
            trend.finish()
        if self._day is not None:
            day, self._day = self._day, None
            day.finish()

    def _abandon(self) -> None:
        """Let go of files that cannot be used; the next batch opens them anew."""
        day, self._day = self._day, None
        trend, self._trend = self._trend, None
        for store in (day, trend):
            if store is not None:
                try:
                    store.close()
                except DISK_ERRORS as error:
                    logger.debug("closing: %s", error)


def _day_of(ts: float) -> str:
    """Name of the file of the local day."""
    return datetime.fromtimestamp(ts).strftime("%Y_%m_%d.db")  # noqa: DTZ006


def _count(entries: Sequence[_Entry]) -> int:
    return sum(len(entry[1]) for entry in entries if isinstance(entry, tuple))
