"""Copies of files that others write meanwhile: whole, sound, and there at once."""

import os
import shutil
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

from ppc.database.daily import CURRENT, daily_files, is_finished
from ppc.database.day_as_trend import fault_of_rolling_up
from ppc.database.file import has_wal, sync
from ppc.database.schema import DAY
from ppc.database.store import fault_of_bringing_up
from ppc.database.trend import NAME as TREND_NAME
from ppc.history.day_file import DayFile, Unreadable, connect, telling
from ppc.history.survey import size_bytes

INSPECTED = "inspect.db"
"""The day that is looked at, beside the record."""
_PAGES = 2000
"""Copied at once: 8 MB with pages of the usual 4096 bytes."""
_READ_ONLY = 0o444
_SPARE_BYTES = 16 << 20
"""What is to be left on the disk of the copies."""

Tell = Callable[[int], None]
"""Hears of bytes that are done."""


class NoSpace(Exception):
    """The copies would not fit where they are to go."""


def to_back_up(directory: Path, target: Path, days: int | None) -> list[Path]:
    """Files whose copies are lacking in `target` or differ: the newest days, trend.db.

    A finished file is the same when its size and its time are; a live one never is.
    """
    files = daily_files(directory)
    files = files[-days:] if days is not None else files
    trend = directory / TREND_NAME
    wanted = [*files, trend] if trend.exists() else files
    return [path for path in wanted if not _is_copied(path, target / path.name)]


def check_space(files: Sequence[Path], target: Path) -> int:
    """Bytes that will be copied. Raises NoSpace, OSError."""
    needed = sum(size_bytes(path) for path in files)
    free = shutil.disk_usage(target).free
    if files and needed + _SPARE_BYTES > free:
        raise NoSpace(
            f"{target} has {free / 1e6:.0f} MB left, {needed / 1e6:.0f} MB are needed"
        )
    return needed


def back_up(path: Path, target: Path, tell: Tell = lambda _: None) -> None:
    """Copy one file into a directory; verified before it takes its place.

    Raises Unreadable.
    """
    told = path.stat()
    is_day = path.name != TREND_NAME
    copy(path, target / path.name, tell, is_day=is_day)
    if is_finished(path):
        with telling(target / path.name):
            os.utime(target / path.name, ns=(told.st_atime_ns, told.st_mtime_ns))


def load(path: Path, tell: Tell = lambda _: None) -> Path:
    """Make `inspect.db` the copy of a daily file: for reading at full rate, with
    what dashboards read besides, and also of an older version in the form of today.

    What reads the former one goes on doing so until it opens the file anew.
    Raises Unreadable.
    """
    target = path.with_name(INSPECTED)
    copy(path, target, tell, is_day=True, bring_up=True)
    return target


def day_named(directory: Path, name: str) -> Path | None:
    """The daily file of `2026-11-21`, `2026_11_21` or `today`, if there is one."""
    if name == "today":
        path = (directory / CURRENT).resolve()
    else:
        stem = Path(name).name.removesuffix(".db").replace("-", "_")
        path = directory / f"{stem}.db"
    return path if path in daily_files(path.parent) else None


def copy(
    path: Path, target: Path, tell: Tell, *, is_day: bool, bring_up: bool = False
) -> None:
    """A consistent copy, read-only and without a WAL. Raises Unreadable."""
    if is_day:
        DayFile(path).close()
    part = target.with_name(f".{target.name}.part")
    try:
        with telling(path), closing(connect(path)) as source:
            _copy_pages(source, part, tell)
        with telling(part):
            if has_wal(part):
                raise Unreadable(part, "its WAL does not go")
        if bring_up and (
            fault := fault_of_bringing_up(part, DAY) or fault_of_rolling_up(part)
        ):
            raise Unreadable(path, fault)
        _verify(part, path)
        with telling(target):
            sync(part)
            part.chmod(_READ_ONLY)
            part.replace(target)
            sync(target.parent)
    finally:
        part.unlink(missing_ok=True)


def _copy_pages(source: sqlite3.Connection, part: Path, tell: Tell) -> None:
    """Within one transaction: what is written meanwhile is not in it.

    A step for some pages only, so that progress can be told.
    """
    part.unlink(missing_ok=True)
    source.execute("BEGIN")
    source.execute("SELECT 1 FROM sqlite_schema").fetchone()  # only now it begins
    page_bytes = source.execute("PRAGMA page_size").fetchone()[0]
    done = 0

    def progress(_: int, remaining: int, total: int) -> None:
        nonlocal done
        tell((total - remaining - done) * page_bytes)
        done = total - remaining

    with closing(sqlite3.connect(part, isolation_level=None)) as copied:
        source.backup(copied, pages=_PAGES, progress=progress)
        copied.execute("PRAGMA journal_mode=DELETE")


def _verify(part: Path, path: Path) -> None:
    with telling(path), closing(connect(part)) as copied:
        (found,) = copied.execute("PRAGMA quick_check(1)").fetchone()
    if found != "ok":
        raise Unreadable(path, f"the copy is not sound: {found}")


def _is_copied(path: Path, copied: Path) -> bool:
    if not copied.exists() or not is_finished(path):
        return False
    ours, theirs = path.stat(), copied.stat()
    return (ours.st_size, ours.st_mtime_ns) == (theirs.st_size, theirs.st_mtime_ns)
