"""What panels read besides the rows of a day: minutes, quarters of an hour, energy."""

from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, func, select
from sqlalchemy.exc import DatabaseError

from ppc.database.connection import connect, transaction
from ppc.database.energy import make_energy, make_energy_day
from ppc.database.minutes import QUARTER_S, begin_s, make_minutes, unmade_quarters
from ppc.database.schema import SAMPLED, TREND

_ENERGY = TREND.tables["energy"]


def fault_of_rolling_up(path: Path) -> str:
    """Give a copy of a day the tables of trend.db, so that dashboards can show it; why
    it could not be, or nothing.
    """
    try:
        connection = connect(path)
        try:
            with transaction(connection):
                _roll_up(connection)
        finally:
            connection.close()
    except (DatabaseError, OSError) as error:
        return f"{error}"
    return ""


def _roll_up(connection: Connection) -> None:
    TREND.create_all(connection)
    for index in _ENERGY.indexes:
        index.create(connection, checkfirst=True)
    for kind in SAMPLED:
        rows = TREND.tables[kind.name]
        connection.execute(make_minutes(kind, rows, since_s=0.0))
    for statement in unmade_quarters(connection):
        connection.execute(statement)
    first_s, last_s = connection.execute(
        select(func.min(_ENERGY.c.ts), func.max(_ENERGY.c.ts))
    ).one()
    if first_s is not None:
        until_s = begin_s(last_s, QUARTER_S) + QUARTER_S
        make_energy(connection, begin_s(first_s, QUARTER_S), until_s)
        day = datetime.fromtimestamp(first_s, UTC).astimezone().date()
        make_energy_day(connection, day, None)
