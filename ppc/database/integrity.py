"""Whether a finished file of the record is whole."""

import logging
import sqlite3
from pathlib import Path
from typing import NamedTuple

from ppc.database.connection import address, is_unusable
from ppc.database.schema import KINDS

logger = logging.getLogger(__name__)

OK = "ok"
_FAULTS = 3
"""How many are told of a file."""


class Verdict(NamedTuple):
    """What was found."""

    text: str
    """"ok", or what is wrong."""
    is_corrupt: bool
    """Whether the file is to blame, not the disk or who read it."""


class Stamp(NamedTuple):
    """Tells whether a file is still the one that was looked at."""

    inode: int
    size_bytes: int
    changed_ns: int


class Survey(NamedTuple):
    """All that is to be known of a file once it is over."""

    stamp: Stamp
    verdict: Verdict
    rows_count: int | None = None
    seq_first: int | None = None
    seq_last: int | None = None


def stamp(path: Path) -> Stamp:
    """Raises OSError. Opening a finished file again changes its mode, and so this."""
    status = path.stat()
    return Stamp(status.st_ino, status.st_size, status.st_ctime_ns)


def open_finished(path: Path) -> sqlite3.Connection:
    """Read a file that is over without any lock: who wants to write is not kept.

    What is read is worth something only when `stamp` says the same afterwards. May be
    interrupted by another thread. Raises sqlite3.Error.
    """
    return sqlite3.connect(
        address(path, over=True),
        uri=True,
        isolation_level=None,
        check_same_thread=False,
    )


def check(connection: sqlite3.Connection) -> Verdict | None:
    """Look through the whole file. None: interrupted.

    `quick_check` is all there is to check: the record has no index besides its keys.
    It runs within SQLite, without Python's lock.
    """
    try:
        rows = connection.execute(f"PRAGMA quick_check({_FAULTS})").fetchall()
    except sqlite3.Error as error:
        if _is_stopped(error):
            return None
        return Verdict(str(error), is_corrupt=is_unusable(error))
    text = "; ".join(str(row[0]) for row in rows)
    return Verdict(text, is_corrupt=text != OK)


def survey(path: Path, connection: sqlite3.Connection) -> Survey | None:
    """Look through a file that `open_finished` opened, and count its rows.

    None: interrupted, or somebody wrote to it meanwhile. Raises OSError.
    """
    seen = stamp(path)
    verdict = check(connection)
    counted: tuple[int | None, ...] = ()
    if verdict is not None and verdict.text == OK:
        try:
            counted = _counted(connection)
        except sqlite3.Error as error:  # of an older version, or interrupted
            logger.info("%s is not counted: %s", path.name, error)
            verdict = None if _is_stopped(error) else verdict
    if verdict is None or stamp(path) != seen:
        return None
    return Survey(seen, verdict, *counted)


def _counted(connection: sqlite3.Connection) -> tuple[int | None, ...]:
    """Rows, and the least and greatest of their numbers, over all tables."""
    found = [
        connection.execute(
            f"SELECT count(*), min(seq), max(seq) FROM {name}"  # noqa: S608
        ).fetchone()
        for name in KINDS
    ]
    firsts = [first for _, first, _ in found if first is not None]
    lasts = [last for _, _, last in found if last is not None]
    rows_count = sum(count for count, _, _ in found)
    return rows_count, min(firsts, default=None), max(lasts, default=None)


def _is_stopped(error: sqlite3.Error) -> bool:
    return getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_INTERRUPT
