"""One SQLite file of the record: opened, written in batches, finished."""

import logging
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Connection,
    MetaData,
    NullPool,
    bindparam,
    create_engine,
    insert,
)
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import DatabaseError

from ppc.database.schema import VERSION

logger = logging.getLogger(__name__)

DISK_ERRORS = (DatabaseError, sqlite3.Error, OSError)
"""What a disk, or a file on it, may answer with."""

Rows = Sequence[Mapping[str, Any]]
Batch = Mapping[str, Rows]
"""Rows by table."""


class Store:
    """A file in WAL mode with one writer. Readers never wait for it, nor it for them.

    A file that is corrupt, or of another version, is set aside, not overwritten.
    Raises `DISK_ERRORS`.
    """

    def __init__(self, path: Path, metadata: MetaData) -> None:
        self.path = path
        self._metadata = metadata
        self._statements: dict[tuple[str, tuple[str, ...]], str] = {}
        try:
            self._connection = self._open()
        except (*DISK_ERRORS, ValueError) as error:
            if not _is_unusable(error):
                raise
            aside = _aside(path)
            logger.error("%s set aside as %s: %s", path.name, aside.name, error)  # noqa: TRY400
            self._connection = self._open()

    def write(self, batch: Batch) -> None:
        """All rows in one transaction; one with the key of an older replaces it.

        The rows of a table have all the same columns.
        """
        with self._connection.begin():
            for name, rows in batch.items():
                self._connection.exec_driver_sql(
                    self._statement(name, tuple(rows[0])), list(rows)
                )

    def _statement(self, name: str, columns: tuple[str, ...]) -> str:
        """The insert for rows with these columns, made once.

        Rows go to the driver as they are: a tenth of the interpreter's time, which the
        control thread shares.
        """
        if (name, columns) not in self._statements:
            table = self._metadata.tables[name]
            chosen = (
                insert(table)
                .prefix_with("OR REPLACE")
                .values({column: bindparam(column) for column in columns})
            )
            dialect = sqlite.dialect(paramstyle="named")
            self._statements[name, columns] = str(chosen.compile(dialect=dialect))
        return self._statements[name, columns]

    @property
    def connection(self) -> Connection:
        """For statements of the owner, who is the only writer."""
        return self._connection

    def finish(self) -> None:
        """Close so that a reader without write access can open it: no WAL beside it."""
        self._connection.rollback()
        _pragmas(self._connection, "wal_checkpoint(TRUNCATE)", "journal_mode=DELETE")
        self.close()

    def close(self) -> None:
        self._connection.close()

    def _open(self) -> Connection:
        engine = create_engine(
            f"sqlite:///{self.path}", poolclass=NullPool, connect_args={"timeout": 5}
        )
        connection = engine.connect()
        try:
            _pragmas(connection, "journal_mode=WAL", "synchronous=NORMAL")
            version = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
            connection.rollback()
            _check_version(version)
            self._metadata.create_all(connection)
            connection.commit()
            _pragmas(connection, f"user_version={VERSION}")
        except BaseException:
            connection.close()
            raise
        return connection


def _check_version(version: int) -> None:
    if version not in (0, VERSION):
        raise ValueError(f"schema version {version}, this program writes {VERSION}")


def _is_unusable(error: Exception) -> bool:
    """Whether the file itself is the trouble, not the disk."""
    words = ("malformed", "not a database")
    return isinstance(error, ValueError) or any(word in str(error) for word in words)


def finish_file(path: Path) -> None:
    """Finish a file that was left open by a program that died."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.execute("PRAGMA journal_mode=DELETE")
    path.chmod(0o444)


def is_unfinished(path: Path) -> bool:
    """Whether the file is still in WAL mode: bytes 18 and 19 of its header say so.

    Source: SQLite file format, 1.3.3.
    """
    with path.open("rb") as file:
        return file.read(20)[18:20] == b"\x02\x02"


def point_to(link: Path, target: Path) -> None:
    """Make `link` a relative symbolic link to `target`, in one step."""
    fresh = link.with_name(f".{link.name}.new")
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(target.name)
    fresh.replace(link)


def _pragmas(connection: Connection, *pragmas: str) -> None:
    raw: Any = connection.connection.driver_connection
    for pragma in pragmas:
        raw.execute(f"PRAGMA {pragma}").fetchall()


def _aside(path: Path) -> Path:
    number = 1
    while (aside := path.with_name(f"{path.name}.corrupt-{number}")).exists():
        number += 1
    path.rename(aside)
    for ending in _companions(path):
        ending.unlink(missing_ok=True)
    return aside


def _companions(path: Path) -> Iterable[Path]:
    return (path.with_name(f"{path.name}{ending}") for ending in ("-wal", "-shm"))
