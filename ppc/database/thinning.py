"""A daily file made small: its samples go, what is durable stays.

Rows are not deleted, the rest is copied: that needs little room where a disk is full,
and a file is the old one or the new one at every moment.
"""

import sqlite3
from collections.abc import Collection
from contextlib import closing
from pathlib import Path

from ppc.database.connection import address
from ppc.database.file import sync
from ppc.database.integrity import OK, check
from ppc.database.schema import KINDS

ENDING = ".thin"
"""What the name of an unfinished copy ends with."""
FINE = frozenset(kind.name for kind in KINDS.values() if not kind.durable)
"""What goes first."""
_LAST = frozenset({"events", "configurations"})
GONE: tuple[frozenset[str], ...] = (frozenset(), FINE, frozenset(KINDS) - _LAST)
"""Tables without rows, by how far a file is thinned. Energy, orders and commands go in
the second step only: events are the last to go."""


def thin(path: Path, level: int) -> Path:
    """Write what is left of a finished file beside it, onto the disk. Returns where.

    Raises sqlite3.Error and OSError, and leaves nothing then.
    """
    copy = path.with_name(path.name + ENDING)
    copy.unlink(missing_ok=True)
    try:
        with closing(sqlite3.connect(copy, isolation_level=None, uri=True)) as fresh:
            _fill(fresh, path, GONE[level])
        sync(copy)
        copy.chmod(path.stat().st_mode & 0o777)
    except BaseException:
        copy.unlink(missing_ok=True)
        raise
    return copy


def put_in_place(copy: Path, path: Path) -> None:
    """In one step, on the disk when it returns. Raises OSError."""
    copy.replace(path)
    sync(path.parent)


def remove_unfinished(directory: Path) -> None:
    """Copies that a program which died left behind."""
    for copy in directory.glob(f"*.db{ENDING}"):
        copy.unlink(missing_ok=True)


def thinned(connection: sqlite3.Connection, schema: str = "main") -> int:
    """How far a file is thinned: its content tells. 0: it has samples."""
    names = {
        name
        for name, sql in connection.execute(
            f"SELECT name, sql FROM {schema}.sqlite_schema WHERE type = 'table'"  # noqa: S608
        )
        if name in KINDS
    }
    filled = {
        name
        for name in names
        if connection.execute(
            f"SELECT EXISTS(SELECT 1 FROM {schema}.{name})"  # noqa: S608
        ).fetchone()[0]
    }
    return max(level for level, gone in enumerate(GONE) if not filled & gone)


def _fill(fresh: sqlite3.Connection, path: Path, gone: Collection[str]) -> None:
    """Whatever tables the file has, of this version or an older one."""
    fresh.execute("ATTACH DATABASE ? AS day", (address(path, over=True),))
    for pragma in ("journal_mode=OFF", "synchronous=OFF"):
        fresh.execute(f"PRAGMA {pragma}")
    fresh.execute("BEGIN")
    made = fresh.execute(
        "SELECT type, name, sql FROM day.sqlite_schema WHERE sql IS NOT NULL "
        "AND name NOT LIKE 'sqlite_%' ORDER BY type = 'table' DESC"
    ).fetchall()
    for kind, name, sql in made:
        fresh.execute(sql)
        if kind == "table" and name not in gone:
            fresh.execute(f'INSERT INTO main."{name}" SELECT * FROM day."{name}"')  # noqa: S608
    for pragma in ("user_version", "application_id"):
        ((number,),) = fresh.execute(f"PRAGMA day.{pragma}").fetchall()
        fresh.execute(f"PRAGMA main.{pragma}={number}")
    fresh.execute("COMMIT")
    fresh.execute("DETACH DATABASE day")
    verdict = check(fresh)
    if verdict is None or verdict.text != OK:
        raise sqlite3.DatabaseError(f"the copy is not whole: {verdict}")
