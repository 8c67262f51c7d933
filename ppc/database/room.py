"""How much room the record takes, and how much is left."""

import os
from contextlib import suppress
from pathlib import Path

_BLOCK_BYTES = 512
"""What `st_blocks` counts in, whatever the file system. Source: stat(2)."""


def used_bytes(directory: Path) -> int:
    """What the files of a folder take on the disk. 0: there is no folder."""
    total_bytes = 0
    with suppress(FileNotFoundError), os.scandir(directory) as entries:
        for entry in entries:
            with suppress(FileNotFoundError):  # gone meanwhile
                total_bytes += entry.stat(follow_symlinks=False).st_blocks
    return total_bytes * _BLOCK_BYTES


def free_bytes(directory: Path) -> int:
    """What is left on its file system for programs without privileges.

    Raises OSError: there is no such folder.
    """
    status = os.statvfs(directory)
    return status.f_bavail * status.f_frsize
