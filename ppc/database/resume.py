"""Where the last run left off: read once, before anything is written."""

import logging
import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

from ppc.database.connection import address
from ppc.database.daily import daily_files
from ppc.database.schema import COUNTERS, KINDS, NUMBERING

logger = logging.getLogger(__name__)

_SEQ = f"SELECT max(seq) FROM {NUMBERING.name}"  # noqa: S608
_COUNTERS = f"SELECT * FROM {COUNTERS.name}"  # noqa: S608
_NUMBERS = KINDS["energy"].numbers
_LAST_S = 90.0
_READINGS = (
    f"SELECT device, ts, seq, {', '.join(_NUMBERS)} FROM energy "  # noqa: S608
    f"WHERE ts >= (SELECT max(ts) FROM energy) - {_LAST_S}"
)
"""The last of every device: there is one a minute."""
_BUSY_S = 1.0


class Resume(NamedTuple):
    """What goes on where it was."""

    seq: int
    """The last number used up."""
    counters: Mapping[str, Mapping[str, float | None]]
    """Energy counted so far, by device; names as in `energy`."""


def read_resume(directory: Path) -> Resume:
    """Ask every daily file: after steps of the clock the last is not the newest.

    A file that cannot be read, or has no numbers yet, is left out.
    """
    seq = 0
    newest: dict[str, tuple[int, float]] = {}
    counters: dict[str, dict[str, float | None]] = {}
    for path in daily_files(directory):
        try:
            with closing(_open(path)) as connection:
                ((found,),) = connection.execute(_SEQ).fetchall()
                rows = connection.execute(_COUNTERS).fetchall()
                readings = connection.execute(_READINGS).fetchall()
        except (sqlite3.Error, OSError) as error:
            logger.info("%s tells no numbers: %s", path.name, error)
            continue
        seq = max(seq, found or 0)
        found_here = _newest_of(rows, readings)
        for device, (at, numbers) in found_here.items():
            if at >= newest.get(device, at):
                newest[device], counters[device] = at, numbers
    return Resume(seq, counters)


def _newest_of(
    counters: Iterable[tuple[Any, ...]], readings: Iterable[tuple[Any, ...]]
) -> dict[str, tuple[tuple[int, float], dict[str, float | None]]]:
    """Of one file, by device: number and time, and its counters. On a full disk
    readings are written where counters are not: of both the greater, they only grow.
    """
    found: dict[str, tuple[tuple[int, float], dict[str, float | None]]] = {}
    for device, ts, seq, *numbers in (*counters, *readings):
        told = dict(zip(_NUMBERS, numbers, strict=True))
        at, before = found.get(device, ((seq, ts), told))
        known = ((name, (told[name], before[name])) for name in _NUMBERS)
        greatest = {
            name: max((v for v in values if v is not None), default=None)
            for name, values in known
        }
        found[device] = max(at, (seq, ts)), greatest
    return found


def _open(path: Path) -> sqlite3.Connection:
    """Read only, unless a kill left what SQLite must undo first."""
    left = path.with_name(f"{path.name}-journal").exists()
    uri = address(path, "rw" if left else "ro")
    return sqlite3.connect(uri, uri=True, timeout=_BUSY_S)
