"""Whether a finished file of the record is whole."""

import sqlite3
from pathlib import Path
from typing import NamedTuple

OK = "ok"
_FAULTS = 3
"""How many are told of a file."""
_UNUSABLE = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_STOPPED = sqlite3.SQLITE_INTERRUPT


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


def stamp(path: Path) -> Stamp:
    """Raises OSError. Opening a finished file again changes its mode, and so this."""
    status = path.stat()
    return Stamp(status.st_ino, status.st_size, status.st_ctime_ns)


def open_finished(path: Path) -> sqlite3.Connection:
    """Read a file that is over without any lock: who wants to write is not kept.

    What is read is worth something only when `stamp` says the same afterwards. May be
    interrupted by another thread. Raises sqlite3.Error.
    """
    uri = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
    return sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False)


def check(connection: sqlite3.Connection) -> Verdict | None:
    """Look through the whole file. None: interrupted.

    `quick_check` is all there is to check: the record has no index besides its keys.
    It runs within SQLite, without Python's lock.
    """
    try:
        rows = connection.execute(f"PRAGMA quick_check({_FAULTS})").fetchall()
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        return None if code == _STOPPED else Verdict(str(error), code in _UNUSABLE)
    text = "; ".join(str(row[0]) for row in rows)
    return Verdict(text, is_corrupt=text != OK)
