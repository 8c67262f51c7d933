"""Tables of the record. Columns have the names of `ppc.keys` where there is one.

Times `ts` are Unix seconds, UTC, as REAL: what Grafana reads without conversion. Every
row has a natural key that begins with its time, so writing it twice is writing it once,
and a table is read, thinned out and pruned in the order of time.
"""

from typing import NamedTuple

from sqlalchemy import Column, Float, Integer, MetaData, Table, Text

from ppc.keys import Key

VERSION = 2
"""PRAGMA user_version of every file written."""

MINUTES = "_1m"
"""What the name of a table of minutes ends with."""
FIGURES = ("avg", "min", "max")
"""What a minute keeps of a number."""


class Kind(NamedTuple):
    """One kind of rows."""

    name: str
    key: tuple[str, ...]
    """Columns besides `ts` that tell rows apart."""
    numbers: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()


_MEASURED = (Key.P_W, Key.Q_VAR)
_SET = (Key.P_SET_W, Key.Q_SET_VAR, "quality")

_KINDS = (
    Kind("poi", ("device",), (Key.V_V, Key.F_HZ, *_MEASURED, "quality")),
    Kind(
        "bess",
        ("device",),
        (
            *(*_MEASURED, Key.SOC_PU, Key.P_AVAILABLE_W, Key.P_AVAILABLE_MIN_W),
            *(Key.STATE_CODE, *_SET),
        ),
    ),
    Kind("pv", ("device",), (*_MEASURED, Key.P_AVAILABLE_W, Key.STATE_CODE, *_SET)),
    Kind(
        "decisions",
        (),
        (
            *("p_w", "q_var", "p_units_w", "q_units_var"),
            *(Key.P_SHORTFALL_W, Key.Q_SHORTFALL_VAR),
            *("p_order_w", "q_order_var", "v_order_pu"),
        ),
        ("p_limited_by", "q_limited_by", "modes"),
    ),
    Kind("commands", ("device",), (Key.P_SET_W, Key.Q_SET_VAR)),
    Kind("events", ("source", "text"), (), ("severity",)),
    Kind(
        "cycles",
        (),
        (
            *("late_p50_s", "late_max_s", "acknowledged_p50_s", "acknowledged_max_s"),
            *("meter_in_time_pu", "missed_count", "incomplete_count", "dropped_count"),
        ),
    ),
)
KINDS = {kind.name: kind for kind in _KINDS}
"""All that is recorded."""
SAMPLED = tuple(KINDS[name] for name in ("poi", "bess", "pv", "decisions", "cycles"))
"""What comes every second or so, and is rolled up into minutes."""
IN_TREND = (*SAMPLED, KINDS["events"])
"""What trend.db holds as well; commands are in the daily files only."""


def _raw(metadata: MetaData, kind: Kind) -> Table:
    return Table(
        kind.name,
        metadata,
        Column("ts", Float, primary_key=True),
        *(Column(name, Text, primary_key=True) for name in kind.key),
        *(_number(name) for name in kind.numbers),
        *(Column(name, Text) for name in kind.texts),
        sqlite_with_rowid=False,
    )


def _minutes(metadata: MetaData, kind: Kind) -> Table:
    """Average, least and greatest of each number, and the last of each text."""
    return Table(
        kind.name + MINUTES,
        metadata,
        Column("ts", Integer, primary_key=True),
        *(Column(name, Text, primary_key=True) for name in kind.key),
        Column("samples_count", Integer),
        *(
            Column(f"{name}_{figure}", Float)
            for name in kind.numbers
            for figure in FIGURES
        ),
        *(Column(name, Text) for name in kind.texts),
        sqlite_with_rowid=False,
    )


def _number(name: str) -> Column[object]:
    return Column(str(name), Integer if name == "quality" else Float)


DAY = MetaData()
"""A file of one day: the record."""
TREND = MetaData()
"""trend.db: what panels read, over any range."""
for _kind in KINDS.values():
    _raw(DAY, _kind)
for _kind in IN_TREND:
    _raw(TREND, _kind)
for _kind in SAMPLED:
    _minutes(TREND, _kind)
DAYS = Table(
    "days",
    TREND,
    Column("day", Text, primary_key=True),
    Column("t0", Float),
    Column("t1", Float),
    Column("rows", Integer),
    Column("file", Text, nullable=False),
    sqlite_with_rowid=False,
)
"""The finished daily files."""
