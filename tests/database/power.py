"""A disk whose power is cut: what is left of what a program did to a folder.

Told by the log of `disk_shim.c`. What was synced is there. Of what was not, any sector
may be there or not; of names, as a journal of the file system keeps them, those changed
first, up to any point: creating, removing and renaming last once the folder is synced.
"""

import random
import struct
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

SECTOR = 512
_HEAD = struct.Struct("<c3xIQQ")


class Deed(NamedTuple):
    what: str
    name: str
    offset: int
    data: bytes


def deeds(log: Path) -> Iterator[Deed]:
    """What was done, in order."""
    with log.open("rb") as file:
        while head := file.read(_HEAD.size):
            what, name_size, offset, data_size = _HEAD.unpack(head)
            name = file.read(name_size).decode()
            yield Deed(what.decode(), name, offset, file.read(data_size))


class _File:
    def __init__(self) -> None:
        self.synced = bytearray()
        self.pending: list[Deed] = []

    def sync(self) -> None:
        for deed in self.pending:
            if deed.what == "t":
                _truncate(self.synced, deed.offset)
            else:
                _write(self.synced, deed.offset, deed.data)
        self.pending = []

    def left(self, pick: random.Random, share: float) -> bytearray:
        """After a cut, of what was not synced about a share."""
        content = bytearray(self.synced)
        for deed in self.pending:
            if deed.what == "t":
                if pick.random() < share:
                    _truncate(content, deed.offset)
                continue
            for begin, end in pairwise(_sectors(deed.offset, len(deed.data))):
                if pick.random() < share:
                    part = deed.data[begin - deed.offset : end - deed.offset]
                    _write(content, begin, part)
        return content


class Disk:
    """Names and files, as synced and as they are."""

    def __init__(self) -> None:
        self._files: dict[str, _File] = {}
        self._synced: dict[str, _File] = {}
        self._pending: list[tuple[Deed, _File | None]] = []
        """What happened to names since the folder was synced."""

    def do(self, deed: Deed) -> None:
        if deed.what in "wt":
            self._files[deed.name].pending.append(deed)
        elif deed.what == "s" and deed.name:
            self._files[deed.name].sync()
        elif deed.what == "s":
            self._synced, self._pending = dict(self._files), []
        elif deed.what != "c" or deed.name not in self._files:
            file = _File() if deed.what == "c" else self._files.get(deed.name)
            self._pending.append((deed, file))
            _rename(self._files, deed, file)

    def cut(self, folder: Path, pick: random.Random) -> None:
        """Make the folder as it may be found when the power is back."""
        share = pick.choice((0.0, 0.5, 0.9, 1.0))
        names = dict(self._synced)
        for deed, file in self._pending[: pick.randint(0, len(self._pending))]:
            _rename(names, deed, file)
        folder.mkdir()
        for name, file in names.items():
            if not name.endswith("-shm"):
                (folder / name).write_bytes(file.left(pick, share))


def _rename(names: dict[str, _File], deed: Deed, file: _File | None) -> None:
    names.pop(deed.name, None)
    if file is None or deed.what == "u":
        return
    names[deed.name if deed.what == "c" else deed.data.decode()] = file


def _sectors(offset: int, size: int) -> list[int]:
    """Where each begins, and the end."""
    first = offset // SECTOR * SECTOR + SECTOR
    return [offset, *range(first, offset + size, SECTOR), offset + size]


def _write(content: bytearray, offset: int, data: bytes) -> None:
    if len(content) < offset:
        content.extend(bytes(offset - len(content)))
    content[offset : offset + len(data)] = data


def _truncate(content: bytearray, size: int) -> None:
    content.extend(bytes(max(0, size - len(content))))
    del content[size:]
