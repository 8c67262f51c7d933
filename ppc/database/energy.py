"""Energy by quarters of an hour and by local days, out of counters: the statements.

Counters only grow. What was counted between two readings of a device, in the order they
were handed in, is that much energy; a counter that is less than before began anew from
zero. Nothing is counted twice when the clock steps: the order is not that of time.
"""

from collections.abc import Collection, Iterable
from datetime import date, datetime, time, timedelta, tzinfo

from sqlalchemy import Connection, text

from ppc.database.minutes import QUARTER_S, begin_s, spans
from ppc.database.schema import ENERGY_DAYS, ENERGY_QUARTERS, KINDS

_NUMBERS = KINDS["energy"].numbers
_STEPS = ", ".join(
    f"now.{name} - iif(now.{name} >= before.{name}, before.{name}, 0) AS {name}"
    for name in _NUMBERS
)
_SHARES = ", ".join(f"sum({name} * share)" for name in _NUMBERS)
_SUMS = ", ".join(f"sum({name})" for name in _NUMBERS)

_MAKE_QUARTERS = text(
    f"""
    INSERT OR REPLACE INTO {ENERGY_QUARTERS.name}
    WITH step AS (
        SELECT now.device, before.ts AS t0, now.ts AS t1, {_STEPS},
            CAST(now.ts / {QUARTER_S} AS INTEGER) * {QUARTER_S} AS quarter
        FROM energy AS now JOIN energy AS before ON before.device = now.device
        AND before.seq = (
            SELECT max(seq) FROM energy AS older
            WHERE older.device = now.device AND older.seq < now.seq
        )
        WHERE now.ts >= :since_s AND now.ts < :until_s + {QUARTER_S}
    ),
    part AS (
        SELECT *, quarter AS ts, iif(
            t0 < quarter AND t1 - t0 <= {QUARTER_S}, (t1 - quarter) / (t1 - t0), 1
        ) AS share FROM step
        UNION ALL
        SELECT *, quarter - {QUARTER_S}, (quarter - t0) / (t1 - t0) FROM step
        WHERE t0 < quarter AND t1 - t0 <= {QUARTER_S}
    )
    SELECT ts, device, {_SHARES} FROM part
    WHERE ts >= :since_s AND ts < :until_s GROUP BY ts, device
    """  # noqa: S608 (names of the schema)
)
_MAKE_DAY = text(
    f"""
    INSERT OR REPLACE INTO {ENERGY_DAYS.name}
    SELECT :day, device, :since_s, {_SUMS} FROM {ENERGY_QUARTERS.name}
    WHERE ts >= :since_s AND ts < :until_s GROUP BY device
    """  # noqa: S608 (names of the schema)
)
_AFTER = text(
    """
    SELECT DISTINCT later.ts FROM (
        SELECT device, max(seq) AS seq FROM energy
        WHERE ts >= :since_s AND ts < :until_s GROUP BY device
    ) AS last JOIN energy AS later ON later.device = last.device
    AND later.seq = (
        SELECT min(seq) FROM energy
        WHERE energy.device = last.device AND energy.seq > last.seq
    )
    """
)


def make_energy(connection: Connection, since_s: int, until_s: int) -> None:
    """Make the quarters from `since_s` to before `until_s`, both whole quarters [Unix].

    Between two readings at most a quarter apart power is taken for constant; what was
    counted over a longer time is that of the quarter it was read in.
    """
    connection.execute(_MAKE_QUARTERS, {"since_s": since_s, "until_s": until_s})


def make_energy_of(
    connection: Connection, quarters_s: Collection[int], zone: tzinfo | None
) -> None:
    """Make some quarters, and the days they are of."""
    for since_s, until_s in spans(quarters_s, QUARTER_S):
        make_energy(connection, since_s, until_s)
    for day in {datetime.fromtimestamp(q, zone).date() for q in quarters_s}:
        make_energy_day(connection, day, zone)


def make_energy_day(connection: Connection, day: date, zone: tzinfo | None) -> None:
    """Make a local day out of its quarters: midnight is the beginning of one."""
    since_s, until_s = day_span_s(day, zone)
    span = {"since_s": since_s, "until_s": until_s}
    connection.execute(_MAKE_DAY, {"day": day.isoformat(), **span})


def readings_after(
    connection: Connection, since_s: float, until_s: float
) -> list[float]:
    """Times of the first readings that were handed in after those of a stretch of time:
    what they counted begins with the last of them.
    """
    span = {"since_s": since_s, "until_s": until_s}
    return list(connection.execute(_AFTER, span).scalars())


def quarters_of(times_s: Iterable[float]) -> set[int]:
    """Beginnings of the quarters that readings tell of: those they were made in, and
    the ones before, where what they count may have begun.
    """
    begins_s = {begin_s(time_s, QUARTER_S) for time_s in times_s}
    return begins_s | {quarter_s - QUARTER_S for quarter_s in begins_s}


def day_span_s(day: date, zone: tzinfo | None) -> tuple[int, int]:
    """When a local date begins and ends [Unix]: 23, 24 or 25 hours. Zone None: the
    machine's.
    """
    begins = (
        datetime.combine(midnight, time(), zone).timestamp()
        for midnight in (day, day + timedelta(days=1))
    )
    since_s, until_s = map(int, begins)
    return since_s, until_s
