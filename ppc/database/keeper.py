"""Looks after the folder of the record: is there room, are finished files whole.

A thread of its own, with connections of its own: what takes long keeps no row waiting.
All that changes a file or trend.db is done by the writer, when it is asked to.
"""

import logging
import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import closing, contextmanager, suppress
from functools import partial
from pathlib import Path
from threading import Event, Thread, get_native_id
from typing import NamedTuple

from sqlalchemy.exc import DatabaseError

from ppc.database.attempts import Act
from ppc.database.ballast import is_full
from ppc.database.connection import address
from ppc.database.daily import daily_files, is_finished
from ppc.database.file import set_aside
from ppc.database.integrity import Stamp, Survey, open_finished, stamp, survey
from ppc.database.retention import Retention
from ppc.database.room import used_bytes
from ppc.database.space import Space
from ppc.database.thinning import put_in_place, remove_unfinished, thin
from ppc.database.trend import NAME, Trend

logger = logging.getLogger(__name__)

_EVERY_S = 5.0
_ANSWER_S = 60.0
_TICK_S = 0.1
_NICE = 19
"""Whatever else wants the processor goes first."""
_FINE_GONE, _EVENTS_LEFT = 1, 2
"""How far a file is thinned: see `thinning.GONE`."""
_LISTED = "SELECT day, file, integrity, thinned FROM days ORDER BY day"


class _Day(NamedTuple):
    """A row of the list of finished days."""

    day: str
    path: Path
    integrity: str | None
    thinned: int


class Keeper:
    """`run` has the writer do something, or not when it is busy."""

    def __init__(
        self,
        directory: Path,
        *,
        retention: Retention,
        space: Space,
        trend: Trend,
        run: Callable[[Act], None],
    ) -> None:
        self._directory = directory
        self._quota_bytes = retention.quota_bytes
        self._space = space
        self._trend = trend
        self._tell_writer = run
        self._stopping = Event()
        self._thread = Thread(target=self._run, name="keeper", daemon=True)
        self._surveys: dict[Path, Survey] = {}
        self._spared: set[Path] = set()
        """Files that cannot be thinned."""
        self._reading: sqlite3.Connection | None = None
        self._is_at_its_end = False

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Also in the midst of a large file."""
        self._stopping.set()
        while self._thread.is_alive():
            if (reading := self._reading) is not None:
                with suppress(sqlite3.ProgrammingError):  # just closed
                    reading.interrupt()
            self._thread.join(0.05)

    def _run(self) -> None:
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, get_native_id(), _NICE)
        trouble = ""
        while True:
            try:
                remove_unfinished(self._directory)
                while self._look() and not self._stopping.is_set():
                    pass
                trouble = ""
            except Exception as error:  # a fault of ours must not end the thread
                if str(error) != trouble:
                    logger.exception("the folder of the record")
                trouble = str(error)
            if self._stopping.wait(_EVERY_S):
                return

    def _look(self) -> bool:
        """Do one thing. True: there may be more to do at once."""
        self._space.restore()
        days = self._days()
        if self._is_short():
            if self._make_room(days):
                return True
            if not self._is_at_its_end:
                logger.warning("the record has nothing left to make room with")
            self._is_at_its_end = True
        else:
            self._is_at_its_end = False
        return self._look_through(days)

    def _is_short(self) -> bool:
        if self._quota_bytes is None:
            return self._space.is_short
        is_over = used_bytes(self._directory) > self._quota_bytes
        return is_over or self._space.is_short

    def _days(self) -> list[_Day]:
        """Those trend.db has all rows of, the oldest first."""
        uri = address(self._directory / NAME)
        try:
            with closing(sqlite3.connect(uri, uri=True)) as connection:
                rows = connection.execute(_LISTED).fetchall()
        except sqlite3.Error:  # not there yet, or too old
            return []
        days = [_Day(day, self._directory / file, *rest) for day, file, *rest in rows]
        return [day for day in days if _is_over(day.path)]

    def _make_room(self, days: list[_Day]) -> bool:
        """The oldest of what is finest goes first. False: there is nothing to go.

        Rows that are durable go for the sake of the quota only: who else fills the
        disk does not get them.
        """
        if any(self._thin(day, _FINE_GONE) for day in days):
            return True
        if self._ask(self._trend.give_way):
            return True
        if (
            self._quota_bytes is None
            or used_bytes(self._directory) <= self._quota_bytes
        ):
            return False
        if any(self._thin(day, _EVENTS_LEFT) for day in days):
            return True
        return any(self._ask(partial(_remove, day.path)) for day in days)

    def _thin(self, day: _Day, level: int) -> bool:
        if day.thinned >= level or day.path in self._spared:
            return False
        try:
            seen = stamp(day.path)
            copy = thin(day.path, level)
        except (sqlite3.Error, OSError) as error:
            if not is_full(error):
                self._spared.add(day.path)
                logger.warning("%s cannot be thinned: %s", day.path.name, error)
            return False
        return self._ask(partial(self._put, day, copy, seen=seen, level=level))

    def _put(self, day: _Day, copy: Path, *, seen: Stamp, level: int) -> bool:
        """In the writer's thread."""
        if stamp(day.path) != seen:
            copy.unlink()
            return False
        put_in_place(copy, day.path)
        size_bytes = day.path.stat().st_size
        self._trend.note(day.day, thinned=level, bytes=size_bytes)
        before_mb, after_mb = seen.size_bytes / 1e6, size_bytes / 1e6
        logger.warning(
            "%s thinned: %.1f MB are %.1f MB now", day.path.name, before_mb, after_mb
        )
        return True

    def _look_through(self, days: list[_Day]) -> bool:
        """One file that was not yet. True: one was."""
        unknown = [day for day in days if day.integrity is None]
        listed = {day.path for day in days}
        unknown += [
            _Day(path.stem, path, None, 0)
            for path in daily_files(self._directory)
            if path not in listed and _is_over(path)
        ]
        for day in unknown:
            known = self._surveys.get(day.path)
            is_new = known is None or known.stamp != stamp(day.path)
            if is_new:
                with self._opened(day.path) as connection:
                    known = survey(day.path, connection)
            if known is not None:
                self._surveys[day.path] = known
                self._tell_writer(partial(self._note, day, known))
            if is_new:
                return known is not None
        return False

    def _note(self, day: _Day, known: Survey) -> None:
        """In the writer's thread."""
        if not day.path.exists() or stamp(day.path) != known.stamp:
            return
        text = known.verdict.text
        if known.verdict.is_corrupt:
            aside = set_aside(day.path, "corrupt", text)
            self._trend.note(day.day, file=aside.name, integrity=text)
        else:
            found = {"seq_first": known.seq_first, "seq_last": known.seq_last}
            rows_count = known.rows_count
            self._trend.note(day.day, integrity=text, rows=rows_count, **found)

    @contextmanager
    def _opened(self, path: Path) -> Iterator[sqlite3.Connection]:
        """In a way that `stop` may end."""
        with closing(open_finished(path)) as connection:
            self._reading = connection
            try:
                yield connection
            finally:
                self._reading = None

    def _ask(self, act: Callable[[], bool]) -> bool:
        """Have the writer do it. False also: it could not, or not in time."""
        answer: Future[bool] = Future()

        def there() -> None:
            try:
                answer.set_result(act())
            except BaseException as error:
                answer.set_exception(error)
                raise

        self._tell_writer(there)
        until_s = time.monotonic() + _ANSWER_S
        while not self._stopping.is_set() and time.monotonic() < until_s:
            try:
                return answer.result(_TICK_S)
            except TimeoutError:
                continue
            except (DatabaseError, OSError):  # the writer has told
                return False
        return False


def _is_over(path: Path) -> bool:
    try:
        return is_finished(path)
    except OSError:  # gone meanwhile
        return False


def _remove(path: Path) -> bool:
    path.unlink()
    logger.warning("%s removed: the record is over its quota", path.name)
    return True
