"""A file of the record, opened only to be read: of any version up to ours."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

from ppc.database.connection import address
from ppc.database.schema import KINDS, VERSION

_BUSY_S = 5.0
"""How long a writer may keep us waiting: it hardly ever does, the files have a WAL."""


class Unreadable(Exception):
    """A file that cannot be read, or is none of the record: which one, and why."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path.name}: {reason}")


class DayFile:
    """A daily file, the live one too. Raises Unreadable, here and when it is read.

    What its version did not have yet is NULL. A context.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        with telling(path):
            if not path.stat().st_size:
                raise Unreadable(path, "is empty")
            self._connection = connect(path)
            try:
                self.version = int(self.value("PRAGMA user_version"))
                self._columns = self._told_columns()
            except BaseException:
                self.close()
                raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._connection.close()

    @property
    def tables(self) -> Sequence[str]:
        """Those of the record that are in it and have rows handed in."""
        return tuple(self._columns)

    def columns(self, table: str) -> Sequence[str]:
        return self._columns.get(table, ())

    @property
    def has_counters(self) -> bool:
        """Whether it tells how far energy was counted between two of its rows."""
        sql = "SELECT count(*) FROM sqlite_master WHERE name = 'counters'"
        return bool(self.value(sql))

    def rows(self, sql: str, *values: object) -> Iterator[tuple[Any, ...]]:
        """What a statement gives, row by row."""
        with telling(self.path):
            yield from self._connection.execute(sql, values)

    def value(self, sql: str, *values: object) -> Any:  # noqa: ANN401 (SQLite's)
        """The first value of the first row."""
        return next(self.rows(sql, *values))[0]

    def _told_columns(self) -> dict[str, tuple[str, ...]]:
        if self.version > VERSION:
            raise Unreadable(
                self.path, f"is of version {self.version}; this program knows {VERSION}"
            )
        kept = (name for (name,) in self.rows("SELECT name FROM sqlite_master"))
        tables = [name for name in kept if name in KINDS]
        if not tables or not self.version:
            raise Unreadable(self.path, "is no file of the record")
        return {
            name: tuple(row[1] for row in self.rows(f"PRAGMA table_info({name})"))
            for name in tables
        }


def connect(path: Path) -> sqlite3.Connection:
    """Only to read. Raises sqlite3.Error."""
    return sqlite3.connect(
        address(path), uri=True, timeout=_BUSY_S, isolation_level=None
    )


@contextmanager
def telling(path: Path) -> Iterator[None]:
    """What the disk or SQLite says within is told with the name of the file."""
    try:
        yield
    except sqlite3.Error as error:
        raise Unreadable(path, f"{error}") from error
    except OSError as error:
        raise Unreadable(path, error.strerror or f"{error}") from error
