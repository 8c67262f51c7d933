"""Rows of the record as points in InfluxDB's line protocol.

Source: InfluxDB documentation, "Line protocol reference", from memory.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from math import isfinite
from typing import Any, NamedTuple

from ppc.database.schema import KINDS

_TAGS = {
    "commands": ("device", "source", "state"),
    "orders": ("source", "key", "state"),
    "events": ("source", "severity"),
    "configurations": ("what",),
}
"""What points are told apart by, where it is not the key: no numbers, no free text,
of which there are ever more."""
_ENDS = {"\\": "/", "\n": " ", "\r": " "}
_STEP_NS, _STEPS = 10, 100
"""Within a microsecond: which hand-in, and which of its rows."""


class Line(NamedTuple):
    """A point, with the time and the number of its row; 0: it has none."""

    ts: float
    seq: int
    text: bytes


def lines(table: str, rows: Iterable[Mapping[str, Any]], plant: str) -> Iterator[Line]:
    """A point per row. The same row is the same point whenever it is sent.

    The time is that of the row, to the microsecond. Its nanoseconds tell apart rows of
    one time and one set of tags: after a clock was set back, or events of one moment.
    Every point has `seq` and `clock`, so that there is one without values, too.
    """
    tags = _TAGS.get(table, KINDS[table].key)
    alike: Counter[tuple[object, ...]] = Counter()
    for row in rows:
        ts, seq = row["ts"], row.get("seq") or 0
        told = tuple(row.get(name) for name in tags)
        place = alike[ts, seq, *told]
        alike[ts, seq, *told] += 1
        at_ns = round(ts * 1e6) * 1000
        at_ns += seq % _STEPS * _STEP_NS + min(place, _STEP_NS - 1)
        head = ",".join(
            [
                _escaped(table, ", "),
                f"plant={_escaped(plant)}",
                *(f"{n}={_escaped(v)}" for n, v in zip(tags, told, strict=True) if v),
            ]
        )
        fields = ",".join(_fields(row, tags))
        if fields:
            yield Line(ts, seq, f"{head} {fields} {at_ns}\n".encode())


def _fields(row: Mapping[str, Any], tags: Iterable[str]) -> Iterator[str]:
    for name, value in row.items():
        if name == "ts" or name in tags or value is None:
            continue
        if isinstance(value, int):
            yield f"{name}={value}i"
        elif isinstance(value, float):
            if isfinite(value):
                yield f"{name}={value!r}"
        else:
            quoted = str(value).replace("\\", "\\\\").replace('"', '\\"')
            yield f'{name}="{quoted}"'


def _escaped(text: object, signs: str = ",= ") -> str:
    """For names and tags; a backslash or a new line cannot stand there."""
    escaped = str(text)
    for sign, instead in _ENDS.items():
        escaped = escaped.replace(sign, instead)
    for sign in signs:
        escaped = escaped.replace(sign, f"\\{sign}")
    return escaped
