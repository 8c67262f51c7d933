"""From rows to minutes: the statements."""

from math import inf

from sqlalchemy import Insert, Integer, Table, and_, cast, func, insert, select

from ppc.database.retention import MINUTE_S
from ppc.database.schema import FIGURES, MINUTES, TREND, Kind


def make_minutes(
    kind: Kind, raw: Table, *, since_s: float, until_s: float = inf
) -> Insert:
    """Make the minutes of the rows in `raw` from `since_s` to before `until_s` [Unix].

    Minutes that are there already are replaced: `since_s` is taken back to a whole
    minute, `until_s` must be one.
    """
    minutes = TREND.tables[kind.name + MINUTES]
    minute = (cast(raw.c.ts / MINUTE_S, Integer) * MINUTE_S).label("minute")
    key = [raw.c[name] for name in kind.key]
    figures = [
        getattr(func, figure)(raw.c[name]).label(f"{name}_{figure}")
        for name in kind.numbers
        for figure in FIGURES
    ]
    rows = (
        select(minute, *key, func.count().label("samples_count"), *figures)
        .where(raw.c.ts >= since_s // MINUTE_S * MINUTE_S, raw.c.ts < until_s)
        .group_by(minute, *key)
    )
    if kind.texts:
        made = rows.add_columns(func.max(raw.c.ts).label("last_s")).subquery()
        same = (raw.c.ts == made.c.last_s, *(c == made.c[c.name] for c in key))
        rows = select(
            *(column for column in made.c if column.name != "last_s"),
            *(raw.c[name] for name in kind.texts),
        ).join(raw, and_(*same))
    return insert(minutes).prefix_with("OR REPLACE").from_select(list(minutes.c), rows)
