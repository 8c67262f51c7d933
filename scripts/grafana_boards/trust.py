"""SQL of how far the record can be trusted."""

from grafana_boards.statements import PLANT_MS, SHOWN, STEP, tier_of
from ppc.database.schema import KINDS

_GAP_S = 90
_COUNTED_S = 900

DAYS = (
    "SELECT day, t0 * 1000.0 AS first_ms, t1 * 1000.0 AS last_ms, rows AS rows_count,\n"
    "bytes AS size_bytes, integrity, thinned,\n"
    "CASE WHEN seq_first > lag(seq_last) OVER (ORDER BY day)\n"
    "THEN seq_first - lag(seq_last) OVER (ORDER BY day) - 1 END AS lost_count, file\n"
    "FROM days ORDER BY day DESC LIMIT 400"
)
"""`lost_count`: numbers between the days that no row has."""

LOST = (
    "SELECT max(seq) - min(seq) + 1 - count(DISTINCT seq) AS lost_count FROM (\n"
    + "\nUNION ALL ".join(
        f"SELECT seq FROM {name} WHERE "
        f"ts >= max($__from / 1000.0, $__to / 1000.0 - {_COUNTED_S}) "
        "AND ts <= $__to / 1000.0"
        for name, kind in KINDS.items()
        if name != "configurations"
    )
    + ")"
)
"""Hand-ins of the end of the range of which no table has a row."""


def _gaps(columns: str, tail: str) -> str:
    """Over long ranges by the rows of energy, one a minute: an index has all that is
    needed of them. `+ts`, so that SQLite takes it.
    """
    rows = f"SELECT ts FROM tier CROSS JOIN poi WHERE n = 0 AND {SHOWN}"
    minutes = f"SELECT ts FROM tier CROSS JOIN poi_1m WHERE n = 1 AND {SHOWN}"
    counted = (
        "SELECT ts FROM tier CROSS JOIN energy WHERE n = 2 AND device = 'poi' "
        f"AND {SHOWN.replace('ts', '+ts')}"
    )
    return (
        f"WITH {tier_of('poi', PLANT_MS)},\nseen(ts) AS ({rows}\nUNION ALL {minutes}\n"
        f"UNION ALL {counted}),\n"
        "pairs AS (SELECT ts, lead(ts) OVER (ORDER BY ts) AS later FROM seen)\n"
        f"SELECT {columns} FROM pairs WHERE later - ts > {_GAP_S}\n{tail}"
    )


GAPS = _gaps(
    "ts * 1000.0 AS first_ms, later * 1000.0 AS last_ms, later - ts AS gap_s",
    "ORDER BY ts DESC LIMIT 200",
)
GAPS_MARKED = _gaps(
    "ts AS time, later AS timeEnd, 'nothing was recorded' AS text, 'gap' AS tags",
    "ORDER BY ts LIMIT 200",
)

CLOCK = (
    f"SELECT cast(ts / {STEP} AS int) * {STEP} AS time, min(clock) AS clock FROM (\n"
    f"SELECT ts, clock FROM cycles WHERE $__interval_ms < {PLANT_MS} AND {SHOWN}\n"
    f"UNION ALL SELECT ts, clock FROM energy WHERE $__interval_ms >= {PLANT_MS}\n"
    f"AND device = 'poi' AND {SHOWN}) GROUP BY 1 ORDER BY 1"
)
"""Whether the clock was trusted all the time; over long ranges by the rows of energy,
one a minute, for they are kept longer."""
