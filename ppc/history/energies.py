"""Energy of each device per day or month, out of the counters in the record."""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any, NamedTuple

from ppc.database.trend import NAME as TREND_NAME
from ppc.history.day_file import DayFile, connect
from ppc.keys import Key

COUNTERS = (Key.E_EXPORT_WH, Key.E_IMPORT_WH, "e_possible_wh")


class Energy(NamedTuple):
    """What a device gave and took in a stretch of time."""

    e_export_wh: float = 0.0
    e_import_wh: float = 0.0
    e_possible_wh: float | None = None
    """What it would have given without curtailment. None: it never tells."""

    def and_(self, other: "Energy") -> "Energy":
        told = [e.e_possible_wh for e in (self, other) if e.e_possible_wh is not None]
        return Energy(
            self.e_export_wh + other.e_export_wh,
            self.e_import_wh + other.e_import_wh,
            sum(told) if told else None,
        )


class Counters:
    """Follows the counters of all devices from file to file, oldest first.

    A day has what was counted since the last reading of the day before, up to how far
    its file says it is counted. A counter that went back was begun anew: what it shows
    is what was counted since.
    """

    def __init__(self) -> None:
        self._counters: dict[tuple[str, int], _Counter] = {}
        self._seq: dict[str, int] = {}

    def day(self, file: DayFile) -> dict[str, Energy]:
        """Energy of each device in the day of a file. Raises Unreadable."""
        devices = {}
        for seq, device, *shown in _rows(file):
            devices[device] = True
            if seq < self._seq.get(device, 0):  # the clock was set back over midnight
                continue
            self._seq[device] = seq
            for place, value_wh in enumerate(shown):
                if value_wh is not None:
                    self._of(device, place, value_wh).show(value_wh)
        for device, *shown in _counters(file):
            for place, value_wh in enumerate(shown):
                if value_wh is not None and device in devices:
                    self._of(device, place, value_wh).reach(value_wh)
        return {device: self._taken(device) for device in sorted(devices)}

    def _taken(self, device: str) -> Energy:
        places = (self._counters.get((device, n)) for n in range(len(COUNTERS)))
        out_wh, in_wh, possible_wh = (
            None if counter is None else counter.take() for counter in places
        )
        return Energy(out_wh or 0.0, in_wh or 0.0, possible_wh)

    def _of(self, device: str, place: int, begin_wh: float) -> "_Counter":
        return self._counters.setdefault((device, place), _Counter(begin_wh))


class _Counter:
    """One counter: differences are made once a day, so that they are exact."""

    def __init__(self, begin_wh: float) -> None:
        self._begin_wh = self._last_wh = begin_wh
        self._before_wh = 0.0

    def show(self, value_wh: float) -> None:
        if value_wh < self._last_wh:
            self._before_wh += self._last_wh - self._begin_wh
            self._begin_wh = 0.0
        self._last_wh = value_wh

    def reach(self, value_wh: float) -> None:
        """It was counted so far at least."""
        self._last_wh = max(self._last_wh, value_wh)

    def take(self) -> float:
        """What was counted since it was taken last."""
        taken_wh = self._before_wh + self._last_wh - self._begin_wh
        self._begin_wh, self._before_wh = self._last_wh, 0.0
        return taken_wh


def days_in_trend(directory: Path) -> dict[str, dict[str, Energy]]:
    """Energy of days as trend.db has it: also of those whose files are gone."""
    days: dict[str, dict[str, Energy]] = {}
    with suppress(sqlite3.Error), closing(connect(directory / TREND_NAME)) as trend:
        wanted = ", ".join(COUNTERS)
        sql = f"SELECT day, device, {wanted} FROM energy_1d ORDER BY day, device"  # noqa: S608
        for day, device, out_wh, in_wh, possible_wh in trend.execute(sql):
            energy = Energy(out_wh or 0.0, in_wh or 0.0, possible_wh)
            days.setdefault(day, {})[device] = energy
    return days


def months(
    days: Iterable[tuple[str, dict[str, Energy]]],
) -> dict[str, dict[str, Energy]]:
    """The same by month: `2026-11`."""
    made: dict[str, dict[str, Energy]] = {}
    for day, energies in days:
        month = made.setdefault(day[:7], {})
        for device, energy in energies.items():
            month[device] = month.get(device, Energy()).and_(energy)
    return made


def _rows(file: DayFile) -> Iterator[tuple[Any, ...]]:
    known = file.columns("energy")
    if not known:
        return
    wanted = ", ".join(name if name in known else "NULL" for name in COUNTERS)
    seq = "seq" if "seq" in known else "0"
    sql = f"SELECT {seq}, device, {wanted} FROM energy ORDER BY {seq}, ts"  # noqa: S608
    yield from file.rows(sql)


def _counters(file: DayFile) -> Iterator[tuple[Any, ...]]:
    """How far it was counted between two rows, if the file tells."""
    if file.has_counters:
        yield from file.rows(f"SELECT device, {', '.join(COUNTERS)} FROM counters")  # noqa: S608
