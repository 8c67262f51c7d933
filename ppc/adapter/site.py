"""Who plays which part, and what may be trusted: rows in, SystemObs out."""

from collections.abc import Mapping, Sequence
from math import inf
from operator import gt
from types import MappingProxyType

from ppc.adapter.codec import BlockCodec, Row
from ppc.adapter.reader import Pair, Reader, Slots, wanted
from ppc.datamodel.observation import Orders, Poi, Quality, SystemObs, Unit
from ppc.datamodel.rating import EquipmentType, UnitRating

_POI = wanted(Poi._fields)
_UNIT = wanted(Unit._fields)
_NOBODY: Mapping[str, str] = MappingProxyType({})

_NO_BATTERIES: Mapping[str, Slots] = MappingProxyType({})


class _Meter:
    """Reads a meter: a block is trusted as a whole or not at all."""

    def __init__(self, slots: Slots) -> None:
        self._reader = Reader(_POI, slots, whole=True)
        self._slots = [slot for slot, codec in slots if codec.block.every_s is None]
        self._used_s = [-inf] * len(self._slots)

    def see(self, rows: Sequence[Row | None], now_s: float, *, rehearsal: bool) -> Poi:
        times_s = [
            row.time_s if (row := rows[slot]) is not None else -inf
            for slot in self._slots
        ]
        fresh = all(map(gt, times_s, self._used_s))
        if not rehearsal:
            self._used_s = times_s
        v_v, f_hz, p_w, q_var = self._reader.read(rows, now_s)
        return Poi(v_v, f_hz, p_w, q_var, fresh)


class Site:
    """The cast: the meter at the POI, maybe a second one, the units with their ratings.

    The only judge of staleness: what it lets through, control may use. A block of the
    meter is trusted as a whole or not at all: who shows an impossible voltage may show
    any power.
    """

    def __init__(
        self,
        *,
        meter: Slots,
        units: Sequence[tuple[UnitRating, Slots]],
        second: Slots | None = None,
        batteries: Mapping[str, Slots] = _NO_BATTERIES,
    ) -> None:
        """`batteries`: of units that have a BMS beside them, by the unit's name."""
        self._meter = _Meter(meter)
        self._second = None if second is None else _Meter(second)
        readers: list[tuple[UnitRating, Reader | Pair]] = [
            (
                rating,
                Pair(rating, slots, batteries[rating.name])
                if rating.name in batteries
                else Reader(_UNIT, slots),
            )
            for rating, slots in units
        ]
        self._bess = [r for r in readers if r[0].type is EquipmentType.BESS]
        self._pv = [r for r in readers if r[0].type is EquipmentType.PV]

    def observe(
        self,
        rows: Sequence[Row | None],
        *,
        orders: Orders,
        now_s: float,
        dt_s: float,
        wall_s: float | None = None,
        rehearsal: bool = False,
        asked_by: Mapping[str, str] = _NOBODY,
    ) -> SystemObs:
        """Freeze what may be trusted at `now_s`.

        The meters' values are fresh if they have not been used before, by another
        call than a `rehearsal`.
        """
        return SystemObs(
            time_s=now_s,
            dt_s=dt_s,
            wall_s=wall_s,
            poi=self._meter.see(rows, now_s, rehearsal=rehearsal),
            poi2=None
            if self._second is None
            else self._second.see(rows, now_s, rehearsal=rehearsal),
            bess={r.name: Unit(r, *u.read(rows, now_s)) for r, u in self._bess},
            pv={r.name: Unit(r, *u.read(rows, now_s)) for r, u in self._pv},
            orders=orders,
            asked_by=asked_by,
        )


def meter_quality(
    slots: Slots, rows: Sequence[Row | None], now_s: float
) -> tuple[Quality, float | None]:
    """Quality of a meter as a whole, and when its oldest value was asked for.

    Only the blocks with values of the connection point count; the worst of them tells.
    """
    looks = [
        (_block_quality(rows[slot], codec, now_s), row.time_s if row else None)
        for slot, codec in slots
        if not set(_POI).isdisjoint(codec.keys)
        for row in (rows[slot],)
    ]
    bad = next((quality for quality, _ in looks if quality is not Quality.GOOD), None)
    times_s = [time_s for _, time_s in looks if time_s is not None]
    oldest_s = min(times_s) if len(times_s) == len(looks) else None
    return bad or Quality.GOOD, oldest_s


def _block_quality(row: Row | None, codec: BlockCodec, now_s: float) -> Quality:
    if row is None:
        return Quality.FAILURE
    if row.bad != row.missing or any(
        row.missing >> i & 1 for i, key in enumerate(codec.keys) if key in _POI
    ):
        seen = codec.observations("", row)
        return next(o.quality for o in seen if o.quality is not Quality.GOOD)
    return Quality.OLD_DATA if now_s > row.expires_s else Quality.GOOD
