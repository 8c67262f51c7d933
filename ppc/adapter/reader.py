"""What may be trusted of a device: its newest rows in, its values out."""

from collections.abc import Callable, Iterable, Sequence
from itertools import compress
from operator import itemgetter

from ppc.adapter.codec import BlockCodec, Row
from ppc.datamodel.observation import DOWN, Unit
from ppc.datamodel.rating import UnitRating
from ppc.keys import Key

_KEYS = {key.value: key for key in Key}

Slots = Sequence[tuple[int, BlockCodec]]
"""Where the rows of a device's blocks stand in the image, and what they hold."""


def wanted(names: Iterable[str]) -> tuple[Key, ...]:
    """The keys among the names of fields, in their order."""
    return tuple(_KEYS[name] for name in names if name in _KEYS)


_UNIT = wanted(Unit._fields)


class Reader:
    """Picks the trusted values of one device out of the image.

    `whole`: one value that cannot be trusted takes the others of its block with it.
    """

    def __init__(
        self, wanted: tuple[Key, ...], slots: Slots, *, whole: bool = False
    ) -> None:
        self._whole = whole
        keys = [key for _, codec in slots for key in codec.keys]
        self._blanks = [(slot, (None,) * len(codec.keys)) for slot, codec in slots]
        self._pick = itemgetter(*[keys.index(k) if k in keys else -1 for k in wanted])

    def read(
        self, rows: Sequence[Row | None], now_s: float
    ) -> tuple[float | None, ...]:
        values: tuple[float | None, ...] = ()
        for slot, blank in self._blanks:
            row = rows[slot]
            if row is None or now_s > row.expires_s or self._doubts(row):
                values += blank
            elif row.bad:
                values += tuple(
                    None if row.bad >> i & 1 else v for i, v in enumerate(row.values)
                )
            else:
                values += row.values
        picked: tuple[float | None, ...] = self._pick((*values, None))
        return picked

    def _doubts(self, row: Row) -> bool:
        return self._whole and row.bad != row.missing


class Pair:
    """Reads a battery of two devices: its converter, and its management (BMS).

    What the converter tells itself goes first; of the limits the tighter counts; a BMS
    that cannot run takes the converter with it. A BMS that tells no state of charge
    is not heard: nobody knows then what the battery could do.
    """

    def __init__(self, rating: UnitRating, own: Slots, bms: Slots) -> None:
        self._own, self._bms = Reader(_UNIT, own), Reader(_UNIT, bms)
        self._rated_w = rating.p_max_w, rating.p_min_w
        told = [_keys_of(own), _keys_of(bms)]
        self._highs = [Key.P_AVAILABLE_W in keys for keys in told]
        self._lows = [Key.P_AVAILABLE_MIN_W in keys for keys in told]
        self._tells_soc = Key.SOC_PU in told[0]

    def read(
        self, rows: Sequence[Row | None], now_s: float
    ) -> tuple[float | None, ...]:
        p_w, q_var, high_w, low_w, soc_pu, state = self._own.read(rows, now_s)
        _, _, bms_high_w, bms_low_w, bms_soc_pu, bms_state = self._bms.read(rows, now_s)
        if state is None or bms_state in DOWN:
            state = bms_state
        if not self._tells_soc:
            soc_pu = bms_soc_pu
        if bms_soc_pu is None:
            return p_w, q_var, None, None, soc_pu, state
        rated_high_w, rated_low_w = self._rated_w
        highs_w = compress((high_w, bms_high_w), self._highs)
        lows_w = compress((low_w, bms_low_w), self._lows)
        return (
            *(p_w, q_var, _tighter(highs_w, min, rated_high_w)),
            *(_tighter(lows_w, max, rated_low_w), soc_pu, state),
        )


def _tighter(
    told_w: Iterable[float | None],
    pick: Callable[[list[float]], float],
    rated_w: float,
) -> float | None:
    """The tightest limit; None while one of those who tell one is not known."""
    known_w: list[float] = []
    for value_w in told_w:
        if value_w is None:
            return None
        known_w.append(value_w)
    return pick(known_w) if known_w else rated_w


def _keys_of(slots: Slots) -> frozenset[Key]:
    return frozenset(key for _, codec in slots for key in codec.keys)
