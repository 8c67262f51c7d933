"""The record: rows from any thread, written by one."""

import logging
import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import tzinfo
from functools import partial
from pathlib import Path
from threading import Event, Lock, Thread
from typing import Any

from sqlalchemy.exc import DatabaseError

from ppc.database import trend
from ppc.database.daily import Daily, daily_files, day_name
from ppc.database.retention import Retention
from ppc.database.schema import DAY, KINDS
from ppc.database.trend import Trend

logger = logging.getLogger(__name__)

_BATCH_S = 0.5
"""How often what waits is written: what a kill -9 may cost."""
_CAPACITY = 20_000
"""Calls of `record` that may wait: at a dozen a second, half an hour of slow disk."""

Row = Mapping[str, Any]
Job = Callable[[], object]
_DAY = "today's file"
_Days = dict[str, dict[str, list[tuple[Any, ...]]]]

_COLUMNS = {name: tuple(table.c.keys()) for name, table in DAY.tables.items()}
_KEYS = {name: ("ts", *kind.key) for name, kind in KINDS.items()}


class Recorder:
    """Takes rows from any thread and writes them from its own.

    Control never waits for the disk: when too much waits, or the disk refuses, rows are
    dropped and counted. Losing history is bad; losing a cycle is worse. What goes wrong
    is logged, once per change. `wall_s` gives Unix time; `zone` says when a day ends
    (None: the machine's zone).
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
    ) -> None:
        self._directory = directory
        self._wall_s = wall_s
        self._zone = zone
        self._retention = Retention(
            raw_days=raw_days, trend_days=trend_days, daily_files=daily_files
        )
        self._trend = Trend(
            directory / trend.NAME, retention=self._retention, wall_s=wall_s
        )
        self._daily = Daily(directory, self._trend.note_day)
        self._waiting: deque[tuple[str, Sequence[Row]] | Job] = deque()
        self._stopping = Event()
        self._thread = Thread(target=self._run, name="recorder", daemon=True)
        self._failing: set[str] = set()
        self._seq = 0
        """Number of the last entry that was taken up."""
        self.dropped = 0
        """Rows lost since the start."""
        self._dropping = Lock()

    def start(self) -> None:
        """Begin to write. Raises OSError when the directory cannot be made."""
        self._directory.mkdir(parents=True, exist_ok=True)
        self._thread.start()

    def record(self, table: str, rows: Sequence[Row]) -> None:
        """Take rows for a table of the schema. Never blocks, never raises.

        The rows are read later: they must not change any more. A column that a row does
        not have is NULL.
        """
        if len(self._waiting) < _CAPACITY:
            self._waiting.append((table, rows))  # wakes nobody: the writer looks itself
        else:
            self._drop(len(rows))

    def event(self, severity: str, source: str, text: str) -> None:
        """Something happened. Never blocks, never raises."""
        row = {"ts": self._wall_s(), "severity": severity, "source": source}
        self.record("events", [{**row, "text": text}])

    def run(self, job: Job) -> None:
        """Have the writer do something after its next batch; not when it is busy."""
        if len(self._waiting) < _CAPACITY:
            self._waiting.append(job)
        else:
            logger.warning("the record is busy: a housekeeping job was left out")

    def roll_up(self) -> None:
        """For `run`: make the minutes of trend.db."""
        self._attempt(trend.NAME, self._trend.roll_up, self._trend.close)

    def prune(self) -> None:
        """For `run`: delete what is older than it is to be kept."""
        for path in self._retention.surplus(daily_files(self._directory)):
            path.unlink()
        self._attempt(trend.NAME, self._trend.prune, self._trend.close)

    def stop(self) -> None:
        """Write what waits, finish the files, end."""
        if self._thread.is_alive():
            self._stopping.set()
            self._thread.join()

    def _run(self) -> None:
        self._attempt(_DAY, self._open_today, self._daily.close)
        while not self._stopping.wait(_BATCH_S):
            self._write_what_waits()
            self._attempt(trend.NAME, self._catch_up, self._trend.close)
        self._write_what_waits()
        self._attempt(trend.NAME, self._trend.finish, self._trend.close)
        self._attempt(_DAY, self._daily.finish, self._daily.close)

    def _open_today(self) -> None:
        store = self._daily.turn_to(day_name(self._wall_s(), self._zone))
        self._seq = max(self._seq, store.last_seq())

    def _catch_up(self) -> None:
        """Fill gaps of trend.db, but do not keep new rows waiting."""
        until_s = time.monotonic() + _BATCH_S / 4
        while self._trend.catch_up() and time.monotonic() < until_s:
            pass

    def _write_what_waits(self) -> None:
        entries = [self._waiting.popleft() for _ in range(len(self._waiting))]
        rows = (entry for entry in entries if isinstance(entry, tuple))
        for day, batch in sorted(self._by_day(rows).items()):
            write = partial(self._daily.write, day, batch)
            if not self._attempt(_DAY, write, self._daily.close):
                self._drop(sum(map(len, batch.values())))
            write = partial(self._trend.write, batch)
            self._attempt(trend.NAME, write, self._trend.close)
        for entry in entries:
            if not isinstance(entry, tuple):
                self._attempt("housekeeping", entry)

    def _by_day(self, entries: Iterable[tuple[str, Sequence[Row]]]) -> _Days:
        """Rows as the tables want them, by day and table. Unfit ones are dropped."""
        days: _Days = defaultdict(lambda: defaultdict(list))
        for table, rows in entries:
            self._seq += 1
            for row in rows:
                try:
                    fit = self._fit(table, {"seq": self._seq, **row})
                    day = day_name(fit[0], self._zone)
                except (LookupError, TypeError, ValueError, OverflowError, OSError):
                    if self._is_news(f"rows of {table}"):
                        logger.error("%s: a row that does not fit: %s", table, row)  # noqa: TRY400
                    self._drop(1)
                else:
                    days[day][table].append(fit)
        return days

    def _fit(self, table: str, row: Row) -> tuple[Any, ...]:
        """Raises LookupError: no such table or column, or the row has no key."""
        columns = _COLUMNS[table]
        if not row.keys() <= set(columns) or None in map(row.get, _KEYS[table]):
            raise LookupError(table)
        return tuple(map(row.get, columns))

    def _attempt(self, what: str, act: Job, let_go: Job = lambda: None) -> bool:
        """Do it, or let go of the file, to be opened anew; told once per change."""
        try:
            act()
        except (DatabaseError, OSError) as error:
            if self._is_news(what):
                logger.error(  # noqa: TRY400 (the disk's fault, not ours)
                    "%s cannot be written: %s", what, getattr(error, "orig", error)
                )
        except Exception:  # the one place: a fault of ours must not end the thread
            if self._is_news(what):
                logger.exception("%s: a fault in the program", what)
        else:
            if what in self._failing:
                self._failing.discard(what)
                logger.warning("%s is written again; %d rows lost", what, self.dropped)
            return True
        let_go()
        return False

    def _is_news(self, what: str) -> bool:
        news = what not in self._failing
        self._failing.add(what)
        return news

    def _drop(self, rows_count: int) -> None:
        with self._dropping:
            self.dropped += rows_count
