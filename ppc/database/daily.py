"""The record itself: one file a day, by local date."""

import logging
from collections.abc import Callable
from datetime import datetime, tzinfo
from pathlib import Path

from sqlalchemy.exc import DatabaseError

from ppc.database.connection import reason
from ppc.database.file import is_whole
from ppc.database.schema import DAY
from ppc.database.store import Batch, Store, finish_file

logger = logging.getLogger(__name__)

CURRENT = "current.db"
_PATTERN = "[0-9][0-9][0-9][0-9]_[0-9][0-9]_[0-9][0-9].db"
_READ_ONLY, _WRITABLE = 0o444, 0o644


def day_name(time_s: float, zone: tzinfo | None = None) -> str:
    """The local date of a Unix time, as files have it. Zone None: the machine's.

    Raises ValueError, OverflowError or OSError when it is the time of no date.
    """
    return datetime.fromtimestamp(time_s, zone).strftime("%Y_%m_%d")


def daily_files(directory: Path) -> list[Path]:
    """The files of the record, oldest first."""
    return sorted(directory.glob(_PATTERN))


def is_finished(path: Path) -> bool:
    """Whether the day is over and nothing will be added: it is read-only then."""
    return not path.stat().st_mode & 0o222


class Daily:
    """The file of one day, and the turn to another. Raises what `Store` raises.

    A row goes to the file of its own date: when the clock steps back over midnight,
    yesterday's file is opened again. `on_finished` hears of each file that is over.
    """

    def __init__(self, directory: Path, on_finished: Callable[[Path], None]) -> None:
        self._directory = directory
        self._on_finished = on_finished
        self._store: Store | None = None

    def write(self, day: str, batch: Batch, *, durable: bool = False) -> None:
        """Write rows of one day. Durable: see `Store.write`."""
        self.turn_to(day).write(batch, durable=durable)

    def turn_to(self, day: str) -> Store:
        """Have the file of `day` open, as current.db, and all others finished."""
        path = self._directory / f"{day}.db"
        if self._store and self._store.path == path:
            if not (loss := self._store.loss):
                return self._store
            logger.error("%s %s: opened anew", path.name, loss)
            self.close()
        elif self._store:
            self.finish()
        self._directory.mkdir(parents=True, exist_ok=True)
        if path.exists():
            path.chmod(_WRITABLE)
        self._store = Store(path, DAY)
        point_to(self._directory / CURRENT, path)
        self._finish_others()
        return self._store

    def finish(self) -> None:
        """Close the file for readers; it is continued when rows of its day come."""
        if self._store:
            store, self._store = self._store, None
            store.finish()

    def close(self) -> None:
        """Let go of the file as it is."""
        if self._store:
            store, self._store = self._store, None
            store.close()

    def _finish_others(self) -> None:
        """Also those left behind by a program that died, or kept open by a reader."""
        assert self._store is not None
        for path in daily_files(self._directory):
            if path == self._store.path or is_finished(path):
                continue
            try:
                if not finish_file(path):  # begun, and killed before its tables
                    Store(path, DAY).finish()
                if is_whole(path):
                    path.chmod(_READ_ONLY)
                    self._on_finished(path)
            except (DatabaseError, OSError) as error:
                logger.warning("%s cannot be finished: %s", path.name, reason(error))


def point_to(link: Path, target: Path) -> None:
    """Make `link` a relative symbolic link to `target`, in one step."""
    fresh = link.with_name(f"{link.name}.new")
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(target.name)
    fresh.replace(link)
