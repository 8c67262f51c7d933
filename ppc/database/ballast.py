"""Room that is held for a bad day: a file of no use, given up when the disk is full."""

import errno
import os
import sqlite3
from pathlib import Path

from sqlalchemy.exc import DatabaseError

NAME = "ballast"
_FULL = {errno.ENOSPC, errno.EDQUOT}


class Ballast:
    """A file of `size_bytes` that are really allotted on the disk. 0: no file."""

    def __init__(self, path: Path, size_bytes: int) -> None:
        self._path = path
        self.size_bytes = size_bytes

    def lay(self) -> None:
        """Have it there, whole. Raises OSError, and leaves nothing, where that fails.

        Also after a backup was put back, which may have made a hole of it. Where the
        file system cannot allot, the C library writes zeros: not for a busy thread.
        """
        if not self.size_bytes:
            self.drop()
            return
        self._path.parent.mkdir(parents=True, exist_ok=True)
        file = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            os.ftruncate(file, min(os.fstat(file).st_size, self.size_bytes))
            os.posix_fallocate(file, 0, self.size_bytes)
        except OSError:
            self.drop()
            raise
        finally:
            os.close(file)

    def drop(self) -> bool:
        """Give its room to others. False: it was not there.

        Removing a file needs no room, where deleting rows needs some: they are written
        to the WAL first.
        """
        try:
            self._path.unlink()
        except FileNotFoundError:
            return False
        return True


def is_full(failure: BaseException | None) -> bool:
    """Whether something failed because the disk is full.

    SQLite says SQLITE_FULL, or SQLITE_IOERR_SHMSIZE where the index of the WAL does
    not fit. Source: sqlite.org/rescode.html, from memory.
    """
    if isinstance(failure, DatabaseError):
        failure = failure.orig
    if isinstance(failure, sqlite3.Error):
        code = getattr(failure, "sqlite_errorcode", None)
        return code in {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_SHMSIZE}
    return isinstance(failure, OSError) and failure.errno in _FULL
