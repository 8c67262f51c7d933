"""What is done with what was handed in: numbered, sorted, written, acknowledged."""

import logging
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import tzinfo
from functools import partial
from typing import NamedTuple

from ppc.database import trend
from ppc.database.attempts import Attempts
from ppc.database.connection import is_disk_trouble
from ppc.database.daily import Daily
from ppc.database.rows import Calendar, Row, Values, count_row, fit
from ppc.database.schema import COUNTERS, KINDS, NUMBERING
from ppc.database.space import Space
from ppc.database.trend import Trend

logger = logging.getLogger(__name__)

OnDisk = Callable[[bool], object]
"""Hears once whether all rows of a hand-in are on the disk; False: some are lost."""

DURABLE = frozenset(kind.name for kind in KINDS.values() if kind.durable)
_AGAIN_S = 2.0
"""How soon durable rows that the disk refused are tried again."""
_TRIES = 1800
"""So for an hour."""
_UNWRITTEN = 20_000
"""How many hand-ins may wait for the disk to take rows again."""
_TODAY = "today's file"
_UNFIT = (LookupError, TypeError, ValueError, OverflowError, OSError)
"""What a row raises that has no place or no date."""


class Entry(NamedTuple):
    """What was handed in at once."""

    table: str
    rows: Sequence[Row]
    clock: int
    on_disk: OnDisk | None


class _Receipt:
    """Tells who handed in, once the last part of it is settled."""

    def __init__(self, on_disk: OnDisk | None, parts_count: int, *, good: bool) -> None:
        self._on_disk, self._open_count, self._good = on_disk, parts_count, good

    def settle(self, *, good: bool) -> None:
        self._good &= good
        self._open_count -= 1
        if self._open_count <= 0 and self._on_disk is not None:
            self._on_disk(self._good)


class _Part:
    """The rows of a hand-in that are of one day."""

    def __init__(
        self, table: str, rows: list[Values], receipt: _Receipt | None
    ) -> None:
        self.table, self.rows, self.receipt = table, rows, receipt
        self.tries_count = 0


class _Day:
    """What is to be written to one file: samples, and what must not get lost."""

    def __init__(self) -> None:
        self.lanes: dict[bool, list[_Part]] = {False: [], True: []}
        """Durable or not: the parts."""
        self.counters: list[Values] = []
        self._samples: dict[str, _Part] = {}

    def add_samples(self, table: str, rows: list[Values]) -> None:
        """Nobody waits to hear of them: one part for each table."""
        if table in self._samples:
            self._samples[table].rows += rows
        else:
            self._samples[table] = part = _Part(table, rows, None)
            self.lanes[False].append(part)

    def last_seq(self) -> int:
        parts = self.lanes[False] + self.lanes[True]
        return max((part.rows[-1][1] for part in parts), default=0)


class Writer:
    """Belongs to the recorder's thread.

    Samples of a batch are one transaction, durable rows another that is on the disk
    when it ends. Durable rows that the disk refuses are kept and tried again, samples
    are dropped; `drop` hears how many rows are lost. While the disk is full samples are
    not even tried.
    """

    def __init__(
        self,
        daily: Daily,
        trend: Trend,
        *,
        zone: tzinfo | None,
        attempts: Attempts,
        space: Space,
        drop: Callable[[int], None],
    ) -> None:
        self._daily = daily
        self._trend = trend
        self._calendar = Calendar(zone)
        self._attempts = attempts
        self._space = space
        self._drop = drop
        self.seq = 0
        """Number of the last hand-in."""
        self._unwritten: list[tuple[str, _Part]] = []
        self._again_s = 0.0
        self._counted: Sequence[Row] = ()

    def open(self, now_s: float) -> None:
        """Have the file of the day open, also while nothing is handed in."""
        day = self._calendar.day(now_s)
        self._attempt(_TODAY, lambda: self._daily.turn_to(day))

    def write(
        self,
        entries: Iterable[Entry],
        *,
        passed_over_count: int = 0,
        counters: Sequence[Row] = (),
        is_last: bool = False,
    ) -> None:
        """Write a batch. `passed_over_count` numbers are used up by what was dropped
        before; `counters` replace the older ones.
        """
        days: dict[str, _Day] = defaultdict(_Day)
        for entry in entries:
            self.seq += 1
            self._sort(entry, days)
        self.seq += passed_over_count
        if self._unwritten and (is_last or time.monotonic() >= self._again_s):
            for name, part in self._unwritten:
                days[name].lanes[True].append(part)
            self._unwritten = []
        if counters is not self._counted:
            self._add_counters(counters, days)
        in_order = sorted(days, key=lambda name: days[name].last_seq())
        for name in in_order:
            what = _TODAY if name == in_order[-1] else f"{name}.db"
            self._write_day(what, name, days[name])
        if is_last:
            for _, part in self._unwritten:
                self._lose(part)

    def _sort(self, entry: Entry, days: dict[str, _Day]) -> None:
        """By day and lane. Rows that do not fit are dropped."""
        by_day: dict[str, list[Values]] = {}
        dropped_count = 0
        for row in entry.rows:
            try:
                values = fit(entry.table, row, self.seq, entry.clock)
                by_day.setdefault(self._calendar.day(values[0]), []).append(values)
            except _UNFIT:
                if self._attempts.is_news(f"rows of {entry.table}"):
                    logger.error("%s: a row that does not fit: %s", entry.table, row)  # noqa: TRY400
                dropped_count += 1
        if dropped_count:
            self._drop(dropped_count)
        if entry.table not in DURABLE and entry.on_disk is None:
            for name, rows in by_day.items():
                days[name].add_samples(entry.table, rows)
            return
        receipt = _Receipt(entry.on_disk, len(by_day), good=not dropped_count)
        if not by_day:
            self._settle(receipt, good=not dropped_count)
        for name, rows in by_day.items():
            days[name].lanes[True].append(_Part(entry.table, rows, receipt))

    def _add_counters(self, counters: Sequence[Row], days: dict[str, _Day]) -> None:
        """They go where the newest row goes, so that the last file has the last."""
        try:
            rows = [count_row(row, self.seq) for row in counters]
            day = max(days, key=lambda name: days[name].last_seq(), default="")
            days[day or self._calendar.day(rows[0][1])].counters = rows
        except _UNFIT:
            if self._attempts.is_news("counters"):
                logger.error("counters that do not fit: %s", counters)  # noqa: TRY400
        self._counted = counters

    def _write_day(self, what: str, name: str, day: _Day) -> None:
        for durable, handed_in in day.lanes.items():
            is_left_out = self._space.is_full and not durable
            parts = self._leave_out(handed_in) if is_left_out else handed_in
            counters = [] if durable else day.counters
            if not parts and not counters:
                continue
            batch = _merged(parts)
            system = {NUMBERING.name: [(1, self.seq)], COUNTERS.name: counters}
            write = partial(self._daily.write, name, batch | system, durable=durable)
            failure = self._attempt(what, write)
            if self._space.refused(failure) and durable:
                failure = self._attempt(what, write)
            if failure is None:
                for part in parts:
                    self._settle(part.receipt, good=True)
            elif is_disk_trouble(failure):
                self._put_off(name, parts, durable=durable)
            else:
                batch = self._write_singly(name, parts, durable=durable)
            if failure is None or not durable:
                self._attempt_trend(batch)

    def _write_singly(
        self, name: str, parts: list[_Part], *, durable: bool
    ) -> dict[str, list[Values]]:
        """One row of the batch is impossible: it costs no other. Returns the rest."""
        for part in parts:
            handed_in = part.rows
            part.rows = []
            for row in handed_in:
                alone = {part.table: [row]}
                write = partial(self._daily.write, name, alone, durable=durable)
                if self._attempt(f"a row of {part.table}", write) is None:
                    part.rows.append(row)
            lost_count = len(handed_in) - len(part.rows)
            self._drop(lost_count)
            self._settle(part.receipt, good=not lost_count)
        return _merged(parts)

    def _put_off(self, name: str, parts: list[_Part], *, durable: bool) -> None:
        """The disk refuses."""
        for part in parts:
            part.tries_count += 1
            room = len(self._unwritten) < _UNWRITTEN
            if durable and room and part.tries_count < _TRIES:
                self._unwritten.append((name, part))
            else:
                self._lose(part)
        self._again_s = time.monotonic() + _AGAIN_S

    def _leave_out(self, parts: list[_Part]) -> list[_Part]:
        for part in parts:
            self._lose(part)
        return []

    def _lose(self, part: _Part) -> None:
        self._drop(len(part.rows))
        self._settle(part.receipt, good=False)

    def _settle(self, receipt: _Receipt | None, *, good: bool) -> None:
        if receipt is not None:
            self._attempts.attempt("a receipt", partial(receipt.settle, good=good))

    def _attempt(self, what: str, act: Callable[[], object]) -> Exception | None:
        return self._attempts.attempt(what, act, self._daily.close)

    def _attempt_trend(self, batch: dict[str, list[Values]]) -> None:
        write = partial(self._trend.write, batch)
        failure = self._attempts.attempt(trend.NAME, write, self._trend.close)
        self._space.refused(failure)


def _merged(parts: Iterable[_Part]) -> dict[str, list[Values]]:
    batch: dict[str, list[Values]] = defaultdict(list)
    for part in parts:
        batch[part.table] += part.rows
    return batch
