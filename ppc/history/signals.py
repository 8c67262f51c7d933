"""Which columns are asked for: tables, devices, signals."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import NamedTuple

from ppc.database.schema import KINDS, SAMPLED, Kind
from ppc.history.day_file import DayFile
from ppc.keys import Key

USUAL = ("poi", "bess", "pv", "decisions")
"""Tables that are meant when none is named."""
IN_COLUMNS = (*(kind.name for kind in SAMPLED), "energy")
"""Tables of numbers over time, one row per device: a column per device and signal. The
others are lists of what happened and are given as they are."""
_NOT_MEASURED = {Key.P_SET_W, Key.Q_SET_VAR, "age_s", "quality"}
"""Columns beside a quality that it does not judge: they are ours."""
_LAST_OF_BIN = ("_code", "_count", "_wh")
"""Endings of what has no average: states and counters."""


class Signal(NamedTuple):
    """A column of a table."""

    table: str
    name: str
    is_text: bool = False
    is_whole: bool = False
    is_judged: bool = False
    """Whether the quality beside it says if it may be believed."""

    @property
    def figure(self) -> str:
        """What stands for a bin: `avg`, `max`, or `last`."""
        if self.is_text or self.name.endswith(_LAST_OF_BIN):
            return "last"
        return "max" if self.name == "quality" else "avg"


class Source(NamedTuple):
    """A device in a table: where columns come from."""

    table: str
    device: str
    """Of a table that has no devices: its own name."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for. Names may have wildcards."""

    tables: tuple[str, ...] = ()
    devices: tuple[str, ...] = ()
    signals: tuple[str, ...] = ()
    """Names of signals, or device.signal."""

    @property
    def kinds(self) -> tuple[Kind, ...]:
        return tuple(KINDS[name] for name in self.tables or USUAL)

    @property
    def is_list(self) -> bool:
        """Whether a list of what happened is asked for, not numbers over time."""
        return any(kind.name not in IN_COLUMNS for kind in self.kinds)

    def wants_device(self, device: str) -> bool:
        return not self.devices or _fits(device, self.devices)

    def wants(self, source: Source, signal: Signal) -> bool:
        if not self.signals:
            return True
        full = f"{source.device}.{signal.name}"
        return _fits(signal.name, self.signals) or _fits(full, self.signals)


def signals_of(kind: Kind) -> tuple[Signal, ...]:
    """The columns of a table that hold values, in its order."""
    judged = "quality" in kind.numbers
    numbers = (
        Signal(
            kind.name,
            str(name),
            is_whole=name == "quality",
            is_judged=judged and name not in _NOT_MEASURED,
        )
        for name in kind.numbers
    )
    texts = (Signal(kind.name, name, is_text=True) for name in kind.texts)
    return (*numbers, *texts)


def sources_in(
    file: DayFile, wish: Wish, since_s: float, until_s: float
) -> Iterator[Source]:
    """Devices with rows in a stretch of a file. Raises Unreadable."""
    for kind in wish.kinds:
        if kind.name not in file.tables:
            continue
        device = "device" if kind.key else f"'{kind.name}'"
        sql = (
            f"SELECT DISTINCT {device} FROM {kind.name}"  # noqa: S608
            " WHERE ts >= ? AND ts < ?"
        )
        if not kind.key:
            sql += " LIMIT 1"
        for (name,) in file.rows(sql, since_s, until_s):
            yield Source(kind.name, name)


class Columns:
    """The columns of a wide table: for each source its signals, side by side."""

    def __init__(self, sources: Iterable[Source], wish: Wish) -> None:
        order = [kind.name for kind in wish.kinds]
        self.signals: list[Signal] = []
        self.names: list[str] = []
        self.places: dict[Source, tuple[int, tuple[Signal, ...]]] = {}
        """Of each source its first column and its signals."""
        for source in sorted(set(sources), key=lambda s: (order.index(s[0]), s[1])):
            if not wish.wants_device(source.device):
                continue
            kind = KINDS[source.table]
            wanted = tuple(s for s in signals_of(kind) if wish.wants(source, s))
            if wanted:
                self.places[source] = len(self.signals), wanted
                self.signals += wanted
                self.names += [f"{source.device}.{signal.name}" for signal in wanted]

    def devices(self, table: str) -> Sequence[str]:
        """Those of a table that have columns."""
        return [source.device for source in self.places if source.table == table]

    def signals_in(self, table: str) -> Sequence[Signal]:
        """All columns of a table that any of its devices has here."""
        places = self.places.items()
        wanted = {s for source, (_, of) in places if source.table == table for s in of}
        return [signal for signal in signals_of(KINDS[table]) if signal in wanted]


def _fits(name: str, patterns: Sequence[str]) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in patterns)
