"""What a target has acknowledged: hand-ins by number, and files that are done."""

import json
import os
from bisect import bisect_right
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

_VERSION = 1

Mark = list[int]
"""Tells whether a file is still the one that was done."""


class Ranges:
    """Whole numbers, as stretches from the first to the last: mostly one or two."""

    def __init__(self, stretches: Iterable[tuple[int, int]] = ()) -> None:
        self._firsts: list[int] = []
        self._lasts: list[int] = []
        for first, last in sorted(stretches):
            self._append(first, last)

    def __contains__(self, number: int) -> bool:
        at = bisect_right(self._firsts, number) - 1
        return at >= 0 and number <= self._lasts[at]

    def add(self, numbers: Iterable[int]) -> None:
        """Numbers in any order, also such that are there; 0 is none."""
        stretches = self.stretches
        for number in sorted(set(numbers) - {0}):
            if stretches and stretches[-1][1] == number - 1:
                stretches[-1] = (stretches[-1][0], number)
            else:
                stretches.append((number, number))
        self._firsts, self._lasts = [], []
        for first, last in sorted(stretches):
            self._append(first, last)

    @property
    def stretches(self) -> list[tuple[int, int]]:
        return list(zip(self._firsts, self._lasts, strict=True))

    @property
    def last(self) -> int:
        """The greatest; 0: there are none."""
        return self._lasts[-1] if self._lasts else 0

    def _append(self, first: int, last: int) -> None:
        if self._lasts and first <= self._lasts[-1] + 1:
            self._lasts[-1] = max(self._lasts[-1], last)
        else:
            self._firsts.append(first)
            self._lasts.append(last)


class Cursor:
    """Kept in a small file. Losing it is harmless: everything is sent again, and the
    same points are the same points.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self.ranges = Ranges()
        self._files: dict[str, Mark] = {}
        with suppress(OSError, ValueError, LookupError, TypeError, AttributeError):
            told = json.loads(path.read_text(encoding="utf-8"))
            if told["version"] == _VERSION:
                self.ranges = Ranges((first, last) for first, last in told["numbers"])
                self._files = {str(k): list(v) for k, v in told["files"].items()}
        self._dirty = False

    def clear(self) -> None:
        """Nothing was acknowledged."""
        self.ranges = Ranges()
        self._files = {}
        self._dirty = True

    def acknowledge(self, numbers: Iterable[int]) -> None:
        """The target has these hand-ins."""
        self.ranges.add(numbers)
        self._dirty = True

    def is_done(self, path: Path) -> bool:
        """Whether all of a finished file was acknowledged, as it is now."""
        return self._files.get(path.name) == mark(path)

    def finish_file(self, path: Path, as_it_was: Mark) -> None:
        self._files[path.name] = as_it_was
        self._dirty = True

    def save(self) -> None:
        """Onto the disk, when there is news. Raises OSError."""
        if not self._dirty:
            return
        self._path.parent.mkdir(parents=True, exist_ok=True)
        directory = self._path.parent.parent
        told: dict[str, Any] = {
            "version": _VERSION,
            "numbers": self.ranges.stretches,
            "files": {k: v for k, v in self._files.items() if (directory / k).exists()},
        }
        fresh = self._path.with_name(f"{self._path.name}.new")
        with fresh.open("w", encoding="utf-8") as file:
            json.dump(told, file)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self._path)
        self._dirty = False


def mark(path: Path) -> Mark:
    """Inode, size and time of a file; nothing when it is gone."""
    with suppress(OSError):
        told = path.stat()
        return [told.st_ino, told.st_size, told.st_mtime_ns]
    return []
