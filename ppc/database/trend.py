"""trend.db: raw rows of the last days and minutes of the last years, for panels.

What the daily files hold can be made again from them; minutes of days that were thinned
or removed are here only.
"""

import logging
from collections.abc import Callable
from datetime import tzinfo
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, TextClause, delete, select, update
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.exc import DatabaseError

from ppc.database.carrying import carry_over
from ppc.database.connection import reason, transaction
from ppc.database.daily import daily_files, is_finished
from ppc.database.energy import make_energy_of, quarters_of
from ppc.database.file import remove, take_place
from ppc.database.migrations import UnknownVersionError
from ppc.database.minutes import (
    QUARTER_S,
    begin_s,
    make_minutes,
    make_quarters,
    spans,
    unmade_quarters,
)
from ppc.database.pruning import SPARED, Pruning, dated, oldest_s
from ppc.database.retention import DAY_S, MINUTE_S, Retention
from ppc.database.schema import DAY, DAYS, IN_TREND, SAMPLED, TREND
from ppc.database.store import Batch, Store, bring_up
from ppc.database.takeover import (
    attached,
    cut,
    join_energy,
    list_day,
    take_energy,
    take_over,
)

logger = logging.getLogger(__name__)

NAME = "trend.db"
_SAMPLED = frozenset(kind.name for kind in SAMPLED)
_NAMES = frozenset(kind.name for kind in IN_TREND)

_Step = Callable[[Connection], None]


class Trend:
    """The second file the recorder's thread writes. Raises what `Store` raises.

    Opened when it is first needed. What it may then lack is taken from the daily files,
    a slice per call of `catch_up`: all that are not in its list of finished days.
    """

    def __init__(
        self,
        path: Path,
        *,
        retention: Retention,
        wall_s: Callable[[], float],
        zone: tzinfo | None = None,
    ) -> None:
        self._path = path
        self._retention = retention
        self._wall_s = wall_s
        self._zone = zone
        self._store: Store | None = None
        self._lacking: list[Path] = []
        """Daily files to be looked at; the next one is the last."""
        self._over: list[Path] = []
        """Those that are finished and need to be listed only."""
        self._steps: list[_Step] = []
        """What is left to do with the file `_looked_at`; the next one is the last."""
        self._looked_at: Path | None = None
        self._unmade: list[TextClause] = []
        """Quarters of an hour that an older version did not make."""
        self._pruning = Pruning()
        self._minutes_s: set[int] = set()
        """Minutes with rows since the last roll-up; and quarters with readings."""
        self._quarters_s: set[int] = set()

    @property
    def lacking_count(self) -> int:
        """Daily files that `catch_up` has not come to yet."""
        return len(self._lacking)

    def write(self, batch: Batch) -> None:
        """Add rows as recorded."""
        rows_by_table = {k: rows for k, rows in batch.items() if k in _NAMES}
        self._opened().write(rows_by_table)
        for name, rows in rows_by_table.items():
            times_s = {row[0] for row in rows}
            if name in _SAMPLED:
                self._minutes_s |= {begin_s(t, MINUTE_S) for t in times_s}
            elif name == "energy":
                self._quarters_s |= quarters_of(times_s)

    def roll_up(self) -> None:
        """Make the minutes and quarters that have new rows."""
        quarters_s = {begin_s(minute_s, QUARTER_S) for minute_s in self._minutes_s}
        with self._opened().transaction() as connection:
            for kind in SAMPLED:
                raw = TREND.tables[kind.name]
                for since_s, until_s in spans(self._minutes_s, MINUTE_S):
                    made = make_minutes(kind, raw, since_s=since_s, until_s=until_s)
                    connection.execute(made)
                for since_s, until_s in spans(quarters_s, QUARTER_S):
                    made = make_quarters(kind, since_s=since_s, until_s=until_s)
                    connection.execute(made)
            make_energy_of(connection, self._quarters_s, self._zone)
        self._minutes_s, self._quarters_s = set(), set()

    def prune(self) -> None:
        """Have what is older than it is to be kept deleted, by and by, in `catch_up`.

        Minutes are made first.
        """
        self.roll_up()
        now_s = self._wall_s()
        for name, before_s in dated(
            raw_since_s=self._retention.raw_since_s(now_s),
            since_s=self._retention.minutes_since_s(now_s),
        ):
            self._pruning.condemn(name, before_s)
        files = [path.name for path in self._path.parent.glob("*.db*")]
        with self._opened().transaction() as connection:
            connection.execute(delete(DAYS).where(DAYS.c.file.not_in(files)))

    def give_way(self) -> bool:
        """Have the oldest of what is finest deleted, and its room given back, by and by
        in `catch_up`: a day of rows, or else of minutes. False: what is left is young.
        """
        if self._pruning:
            return True
        self.roll_up()
        connection = self._opened().connection
        for names, spared_s in SPARED:
            before_s = oldest_s(connection, names) + DAY_S
            if before_s <= self._wall_s() - spared_s:
                for name in names:
                    self._pruning.condemn(name, before_s)
                self._pruning.give_back()
                return True
        return False

    def note_day(self, path: Path) -> None:
        """Have `catch_up` list a finished daily file."""
        if self._store and path not in self._over + self._lacking:
            self._over.append(path)

    def note(self, day: str, **found: Any) -> None:  # noqa: ANN401 (as columns have it)
        """Add what was found out about a finished day. With `file` it need not be
        listed yet.
        """
        row = insert(DAYS).values(day=day, **found)
        known = row.on_conflict_do_update(index_elements=["day"], set_=found)
        listed = update(DAYS).where(DAYS.c.day == day).values(found)
        with self._opened().transaction() as connection:
            connection.execute(known if "file" in found else listed)

    def catch_up(self) -> bool:
        """Take over a bit of a daily file, list one, or delete a bit. False: all done.

        A daily file that cannot be read is left out, and told.
        """
        connection = self._opened().connection
        if self._looked_at is None and not self._begin_file():
            return self.tidy()
        path = self._looked_at
        assert path is not None
        try:
            bring_up(path, DAY)
            with attached(connection, path), transaction(connection):
                self._steps.pop()(connection)
        except (DatabaseError, OSError, UnknownVersionError) as error:
            self._steps = []
            logger.warning("%s is not in %s: %s", path.name, NAME, reason(error))
        if not self._steps:
            self._looked_at = None
        return True

    def tidy(self) -> bool:
        """Delete a bit, or make up for a bit. False: all done."""
        if not self._unmade and not self._pruning:
            return False
        with self._opened().transaction() as connection:
            if self._unmade:
                connection.execute(self._unmade.pop())
            else:
                self._pruning.step(connection)
        return True

    def carry_over(self, old: Path) -> None:
        """Take from another trend.db what no daily file holds any more; what it found
        out about those that are. One that cannot be read is left out, and told.
        """
        connection = self._opened().connection
        try:
            with attached(connection, old, "old"), transaction(connection):
                carry_over(connection, self._path.parent, self._zone)
        except DatabaseError as error:
            logger.warning("%s is not taken over: %s", old.name, reason(error))

    def finish(self) -> None:
        """Make the last minutes; close so that who may only read can open it."""
        if self._store:
            self.roll_up()
            store, self._store = self._store, None
            store.finish()

    def close(self) -> None:
        """Let go of the file as it is."""
        if self._store:
            store, self._store = self._store, None
            store.close()

    def _opened(self) -> Store:
        if self._store and (loss := self._store.loss):
            logger.warning("%s %s: made up from the daily files", NAME, loss)
            self.close()
        if self._store is None:
            self._store = Store(self._path, TREND)
            listed = set(self._store.connection.execute(select(DAYS.c.file)).scalars())
            files = daily_files(self._path.parent)
            self._lacking = [
                path
                for path in files
                if path.name not in listed or not is_finished(path)
            ]
            self._unmade = unmade_quarters(self._store.connection)
            self._over, self._steps, self._looked_at = [], [], None
        return self._store

    def _begin_file(self) -> bool:
        """Rows of files that were begun since we are open have come by `write`."""
        if self._lacking:
            path = self._lacking.pop()
            self._steps = [partial(self._plan, path)]
        elif self._over:
            path = self._over.pop(0)
            self._steps = [partial(list_day, path=path)]
        else:
            return False
        self._looked_at = path
        return True

    def _plan(self, path: Path, connection: Connection) -> None:
        """Its rows, the newest first; then energy, which needs those before; then the
        list.
        """
        raw_since_s = self._retention.raw_since_s(self._wall_s())
        parts = cut(connection, path)
        if is_finished(path):
            self._steps.append(partial(list_day, path=path))
        self._steps.append(partial(join_energy, zone=self._zone))
        self._steps += [partial(take_energy, part=part) for part in parts]
        self._steps += [
            partial(take_over, part=part, raw_since_s=raw_since_s) for part in parts
        ]


def rebuild(
    directory: Path,
    *,
    retention: Retention,
    wall_s: Callable[[], float],
    zone: tzinfo | None = None,
    tell: Callable[[int], None] = lambda _: None,
) -> Path:
    """Make trend.db again from the daily files; then it takes the old one's place.

    What they do not hold any more is taken over from the old one. A recorder that
    writes there meanwhile notices and goes on in the new file. `tell` hears how many
    files are left.
    """
    path, fresh = directory / NAME, directory / f"{NAME}.new"
    remove(fresh)
    trend = Trend(fresh, retention=retention, wall_s=wall_s, zone=zone)
    while trend.catch_up():
        tell(trend.lacking_count)
    if path.exists():
        trend.carry_over(path)
    trend.finish()
    take_place(fresh, path)
    return path
