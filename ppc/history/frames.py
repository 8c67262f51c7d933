"""Rows of the record as rows of a table to hand on, one after another.

Whatever the stretch of time, only a few rows are held at once.
"""

from collections.abc import Iterator, Sequence
from heapq import merge
from operator import itemgetter
from typing import Any, NamedTuple

from ppc.database.schema import KINDS, Kind
from ppc.history.day_file import DayFile
from ppc.history.moments import local_offset_s
from ppc.history.signals import Columns, Signal

Values = tuple[Any, ...]


class Span(NamedTuple):
    """From `since_s` to before `until_s` [Unix]."""

    since_s: float
    until_s: float


class _Sample(NamedTuple):
    """The values of one source at one time."""

    ts: float
    seq: int
    first: int
    values: Values


def wide(
    file: DayFile, columns: Columns, span: Span, every_s: int | None
) -> Iterator[tuple[float, list[Any]]]:
    """Time and a value for each column; with `every_s` a row per bin, at its begin.

    A row for each time at which anything was recorded: twice the same time (a clock
    that was set back) is two rows where a column would be filled twice.
    """
    width = len(columns.signals)
    row: list[Any] = []
    filled: set[int] = set()
    at_s = 0.0
    for ts, _, first, values in _samples(file, columns, span, every_s):
        if row and (ts != at_s or first in filled):
            yield at_s, row
            row = []
        if not row:
            at_s, row, filled = ts, [None] * width, set()
        filled.add(first)
        row[first : first + len(values)] = values
    if row:
        yield at_s, row


def long(
    file: DayFile, columns: Columns, span: Span, every_s: int | None
) -> Iterator[tuple[float, list[Any]]]:
    """Time and device, signal, number, text of each value there is."""
    told = {first: source.device for source, (first, _) in columns.places.items()}
    for ts, _, first, values in _samples(file, columns, span, every_s):
        signals = columns.signals[first : first + len(values)]
        for signal, value in zip(signals, values, strict=True):
            if value is not None:
                pair = (None, value) if signal.is_text else (value, None)
                yield ts, [told[first], signal.name, *pair]


def as_listed(
    file: DayFile, kind: Kind, names: Sequence[str], span: Span, devices: Sequence[str]
) -> Iterator[tuple[float, list[Any]]]:
    """Time and the columns of a list of what happened; devices may have wildcards."""
    known = file.columns(kind.name)
    if not known:
        return
    wanted = ", ".join(name if name in known else "NULL" for name in names)
    where = "ts >= ? AND ts < ?"
    if devices and "device" in kind.key:
        where += f" AND ({' OR '.join(['device GLOB ?'] * len(devices))})"
    else:
        devices = ()
    sql = f"SELECT ts, {wanted} FROM {kind.name} WHERE {where} ORDER BY {_order(known)}"  # noqa: S608
    for ts, *rest in file.rows(sql, *span, *devices):
        yield ts, rest


def _samples(
    file: DayFile, columns: Columns, span: Span, every_s: int | None
) -> Iterator[_Sample]:
    """All sources in the order of time."""
    tables = dict.fromkeys(source.table for source in columns.places)
    streams = [
        _of_table(file, table, columns, span, every_s)
        for table in tables
        if table in file.tables
    ]
    return merge(*streams, key=itemgetter(0, 1))


def _of_table(
    file: DayFile, table: str, columns: Columns, span: Span, every_s: int | None
) -> Iterator[_Sample]:
    signals = columns.signals_in(table)
    devices = columns.devices(table)
    sql, values = _statement(file, table, signals, devices, span, every_s)
    picks = {
        source.device: (first, _pick(signals, wanted))
        for source, (first, wanted) in columns.places.items()
        if source.table == table
    }
    for ts, seq, device, *found in file.rows(sql, *values):
        first, pick = picks[device]
        yield _Sample(ts, seq, first, tuple(found[i] for i in pick))


def _pick(signals: Sequence[Signal], wanted: Sequence[Signal]) -> list[int]:
    return [signals.index(signal) for signal in wanted]


def _statement(
    file: DayFile,
    table: str,
    signals: Sequence[Signal],
    devices: Sequence[str],
    span: Span,
    every_s: int | None,
) -> tuple[str, Values]:
    """Rows as recorded, or a row per bin and device."""
    known = file.columns(table)
    told = [_told(signal, known) for signal in signals]
    where, device = "ts >= ? AND ts < ?", f"'{table}'"
    values: Values = tuple(span)
    if KINDS[table].key:
        where += f" AND device IN ({', '.join('?' * len(devices))})"
        values, device = (*span, *devices), "device"
    if every_s is None:
        seq = "seq" if "seq" in known else "0"
        wanted = ", ".join(["ts", seq, device, *told])
        tail = f"ORDER BY {_order(known)}"
    else:
        # A column without a figure is that of the row with max(ts): SQLite's promise.
        figures = [
            value if signal.figure == "last" else f"{signal.figure}({value})"
            for signal, value in zip(signals, told, strict=True)
        ]
        begin = _begin(file, span, every_s)
        wanted = ", ".join([f"{begin} AS bin", "0", f"{device} AS who", *figures])
        wanted += ", max(ts)"
        tail = "GROUP BY bin, who ORDER BY bin"
    return f"SELECT {wanted} FROM {table} WHERE {where} {tail}", values  # noqa: S608


def _order(known: Sequence[str]) -> str:
    return "ts, seq" if "seq" in known else "ts"


def _told(signal: Signal, known: Sequence[str]) -> str:
    """A column; NULL where the version had none, or where it is not to be believed."""
    if signal.name not in known:
        return "NULL"
    if signal.is_judged and "quality" in known:
        return f"CASE WHEN coalesce(quality, 0) = 0 THEN {signal.name} END"
    return signal.name


def _begin(file: DayFile, span: Span, every_s: int) -> str:
    """The begin of the bin a row is in: whole hours are those of local time.

    So no bin reaches over midnight, from one file into the next.
    """
    at_s = span.since_s
    for table in file.tables:
        (t0,) = next(file.rows(f"SELECT min(ts) FROM {table}"))  # noqa: S608
        if t0 is not None:
            at_s = max(at_s, t0)
            break
    ahead_s = local_offset_s(at_s) % every_s
    return f"CAST((ts + {ahead_s}) / {every_s} AS INTEGER) * {every_s} - {ahead_s}.0"
