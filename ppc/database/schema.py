"""Tables of the record. Columns have the names of `ppc.keys` where there is one.

Times `ts` are Unix seconds, UTC, as REAL: what Grafana reads without conversion.
"""

from sqlalchemy import Column, Float, Integer, MetaData, Table, Text

from ppc.keys import Key

VERSION = 1
"""PRAGMA user_version of every file written."""

SIGNALS: dict[str, tuple[str, ...]] = {
    "poi": (Key.V_V, Key.F_HZ, Key.P_W, Key.Q_VAR),
    "bess": (
        Key.P_W,
        Key.Q_VAR,
        Key.SOC_PU,
        Key.P_AVAILABLE_W,
        Key.P_AVAILABLE_MIN_W,
        Key.STATE_CODE,
        Key.P_SET_W,
        Key.Q_SET_VAR,
    ),
    "pv": (
        Key.P_W,
        Key.Q_VAR,
        Key.P_AVAILABLE_W,
        Key.STATE_CODE,
        Key.P_SET_W,
        Key.Q_SET_VAR,
    ),
}
"""What is sampled, by kind of equipment."""


def _samples(metadata: MetaData, kind: str) -> Table:
    return Table(
        kind,
        metadata,
        Column("device", Text, primary_key=True),
        Column("ts", Float, primary_key=True),
        *(Column(str(name), Float) for name in SIGNALS[kind]),
        Column("quality", Integer, nullable=False),
        sqlite_with_rowid=False,
    )


def _minutes(metadata: MetaData, kind: str) -> Table:
    return Table(
        f"{kind}_1m",
        metadata,
        Column("device", Text, primary_key=True),
        Column("ts", Integer, primary_key=True),
        *(
            Column(f"{name}_{what}", Float)
            for name in SIGNALS[kind]
            for what in ("avg", "min", "max")
        ),
        sqlite_with_rowid=False,
    )


def _log(metadata: MetaData, name: str, *columns: Column[object]) -> Table:
    """Rows that happen, in the order they happened."""
    return Table(
        name,
        metadata,
        Column("id", Integer, primary_key=True),
        Column("ts", Float, nullable=False, index=True),
        *columns,
    )


def _numbers(*names: str) -> list[Column[object]]:
    return [Column(name, Float) for name in names]


def _texts(*names: str) -> list[Column[object]]:
    return [Column(name, Text) for name in names]


def _logs(metadata: MetaData) -> None:
    _log(
        metadata,
        "decisions",
        *_numbers("p_w", "q_var", "p_units_w", "q_units_var"),
        *_numbers("p_shortfall_w", "q_shortfall_var"),
        *_numbers("p_order_w", "q_order_var", "v_order_pu"),
        *_texts("p_limited_by", "q_limited_by", "modes"),
    )
    _log(metadata, "commands", *_texts("device"), *_numbers("p_set_w", "q_set_var"))
    _log(metadata, "events", *_texts("severity", "source", "text"))
    _log(
        metadata,
        "cycles",
        *_numbers("late_p50_s", "late_max_s"),
        *_numbers("acknowledged_p50_s", "acknowledged_max_s", "meter_in_time_pu"),
        *_numbers("missed_count", "incomplete_count", "dropped_count"),
    )


DAY = MetaData()
"""A file of one day: the record."""
TREND = MetaData()
"""trend.db: what panels read, over any range."""
for _kind in SIGNALS:
    _samples(DAY, _kind)
    _samples(TREND, _kind)
    _minutes(TREND, _kind)
_logs(DAY)
_logs(TREND)
Table(
    "days",
    TREND,
    Column("day", Text, primary_key=True),
    Column("file", Text, nullable=False),
    Column("t0", Float),
    Column("t1", Float),
    Column("rows", Integer),
)
