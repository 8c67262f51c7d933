"""Sends the record to a target as it grows, and what the target has missed."""

import logging
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event
from typing import Protocol

from ppc.database.resume import read_resume
from ppc.export.backlog import Backlog, Batch
from ppc.export.cursor import Cursor
from ppc.export.influx import Away, Refused
from ppc.history.day_file import Unreadable

logger = logging.getLogger(__name__)

FOLDER = "forward"
"""Of the cursors, beside the record."""
_PERIOD_S = 1.0
_POINTS = 5000
"""Of one request."""
_FIRST_REST_S, _LONGEST_REST_S = 1.0, 60.0
_SWEEP_S = 3600.0
"""How often the record is looked through for rows that came late."""
_SAVE_S = 5.0
"""How often the cursor is written: what is sent twice after a kill -9."""


class Target(Protocol):
    """Who gets points."""

    def send(self, points: list[bytes]) -> None:
        """Have them written. Raises Away and Refused."""


class Forwarder:
    """One target. New rows go first; what has waited follows beside them, the oldest
    first and no faster than `backlog_rows_per_s`.

    Belongs to one thread. It only reads the record, a moment at a time.
    """

    def __init__(
        self,
        name: str,
        directory: Path,
        target: Target,
        *,
        plant: str,
        backlog_rows_per_s: int,
        wall_s: Callable[[], float] = time.time,
    ) -> None:
        self._name = name
        self._directory = directory
        self._target = target
        self._rate_per_s = backlog_rows_per_s
        self._wall_s = wall_s
        self._cursor = Cursor(directory / FOLDER / f"{name}.json")
        self._backlog = Backlog(directory, self._cursor, plant, self._tell)
        self._sweep: Iterator[Batch] | None = None
        self._batch: Batch = ()
        """Of the backlog, that is not acknowledged."""
        self._sweep_due_s = self._backlog_due_s = self._save_due_s = 0.0
        self._rest_s = 0.0
        self._told: set[str] = set()
        self.sent_count = 0
        """Points the target has acknowledged since the start."""
        self.refused_count = 0

    def run(self, stop: Event) -> None:
        """Until told to stop."""
        while not stop.wait(self.step()):
            pass
        self._save()

    def step(self) -> float:
        """Send what is due. Returns how long to rest [s]."""
        began_s = time.monotonic()
        try:
            self._send_live()
            while time.monotonic() < began_s + _PERIOD_S / 2 and self._send_backlog():
                pass
        except Away as error:
            return self._be_away(error)
        finally:
            if time.monotonic() >= self._save_due_s:
                self._save()
        if self._rest_s:
            logger.warning("export %s: back, sending what has waited", self._name)
            self._rest_s = 0.0
            self._sweep_due_s = 0.0
        return max(0.0, began_s + _PERIOD_S - time.monotonic())

    def _be_away(self, error: Away) -> float:
        if not self._rest_s:
            logger.warning("export %s: waiting for it: %s", self._name, error)
        longer_s = max(_FIRST_REST_S, 2 * self._rest_s)
        self._rest_s = max(error.rest_s, min(longer_s, _LONGEST_REST_S))
        return self._rest_s

    def _send_live(self) -> None:
        batch, numbers = self._backlog.live(self._wall_s())
        self._send(batch)
        self._cursor.acknowledge(numbers)

    def _send_backlog(self) -> bool:
        """Some of what has waited. False: there is none, or it is not time yet."""
        now_s = time.monotonic()
        if now_s < self._backlog_due_s:
            return False
        if self._sweep is None:
            if now_s < self._sweep_due_s:
                return False
            self._begin_sweep(now_s)
        assert self._sweep is not None
        if not self._batch:
            self._batch = next(self._sweep, ())
        if not self._batch:
            self._sweep = None
            return False
        part = self._batch[:_POINTS]
        self._send(part)
        left = self._batch[_POINTS:]
        still = {line.seq for line in left}
        self._cursor.acknowledge({line.seq for line in part} - still)
        self._batch = left
        self._backlog_due_s = now_s + len(part) / self._rate_per_s
        return True

    def _begin_sweep(self, now_s: float) -> None:
        if read_resume(self._directory).seq < self._cursor.ranges.last:
            logger.warning("export %s: the record was begun anew", self._name)
            self._cursor.clear()
        self._sweep = self._backlog.sweep()
        self._sweep_due_s = now_s + _SWEEP_S

    def _send(self, batch: Batch) -> None:
        """In requests of a size. Points that are refused are counted, and done."""
        for first in range(0, len(batch), _POINTS):
            part = [line.text for line in batch[first : first + _POINTS]]
            try:
                self._target.send(part)
                self.sent_count += len(part)
            except Refused as error:
                self.refused_count += len(part)
                self._tell(error)

    def _tell(self, trouble: Refused | Unreadable) -> None:
        """Once for each kind of it."""
        kind = f"{trouble}" if isinstance(trouble, Unreadable) else "refused"
        if kind not in self._told:
            self._told.add(kind)
            logger.warning("export %s: %s", self._name, trouble)

    def _save(self) -> None:
        self._save_due_s = time.monotonic() + _SAVE_S
        try:
            self._cursor.save()
        except OSError as error:
            if "cursor" not in self._told:
                self._told.add("cursor")
                logger.warning("export %s: cursor: %s", self._name, error)
