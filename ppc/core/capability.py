"""What the units in service can do, each and together."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from math import sqrt
from typing import NamedTuple

from ppc.datamodel.envelope import Envelope, Interval
from ppc.datamodel.observation import SystemObs, Unit
from ppc.datamodel.rating import EquipmentType

_UNKNOWN_SOC_PU = 0.5


class Ready(NamedTuple):
    """One unit that takes set-points, and what it can do now."""

    name: str
    type: EquipmentType
    p_w: float
    q_var: float
    p_low_w: float
    p_high_w: float
    s_max_va: float
    q_max_var: float
    above_wh: float
    """Energy a battery holds; 0 for PV."""
    room_wh: float
    """Energy a battery could still take; 0 for PV."""
    q_able_var: float = 0.0
    """Most reactive power beside `p_w`; all of it, where Q comes first."""

    def within(self, allowed: Interval) -> "Ready":
        """The same unit with its active power within `allowed`."""
        low_w, high_w = allowed.clamp(self.p_low_w), allowed.clamp(self.p_high_w)
        return self._replace(p_low_w=low_w, p_high_w=high_w)

    def q_limit_var(self, p_w: float) -> float:
        """Most reactive power beside `p_w`: what is left of the circle."""
        return _beside_var(p_w, self.s_max_va, self.q_max_var)


class Capability(NamedTuple):
    """The units in service, and the sums of what they can do, at their terminals."""

    units: tuple[Ready, ...]
    p_w: Interval
    q_var: Interval
    delivered_w: float = 0.0
    """What they deliver now."""
    delivered_var: float = 0.0


def capability(obs: SystemObs, *, q_first: bool) -> Capability:
    """All that the units in service could do together.

    A unit is in service when it says what it does and what it could do, and is not
    faulted. With reactive power second, its range is what the present active power
    leaves of the circle.
    """
    seen = [_ready(unit, q_first=q_first) for unit in obs.units.values()]
    return _together(tuple(unit for unit in seen if unit is not None))


def remaining(
    able: Capability, out: AbstractSet[str], unit_p_w: Mapping[str, Interval]
) -> Capability:
    """What is left of it when units are taken `out` and some are narrowed."""
    return _together(
        tuple(
            unit
            if (allowed := unit_p_w.get(unit.name)) is None
            else unit.within(allowed)
            for unit in able.units
            if unit.name not in out
        )
    )


def _together(units: tuple[Ready, ...]) -> Capability:
    q_var = sum([u.q_able_var for u in units])
    return Capability(
        units,
        Interval(sum([u.p_low_w for u in units]), sum([u.p_high_w for u in units])),
        Interval(-q_var, q_var),
        sum([u.p_w for u in units]),
        sum([u.q_var for u in units]),
    )


def at_poi(able: Capability, p_trim_w: float, q_trim_var: float) -> Envelope:
    """The same at the POI, where losses and load have been taken off."""
    q_var = able.q_var
    p_w = Interval(able.p_w.low - p_trim_w, able.p_w.high - p_trim_w)
    return Envelope(
        p_w=p_w,
        q_var=Interval(q_var.low - q_trim_var, q_var.high - q_trim_var),
        p_choice_w=p_w,
    )


def _beside_var(p_w: float, s_max_va: float, q_max_var: float) -> float:
    left = s_max_va * s_max_va - p_w * p_w
    return min(q_max_var, sqrt(left)) if left > 0.0 else 0.0


def _ready(unit: Unit, *, q_first: bool) -> Ready | None:
    rating, p_w, q_var, high_w, low_w, soc_pu, _ = unit
    if rating.type is EquipmentType.PV:
        low_w = 0.0 if low_w is None else low_w
    if p_w is None or q_var is None or high_w is None or low_w is None or unit.faulted:
        return None
    least_w = max(rating.p_min_w, -rating.s_max_va)
    high_w = min(max(high_w, least_w), rating.p_max_w, rating.s_max_va)
    low_w = min(max(low_w, least_w), high_w)
    s_max_va, q_max_var = rating.s_max_va, min(rating.q_max_var, rating.s_max_va)
    soc_pu = _UNKNOWN_SOC_PU if soc_pu is None else soc_pu
    return Ready(
        rating.name,
        rating.type,
        p_w,
        q_var,
        low_w,
        high_w,
        s_max_va,
        q_max_var,
        rating.e_max_wh * soc_pu,
        rating.e_max_wh * (1.0 - soc_pu),
        q_max_var if q_first else _beside_var(p_w, s_max_va, q_max_var),
    )
