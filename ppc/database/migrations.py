"""Files of older versions brought to the form of today, no row lost.

A version is a number in the file (PRAGMA user_version). Every step from one to the next
says what its tables cannot tell by themselves; the tables are then copied once, however
many steps there are.
"""

from collections.abc import Mapping
from typing import NamedTuple

from sqlalchemy import Connection, MetaData, Table
from sqlalchemy.schema import CreateTable

from ppc.database.schema import VERSION

_OLD = "old_"


class Step(NamedTuple):
    """From one version to the next."""

    given: Mapping[str, str]
    """What rows of before have in columns that are new, as SQL. Others are NULL."""


STEPS = {2: Step(given={"seq": "0", "number": "0", "state": "'issued'"})}
"""By the version they begin with. From 2 to 3 rows are numbered: 0 is what rows of
before have, whose times and names are different already; whether their clock was
trusted is not known.
"""


class UnknownVersionError(ValueError):
    """A file that a newer program wrote, or one too old for us."""


def check(version: int, name: str) -> None:
    """Raises UnknownVersionError, unless the file can be brought up or needs not."""
    if version not in (0, VERSION, *STEPS):
        oldest = min(STEPS)
        raise UnknownVersionError(
            f"{name} is of version {version}: this program knows {oldest} to {VERSION}"
        )


def migrate(connection: Connection, metadata: MetaData, version: int) -> None:
    """Make the tables those of `metadata`, in a transaction. Version 0: none."""
    given: dict[str, str] = {}
    for number in range(version or VERSION, VERSION):
        given |= STEPS[number].given
    for table in metadata.sorted_tables:
        old = _columns(connection, table.name)
        if not old:
            table.create(connection)
        elif old != table.c.keys():
            _copy(connection, table, old, given)
    connection.exec_driver_sql(f"PRAGMA user_version={VERSION}")


def _columns(connection: Connection, table: str) -> list[str]:
    rows = connection.exec_driver_sql("SELECT name FROM pragma_table_info(?)", (table,))
    return list(rows.scalars())


def _copy(
    connection: Connection, table: Table, old: list[str], given: Mapping[str, str]
) -> None:
    """Names are ours: those of the schema and of the steps."""
    new = table.c.keys()
    known = {name: name for name in old}
    columns = [name for name in new if name in known or name in given]
    values = [known.get(name) or given[name] for name in columns]
    connection.exec_driver_sql(f"ALTER TABLE {table.name} RENAME TO {_OLD}{table.name}")
    connection.execute(CreateTable(table))
    connection.exec_driver_sql(
        f"INSERT INTO {table.name} ({', '.join(columns)})"  # noqa: S608
        f" SELECT {', '.join(values)} FROM {_OLD}{table.name}"
    )
    connection.exec_driver_sql(f"DROP TABLE {_OLD}{table.name}")
