"""Where the last run left off: read once, before anything is written."""

import logging
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from ppc.database.daily import daily_files
from ppc.database.schema import COUNTERS, KINDS, NUMBERING

logger = logging.getLogger(__name__)

_SEQ = f"SELECT max(seq) FROM {NUMBERING.name}"  # noqa: S608
_COUNTERS = f"SELECT * FROM {COUNTERS.name}"  # noqa: S608
_NUMBERS = KINDS["energy"].numbers
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
        except (sqlite3.Error, OSError) as error:
            logger.info("%s tells no numbers: %s", path.name, error)
            continue
        seq = max(seq, found or 0)
        for device, ts, written_seq, *numbers in rows:
            if (written_seq, ts) >= newest.get(device, (0, ts)):
                newest[device] = written_seq, ts
                counters[device] = dict(zip(_NUMBERS, numbers, strict=True))
    return Resume(seq, counters)


def _open(path: Path) -> sqlite3.Connection:
    """Read only, unless a kill left what SQLite must undo first."""
    mode = "rw" if path.with_name(f"{path.name}-journal").exists() else "ro"
    uri = f"{path.absolute().as_uri()}?mode={mode}"
    return sqlite3.connect(uri, uri=True, timeout=_BUSY_S)
