"""A connection to a SQLite file, its transactions, its journal, its faults."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Literal

from sqlalchemy import Connection, NullPool, create_engine
from sqlalchemy.exc import DatabaseError, DBAPIError, OperationalError

_BUSY_S = 5.0
"""How long another writer, somebody with a tool, may keep us waiting."""
_READ_S = 1.0
"""How long readers may keep us from changing the journal mode."""
_UNUSABLE = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


Mode = Literal["ro", "rw", "rwc"]


def address(path: Path, mode: Mode = "ro", *, over: bool = False) -> str:
    """What SQLite opens or attaches a file by; only to read it unless `mode` says more.

    `over`: nobody writes to it any more, so it is read without a lock; who does all the
    same is not noticed.
    """
    return f"{path.absolute().as_uri()}?mode={mode}" + ("&immutable=1" if over else "")


def connect(path: Path, *, mode: Literal["rw", "rwc"] = "rw") -> Connection:
    """The driver begins no transaction by itself: pragmas must stay outside of them.
    With `rwc` a file that is not there is begun.
    """
    creator = partial(
        sqlite3.connect,
        address(path, mode),
        uri=True,
        timeout=_BUSY_S,
        isolation_level=None,
    )
    return create_engine("sqlite://", creator=creator, poolclass=NullPool).connect()


@contextmanager
def transaction(connection: Connection) -> Iterator[None]:
    """All or nothing. The write lock is taken at once: nothing fails half-way."""
    connection.exec_driver_sql("BEGIN IMMEDIATE")
    try:
        yield
        connection.exec_driver_sql("COMMIT")
    except BaseException:
        with suppress(DatabaseError):  # some errors have rolled back already
            connection.exec_driver_sql("ROLLBACK")
        raise


@contextmanager
def bare_transaction(connection: Connection) -> Iterator[sqlite3.Connection]:
    """The same for the driver itself: a tenth of the time for each statement.

    Raises what SQLAlchemy would.
    """
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    try:
        driver.execute("BEGIN IMMEDIATE")
        try:
            yield driver
            driver.execute("COMMIT")
        except BaseException:
            with suppress(sqlite3.Error):
                driver.execute("ROLLBACK")
            raise
    except sqlite3.Error as error:
        raise DBAPIError.instance(None, None, error, sqlite3.Error) from error


def pragma(connection: Connection, what: str) -> object:
    """Ask or set; returns the first answer, None: there is none."""
    result = connection.exec_driver_sql(f"PRAGMA {what}")
    return result.scalar() if result.returns_rows else None


def version_of(connection: Connection) -> int:
    """As the file says; 0: it has no tables yet."""
    return int(str(pragma(connection, "user_version")))


def without_wal(connection: Connection) -> bool:
    """Put all into the file itself. False: readers keep the WAL, whole, beside it."""
    pragma(connection, "busy_timeout=0")
    pragma(connection, "wal_checkpoint(TRUNCATE)")
    return turn_journal(connection, "delete")


def turn_journal(connection: Connection, mode: Literal["wal", "delete"]) -> bool:
    """Change the journal mode. SQLite does not wait for readers here, so we do."""
    until_s = time.monotonic() + _READ_S
    while True:
        try:
            return pragma(connection, f"journal_mode={mode}") == mode
        except OperationalError as error:
            code = getattr(error.orig, "sqlite_errorcode", 0)
            if code & 0xFF != sqlite3.SQLITE_BUSY:
                raise
            if time.monotonic() > until_s:
                return False
        time.sleep(0.05)


def is_unusable(error: DatabaseError | sqlite3.Error) -> bool:
    """Whether the file itself is the trouble, not the disk."""
    code = getattr(getattr(error, "orig", error), "sqlite_errorcode", 0)
    return code & 0xFF in _UNUSABLE


def is_disk_trouble(error: Exception) -> bool:
    """Whether the same may succeed later: it was not for the rows that it failed."""
    if isinstance(error, DatabaseError):
        return isinstance(error, OperationalError) or is_unusable(error)
    return isinstance(error, OSError)


def reason(error: Exception) -> str:
    """What SQLite or the disk said, without the statement."""
    return str(getattr(error, "orig", error))
