"""A file of the record as a file: its header, its name, what is beside it.

A file that this process has open in SQLite must not be opened here: where any
descriptor of a file is closed, POSIX takes all locks on it from the process. Without
its lock somebody who opens the file with a tool, and closes it, takes the WAL away that
is being written.
Source: sqlite.org/howtocorrupt.html, 2.2, from memory.
"""

import logging
import os
from pathlib import Path

logger = logging.getLogger(__name__)

_BESIDE = ("-wal", "-shm", "-journal")


def is_whole(path: Path) -> bool:
    """Whether all is in the file itself, so that who may only read can open it."""
    return not has_wal(path) and not path.with_name(f"{path.name}-journal").exists()


def has_wal(path: Path) -> bool:
    """Whether the file is in WAL mode: bytes 18 and 19 of its header say so.

    Source: SQLite file format, 1.3.3, from memory.
    """
    with path.open("rb") as file:
        return file.read(20)[18:20] == b"\x02\x02"


def sync(path: Path) -> None:
    """Have a file, or the names in a folder, on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def remove(path: Path) -> None:
    """Delete a file and what SQLite keeps beside it."""
    for ending in ("", *_BESIDE):
        path.with_name(path.name + ending).unlink(missing_ok=True)


def take_place(fresh: Path, path: Path) -> None:
    """Give a whole file the name of another that is written, which goes.

    Who writes there may begin it anew in between: that goes as well, so that what is
    there in the end is never beside the WAL of another.
    """
    while True:
        remove(path)
        try:
            path.hardlink_to(fresh)
        except FileExistsError:
            continue
        except OSError:  # a file system that has no links
            fresh.replace(path)
        else:
            fresh.unlink()
        return


def set_aside(path: Path, why: str, reason: str) -> Path:
    """Give it and what is beside it another name, and say so. Returns the name."""
    number = 1
    while (aside := path.with_name(f"{path.name}.{why}-{number}")).exists():
        number += 1
    path.rename(aside)
    for ending in _BESIDE:
        beside = path.with_name(path.name + ending)
        if beside.exists():
            os.replace(beside, aside.with_name(aside.name + ending))  # noqa: PTH105
    logger.error("%s set aside as %s: %s", path.name, aside.name, reason)
    return aside
