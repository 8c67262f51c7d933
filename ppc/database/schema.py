"""Tables of the record. Columns have the names of `ppc.keys` where there is one.

Times `ts` are Unix seconds, UTC, as REAL: what Grafana reads without conversion. Every
row has a key that begins with its time and the number it was handed in by: no row is
lost when the clock steps back, none is written twice, and a table is read, thinned out
and pruned in the order of time.
"""

from typing import NamedTuple

from sqlalchemy import Column, Float, Index, Integer, MetaData, Table, Text

from ppc.keys import Key

VERSION = 3
"""PRAGMA user_version of every file written."""

MINUTES, QUARTERS = "_1m", "_15m"
"""What the name of a table of minutes, or of quarters of an hour, ends with."""
FIGURES = ("avg", "min", "max")
"""What they keep of a number."""


class Kind(NamedTuple):
    """One kind of rows."""

    name: str
    key: tuple[str, ...]
    """Columns besides `ts` and `seq` that tell rows apart."""
    numbers: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    durable: bool = False
    """Whether a row is on the disk before it is acknowledged: not even a power cut
    takes it back. Samples may lose the last seconds."""


_MEASURED = (Key.P_W, Key.Q_VAR)
_SET = (Key.P_SET_W, Key.Q_SET_VAR, "age_s", "quality")
_PHASES = tuple(key for key in Key if key[:-2].endswith(("_l1", "_l2", "_l3")))

_KINDS = (
    Kind(
        "poi",
        ("device",),
        (Key.V_V, Key.F_HZ, *_MEASURED, *_PHASES, "age_s", "quality"),
    ),
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
            *(Key.P_LIMIT_MAX_W, Key.P_LIMIT_MIN_W),
            *(Key.P_AVAILABLE_W, Key.P_AVAILABLE_MIN_W),
            *(Key.Q_AVAILABLE_VAR, Key.Q_AVAILABLE_MIN_VAR),
        ),
        ("p_limited_by", "q_limited_by", "p_asked_by", "q_asked_by", "modes"),
    ),
    Kind(
        "cycles",
        (),
        (
            *("late_p50_s", "late_max_s", "acknowledged_p50_s", "acknowledged_max_s"),
            *("meter_in_time_pu", "missed_count", "incomplete_count", "dropped_count"),
        ),
    ),
    Kind(
        "links",
        ("device",),
        (
            *("answer_p50_s", "answer_max_s", "requests_count", "no_replies_count"),
            *("bad_replies_count", "refusals_count", "connects_count"),
        ),
    ),
    Kind(
        "verdicts",
        ("function",),
        (
            *("p_low_w", "p_high_w", "q_low_var", "q_high_var"),
            *("p_choice_w", "q_choice_var", "p_limits", "q_limits"),
        ),
        ("mode",),
    ),
    Kind(
        "commands",
        ("device", "number"),
        (Key.P_SET_W, Key.Q_SET_VAR),
        ("state", "source", "reason"),
        durable=True,
    ),
    Kind(
        "orders",
        ("source", "key", "number"),
        ("value",),
        ("state", "reason"),
        durable=True,
    ),
    Kind("events", ("source", "text"), (), ("severity",), durable=True),
    Kind(
        "energy",
        ("device",),
        (Key.E_EXPORT_WH, Key.E_IMPORT_WH, "e_possible_wh"),
        durable=True,
    ),
    Kind("configurations", ("what",), (), ("digest", "text"), durable=True),
)
KINDS = {kind.name: kind for kind in _KINDS}
"""All that is recorded.

`verdicts`: what each control function left of the envelope, when that changes, and once
a minute; `p_limits` is 1 where it is what keeps P from what was wished. `commands`, and
`orders` of those who ask: a row for each step of a life, `number` tells lives apart,
`state` is one of `LIFE`. `energy`: counters that only grow, once a minute and at the
end; `e_possible_wh` is what would have been given without curtailment.
`configurations`: what was in force since when.
"""
LIFE = (
    *("received", "issued", "accepted", "written", "confirmed", "achieved"),
    *("refused", "expired", "superseded", "withdrawn"),
)
"""Steps in the life of a command or an order."""
SAMPLED = tuple(
    KINDS[name] for name in ("poi", "bess", "pv", "decisions", "cycles", "links")
)
"""What comes every second or so, and is rolled up into minutes."""
IN_TREND = tuple(kind for kind in _KINDS if kind.name != "configurations")
"""What trend.db holds as well."""
_INTEGERS = {"quality", "number", "p_limits", "q_limits"}
_WHOLE = ("_w", "_var")
"""Units whose numbers are recorded whole: SQLite then needs 1 to 4 bytes, not 8."""
WHOLE = "whole"
"""What is said in `info` of a column whose numbers are rounded when written."""


def _raw(metadata: MetaData, kind: Kind) -> Table:
    """`seq` counts what was handed in, over all tables and restarts: a gap tells of
    rows that were lost. `clock` is 1 where the wall clock was trusted.
    """
    return Table(
        kind.name,
        metadata,
        Column("ts", Float, primary_key=True),
        Column("seq", Integer, primary_key=True),
        *(
            Column(name, Integer if name in _INTEGERS else Text, primary_key=True)
            for name in kind.key
        ),
        Column("clock", Integer),
        *(_number(name) for name in kind.numbers),
        *(Column(name, Text) for name in kind.texts),
        sqlite_with_rowid=False,
    )


def _rolled_up(metadata: MetaData, kind: Kind, ending: str) -> Table:
    """Average, least and greatest of each number, and the last of each text."""
    return Table(
        kind.name + ending,
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
    kind = Integer if name in _INTEGERS else Float
    return Column(str(name), kind, info={WHOLE: name.endswith(_WHOLE)})


DAY = MetaData()
"""A file of one day: the record."""
TREND = MetaData()
"""trend.db: what panels read, over any range."""
for _kind in KINDS.values():
    _raw(DAY, _kind)
COUNTERS = Table(
    "counters",
    DAY,
    Column("device", Text, primary_key=True),
    Column("ts", Float, nullable=False),
    Column("seq", Integer, nullable=False),
    *(Column(name, Float) for name in KINDS["energy"].numbers),
    sqlite_with_rowid=False,
)
"""How far energy was counted: replaced every second, not rounded. `seq`: the last
number when it was written."""
NUMBERING = Table(
    "numbering",
    DAY,
    Column("id", Integer, primary_key=True),
    Column("seq", Integer, nullable=False),
)
"""One row: the last number that was used up when this file was written."""
TREND.info["auto_vacuum"] = "INCREMENTAL"
"""So that room can be given back a bit at a time."""
for _kind in IN_TREND:
    _raw(TREND, _kind)
for _kind in SAMPLED:
    _rolled_up(TREND, _kind, MINUTES)
    _rolled_up(TREND, _kind, QUARTERS)
_ENERGY = TREND.tables["energy"]
Index("energy_in_order", _ENERGY.c.device, _ENERGY.c.seq)
ENERGY_QUARTERS = Table(
    f"energy{QUARTERS}",
    TREND,
    Column("ts", Integer, primary_key=True),
    Column("device", Text, primary_key=True),
    *(Column(name, Float) for name in KINDS["energy"].numbers),
    sqlite_with_rowid=False,
)
"""Energy of a quarter of an hour, from the counters."""
ENERGY_DAYS = Table(
    "energy_1d",
    TREND,
    Column("day", Text, primary_key=True),
    Column("device", Text, primary_key=True),
    Column("ts", Integer, nullable=False),
    *(Column(name, Float) for name in KINDS["energy"].numbers),
    sqlite_with_rowid=False,
)
"""Energy of a local day, from its quarters. `day` is its date as in ISO 8601, `ts` its
beginning."""
DAYS = Table(
    "days",
    TREND,
    Column("day", Text, primary_key=True),
    Column("t0", Float),
    Column("t1", Float),
    Column("rows", Integer),
    Column("file", Text, nullable=False),
    Column("bytes", Integer),
    Column("integrity", Text),
    Column("seq_first", Integer),
    Column("seq_last", Integer),
    Column("thinned", Integer, nullable=False, server_default="0"),
    sqlite_with_rowid=False,
)
"""The finished daily files, when all rows of theirs that belong here are here.

`rows`, `seq_first`, `seq_last` are those of the file before it was thinned. `integrity`
is NULL until the file was looked through, then "ok" or what is wrong; a corrupt file
was set aside as `file`. `thinned`: 1 when its samples are gone, 2 when only events and
configurations are left.
"""
