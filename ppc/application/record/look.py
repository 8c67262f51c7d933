"""What the rows of a device say besides its values: how old and how good they are."""

from collections.abc import Sequence
from math import isfinite
from typing import NamedTuple

from ppc.adapter.codec import Row
from ppc.adapter.reader import Slots
from ppc.datamodel.observation import Quality
from ppc.keys import Key

_INDEX = {quality: i for i, quality in enumerate(Quality)}
GOOD = _INDEX[Quality.GOOD]
_OLD, _OUT = _INDEX[Quality.OLD_DATA], _INDEX[Quality.OUT_OF_RANGE]
_FAILURE = _INDEX[Quality.FAILURE]
_AGED = (Key.P_W, Key.Q_VAR)

Rows = Sequence[Row | None]


class Place(NamedTuple):
    """Where a value stands: in which row, and where in it."""

    slot: int
    at: int

    def row(self, rows: Rows, now_s: float) -> Row | None:
        """The row, if the value in it may be trusted."""
        row = rows[self.slot]
        if row is None or now_s > row.expires_s or row.bad >> self.at & 1:
            return None
        return row


def place(slots: Slots, key: Key) -> Place | None:
    """Where a device tells `key`; None: it does not."""
    for slot, codec in slots:
        if key in codec.keys:
            return Place(slot, codec.keys.index(key))
    return None


class Look:
    """Age and quality of what counts of one device."""

    def __init__(self, slots: Slots, counting: Sequence[Key]) -> None:
        self._blocks = [
            (slot, [i for i, key in enumerate(codec.keys) if key in counting])
            for slot, codec in slots
        ]
        self._blocks = [(slot, points) for slot, points in self._blocks if points]
        aged = (place(slots, key) for key in _AGED)
        self._aged = {found.slot for found in aged if found is not None}

    def age_s(self, rows: Rows, now_s: float) -> float | None:
        """Since P and Q were asked for, of both the older; None: never."""
        times_s = [row.time_s for slot in self._aged if (row := rows[slot]) is not None]
        return now_s - min(times_s) if times_s else None

    def quality(self, rows: Rows, now_s: float) -> int:
        """The worst of all that counts, as its index in `Quality`."""
        worst = GOOD
        for slot, points in self._blocks:
            worst = max(worst, _worst(rows[slot], points, now_s))
        return worst


def _worst(row: Row | None, points: Sequence[int], now_s: float) -> int:
    if row is None:
        return _FAILURE
    worst = _OLD if now_s > row.expires_s else GOOD
    if doubted := row.bad & ~row.missing:
        for i in points:
            if doubted >> i & 1:
                worst = max(worst, _OUT if isfinite(row.values[i]) else _FAILURE)
    return worst
