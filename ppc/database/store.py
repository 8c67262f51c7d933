"""One SQLite file of the record: opened, written in batches, finished."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, MetaData, Table, bindparam, func, insert
from sqlalchemy.dialects.sqlite.pysqlite import dialect
from sqlalchemy.exc import DatabaseError

from ppc.database import migrations
from ppc.database.connection import (
    bare_transaction,
    connect,
    is_unusable,
    pragma,
    reason,
    transaction,
    turn_journal,
    version_of,
    without_wal,
)
from ppc.database.file import set_aside
from ppc.database.migrations import UnknownVersionError
from ppc.database.schema import VERSION, WHOLE

logger = logging.getLogger(__name__)

Batch = Mapping[str, Sequence[tuple[Any, ...]]]
"""Rows by table, values in the order of its columns."""

_OURS = 0o600
"""Who owns a file may write it."""


class Store:
    """A file in WAL mode with one writer. Readers never wait for it, nor it for them.

    A file of an older version is brought up; one that is corrupt, or of a version we do
    not know, is set aside and begun anew. Belongs to the thread that opened it. Raises
    sqlalchemy.exc.DatabaseError and OSError.
    """

    def __init__(self, path: Path, metadata: MetaData) -> None:
        self.path = path
        self._metadata = metadata
        self._has_wal = False
        self._wal = path.with_name(f"{path.name}-wal")
        self._synchronous = ""
        self._statements = {t.name: _statement(t) for t in metadata.sorted_tables}
        try:
            self._connection = self._open()
        except DatabaseError as error:
            if not is_unusable(error):
                raise
            set_aside(path, "corrupt", reason(error))
            self._connection = self._open()
        self._inode, self._wal_inode = map(_inode, (path, self._wal))

    @property
    def connection(self) -> Connection:
        """Without a transaction, unless within `transaction`."""
        return self._connection

    @property
    def loss(self) -> str:
        """What became of the file behind our back; empty: nothing. What is in a WAL
        that was taken away comes into the file when it is closed.
        """
        inode, wal_inode = map(_inode, (self.path, self._wal))
        if inode != self._inode:
            return "is gone" if inode is None else "is another file now"
        if self._has_wal and wal_inode != self._wal_inode:
            return "has lost its WAL"
        return ""

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """All or nothing. A file that turns out to be corrupt is set aside."""
        with self._watched(), transaction(self._connection):
            yield self._connection

    @contextmanager
    def _watched(self) -> Iterator[None]:
        try:
            yield
        except DatabaseError as error:
            if is_unusable(error):
                self.close()
                set_aside(self.path, "corrupt", reason(error))
            raise

    def write(self, batch: Batch, *, durable: bool = False) -> None:
        """All rows in one transaction; one with the key of an older replaces it.

        Durable: no power cut takes them back once this returned. Else one may take the
        last transactions back, whole.
        """
        self._set_synchronous("FULL" if durable else "NORMAL")
        with self._watched(), bare_transaction(self._connection) as driver:
            for name, rows in batch.items():
                if rows:
                    driver.executemany(self._statements[name], rows)

    def finish(self) -> None:
        """Close so that who may only read can open it: without a WAL.

        While a reader is at it the WAL stays, and the file is whole all the same.
        """
        try:
            if not without_wal(self._connection):
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
            pragma(self._connection, f"synchronous={synchronous}")
            self._synchronous = synchronous

    def _open(self) -> Connection:
        connection = connect(self.path, mode="rwc")
        try:
            version = version_of(connection)
            try:
                migrations.check(version, self.path.name)
            except UnknownVersionError as error:
                connection.close()
                set_aside(self.path, f"version-{version}", str(error))
                connection, version = connect(self.path, mode="rwc"), 0
            if version == 0 and (mode := self._metadata.info.get("auto_vacuum")):
                pragma(connection, f"auto_vacuum={mode}")
            self._has_wal = turn_journal(connection, "wal")
            if not self._has_wal:
                logger.warning("%s cannot have a WAL: readers block it", self.path.name)
            if version != VERSION:
                _bring_up(connection, self._metadata, self.path.name)
            version_of(connection)  # from the first look on there is a WAL
        except BaseException:
            connection.close()
            raise
        return connection


def _inode(path: Path) -> int | None:
    try:
        return path.stat().st_ino
    except OSError:
        return None


def finish_file(path: Path) -> int:
    """Take the WAL from a file that a program which died left behind. Returns its
    version; 0: it has no tables.

    A change of its form that was interrupted is undone first, by SQLite.
    """
    connection = connect(path)
    try:
        without_wal(connection)
        return version_of(connection)
    finally:
        connection.close()


def bring_up(path: Path, metadata: MetaData) -> None:
    """Bring a file of an older version to the form of today, also a finished one.

    Raises UnknownVersionError, sqlalchemy.exc.DatabaseError and OSError.
    """
    connection = connect(path)
    try:
        version = version_of(connection)
        migrations.check(version, path.name)
        if version in (0, VERSION):
            return
        mode = path.stat().st_mode
        path.chmod(mode | _OURS)
        try:
            _bring_up(connection, metadata, path.name)
            connection.exec_driver_sql("VACUUM")
        finally:
            path.chmod(mode)
    finally:
        connection.close()


def fault_of_bringing_up(path: Path, metadata: MetaData) -> str:
    """The same for a file of our own making; why it could not be, or nothing."""
    try:
        bring_up(path, metadata)
    except (UnknownVersionError, DatabaseError, OSError) as error:
        return reason(error)
    return ""


def _bring_up(connection: Connection, metadata: MetaData, name: str) -> None:
    """All at once: what is interrupted has not begun."""
    with transaction(connection):
        version = version_of(connection)  # another may have been at it meanwhile
        migrations.migrate(connection, metadata, version)
    if version:
        logger.info("%s: brought from version %s to %s", name, version, VERSION)


def _statement(table: Table) -> str:
    """Compiled once: rows go to the driver as they are. SQLite rounds what is whole."""
    values = {
        column.name: func.round(bindparam(column.name))
        if column.info.get(WHOLE)
        else bindparam(column.name)
        for column in table.c
    }
    statement = insert(table).prefix_with("OR REPLACE").values(values)
    return str(statement.compile(dialect=dialect()))
