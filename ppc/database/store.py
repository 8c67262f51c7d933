"""One SQLite file of the record: opened, written in batches, finished."""

import logging
import os
import sqlite3
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import (
    Connection,
    MetaData,
    NullPool,
    Table,
    bindparam,
    create_engine,
    func,
    insert,
)
from sqlalchemy.dialects.sqlite.pysqlite import dialect
from sqlalchemy.exc import DatabaseError, OperationalError

from ppc.database.schema import VERSION, WHOLE

logger = logging.getLogger(__name__)

Batch = Mapping[str, Sequence[tuple[Any, ...]]]
"""Rows by table, values in the order of its columns."""

_BUSY_S = 5.0
"""How long another writer, somebody with a tool, may keep us waiting."""
_READ_S = 1.0
"""How long readers may keep us from changing the journal mode."""
_UNUSABLE = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


class Store:
    """A file in WAL mode with one writer. Readers never wait for it, nor it for them.

    A file that is corrupt, or of another version, is set aside and begun anew. Belongs
    to the thread that opened it. Raises sqlalchemy.exc.DatabaseError and OSError.
    """

    def __init__(self, path: Path, metadata: MetaData) -> None:
        self.path = path
        self._metadata = metadata
        self._has_wal = False
        self._synchronous = ""
        self._statements = {t.name: _statement(t) for t in metadata.sorted_tables}
        try:
            self._connection = self._open()
        except DatabaseError as error:
            if not is_unusable(error):
                raise
            _set_aside(path, "corrupt", _reason(error))
            self._connection = self._open()
        self._inode = path.stat().st_ino

    @property
    def connection(self) -> Connection:
        """Without a transaction, unless within `transaction`."""
        return self._connection

    @property
    def is_lost(self) -> bool:
        """Whether the file was removed, or replaced by another, behind our back."""
        try:
            return self.path.stat().st_ino != self._inode
        except OSError:
            return True

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """All or nothing. A file that turns out to be corrupt is set aside."""
        try:
            with transaction(self._connection):
                yield self._connection
        except DatabaseError as error:
            if is_unusable(error):
                self.close()
                _set_aside(self.path, "corrupt", _reason(error))
            raise

    def write(self, batch: Batch, *, durable: bool = False) -> None:
        """All rows in one transaction; one with the key of an older replaces it.

        Durable: no power cut takes them back once this returned. Else one may take the
        last transactions back, whole.
        """
        self._set_synchronous("FULL" if durable else "NORMAL")
        with self.transaction() as connection:
            for name, rows in batch.items():
                if rows:
                    connection.exec_driver_sql(self._statements[name], list(rows))

    def finish(self) -> None:
        """Close so that who may only read can open it: without a WAL.

        While a reader is at it the WAL stays, and the file is whole all the same.
        """
        try:
            if not _without_wal(self._connection):
                logger.warning("%s: read by others, its WAL stays", self.path.name)
        finally:
            self.close()

    def close(self) -> None:
        with suppress(DatabaseError):
            self._connection.close()

    def _set_synchronous(self, synchronous: str) -> None:
        """How far a transaction is to go: SQLite allows to say it between two of them.

        Source: sqlite.org/pragma.html, PRAGMA synchronous, from memory: with a WAL,
        NORMAL syncs it before a checkpoint, FULL at each commit; without one only
        EXTRA is as safe.
        """
        synchronous = synchronous if self._has_wal else "EXTRA"
        if synchronous != self._synchronous:
            _pragma(self._connection, f"synchronous={synchronous}")
            self._synchronous = synchronous

    def _open(self) -> Connection:
        connection = _connect(self.path)
        try:
            version = _pragma(connection, "user_version")
            if version not in (0, VERSION):
                connection.close()
                _set_aside(self.path, f"version-{version}", f"we write {VERSION}")
                connection = _connect(self.path)
            self._has_wal = _turn_journal(connection, "wal")
            if not self._has_wal:
                logger.warning("%s cannot have a WAL: readers block it", self.path.name)
            if version != VERSION:
                with transaction(connection):
                    self._metadata.create_all(connection)
                    _pragma(connection, f"user_version={VERSION}")
        except BaseException:
            connection.close()
            raise
        return connection


def finish_file(path: Path) -> None:
    """Take the WAL from a file that a program which died left behind.

    A change of its form that was interrupted is undone first, by SQLite.
    """
    connection = _connect(path)
    try:
        _without_wal(connection)
    finally:
        connection.close()


def is_whole(path: Path) -> bool:
    """Whether all is in the file itself, so that who may only read can open it."""
    return not has_wal(path) and not path.with_name(f"{path.name}-journal").exists()


def has_wal(path: Path) -> bool:
    """Whether the file is in WAL mode: bytes 18 and 19 of its header say so.

    Source: SQLite file format, 1.3.3, from memory.
    """
    with path.open("rb") as file:
        return file.read(20)[18:20] == b"\x02\x02"


def is_unusable(error: DatabaseError) -> bool:
    """Whether the file itself is the trouble, not the disk."""
    code = getattr(error.orig, "sqlite_errorcode", 0)
    return code & 0xFF in _UNUSABLE


def is_disk_trouble(error: Exception) -> bool:
    """Whether the same may succeed later: it was not for the rows that it failed."""
    if isinstance(error, DatabaseError):
        return isinstance(error, OperationalError) or is_unusable(error)
    return isinstance(error, OSError)


def remove(path: Path) -> None:
    """Delete a file and what SQLite keeps beside it."""
    for ending in ("", "-wal", "-shm"):
        path.with_name(path.name + ending).unlink(missing_ok=True)


def _connect(path: Path) -> Connection:
    """The driver begins no transaction by itself: pragmas must stay outside of them."""
    creator = partial(
        sqlite3.connect,
        path.absolute().as_uri(),
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


def _pragma(connection: Connection, pragma: str) -> object:
    result = connection.exec_driver_sql(f"PRAGMA {pragma}")
    return result.scalar() if result.returns_rows else None


def _without_wal(connection: Connection) -> bool:
    """Put all into the file itself. False: readers keep the WAL, whole, beside it."""
    _pragma(connection, "busy_timeout=0")
    _pragma(connection, "wal_checkpoint(TRUNCATE)")
    return _turn_journal(connection, "delete")


def _turn_journal(connection: Connection, mode: Literal["wal", "delete"]) -> bool:
    """Change the journal mode. SQLite does not wait for readers here, so we do."""
    until_s = time.monotonic() + _READ_S
    while True:
        try:
            return _pragma(connection, f"journal_mode={mode}") == mode
        except OperationalError as error:
            code = getattr(error.orig, "sqlite_errorcode", 0)
            if code & 0xFF != sqlite3.SQLITE_BUSY:
                raise
            if time.monotonic() > until_s:
                return False
        time.sleep(0.05)


def _statement(table: Table) -> str:
    """Compiled once: rows go to the driver as they are. SQLite rounds what is whole."""
    statement = insert(table).prefix_with("OR REPLACE")
    whole = {
        column.name: func.round(bindparam(column.name))
        for column in table.c
        if column.info.get(WHOLE)
    }
    return str(
        statement.values({c.name: bindparam(c.name) for c in table.c} | whole).compile(
            dialect=dialect()
        )
    )


def _set_aside(path: Path, why: str, reason: str) -> None:
    number = 1
    while (aside := path.with_name(f"{path.name}.{why}-{number}")).exists():
        number += 1
    path.rename(aside)
    for ending in ("-wal", "-shm"):
        beside = path.with_name(path.name + ending)
        if beside.exists():
            os.replace(beside, aside.with_name(aside.name + ending))  # noqa: PTH105
    logger.error("%s set aside as %s: %s", path.name, aside.name, reason)


def _reason(error: DatabaseError) -> str:
    return str(error.orig)
