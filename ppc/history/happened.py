"""Events, as people read them."""

from collections.abc import Iterator
from typing import NamedTuple

from ppc.history.day_file import DayFile
from ppc.history.frames import Span

SEVERITIES = ("debug", "info", "notice", "warning", "error", "alarm", "critical")
"""The least first."""


class Happened(NamedTuple):
    """One event."""

    ts: float
    severity: str
    source: str
    text: str


def events_in(file: DayFile, span: Span, least: str) -> Iterator[Happened]:
    """Events of a file in their order, from a severity on. Raises Unreadable.

    One of a severity that is not known here is always told.
    """
    if "events" not in file.tables:
        return
    below = set(SEVERITIES[: SEVERITIES.index(least)])
    order = "ts, seq" if "seq" in file.columns("events") else "ts"
    sql = (
        "SELECT ts, severity, source, text FROM events"  # noqa: S608
        f" WHERE ts >= ? AND ts < ? ORDER BY {order}"
    )
    for row in file.rows(sql, *span):
        event = Happened(*row)
        if event.severity not in below:
            yield event
