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

    def q_limit_var(self, p_w: float) -> float:
        """Most reactive power beside `p_w`: what is left of the circle."""
        left = self.s_max_va * self.s_max_va - p_w * p_w
        return min(self.q_max_var, sqrt(left)) if left > 0.0 else 0.0


class Capability(NamedTuple):
    """The units in service, and the sums of what they can do, at their terminals."""

    units: tuple[Ready, ...]
    p_w: Interval
    q_var: Interval
    delivered_w: float = 0.0
    """What they deliver now."""
    delivered_var: float = 0.0


def capability(
    obs: SystemObs,
    *,
    out: AbstractSet[str],
    unit_p_w: Mapping[str, Interval],
    q_first: bool,
) -> Capability:
    """All that the units in service could do together.

    A unit is in service when it says what it does and what it could do, is not
    faulted, and no control function has taken it `out`. With reactive power second,
    its range is what the present active power leaves of the circle.
    """
    units = tuple(
        ready
        for group in (obs.bess, obs.pv)
        for unit in group.values()
        if unit.name not in out
        and (ready := _ready(unit, unit_p_w.get(unit.name))) is not None
    )
    q_var = sum(u.q_max_var if q_first else u.q_limit_var(u.p_w) for u in units)
    return Capability(
        units,
        Interval(sum(u.p_low_w for u in units), sum(u.p_high_w for u in units)),
        Interval(-q_var, q_var),
        sum(u.p_w for u in units),
        sum(u.q_var for u in units),
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


def _ready(unit: Unit, allowed: Interval | None) -> Ready | None:
    rating, p_w, q_var, high_w, low_w, soc_pu, _ = unit
    if rating.type is EquipmentType.PV:
        low_w = 0.0 if low_w is None else low_w
    if p_w is None or q_var is None or high_w is None or low_w is None or unit.faulted:
        return None
    least_w = max(rating.p_min_w, -rating.s_max_va)
    high_w = min(max(high_w, least_w), rating.p_max_w, rating.s_max_va)
    low_w = min(max(low_w, least_w), high_w)
    if allowed is not None:
        low_w, high_w = allowed.clamp(low_w), allowed.clamp(high_w)
    soc_pu = _UNKNOWN_SOC_PU if soc_pu is None else soc_pu
    return Ready(
        rating.name,
        rating.type,
        p_w,
        q_var,
        low_w,
        high_w,
        rating.s_max_va,
        min(rating.q_max_var, rating.s_max_va),
        rating.e_max_wh * soc_pu,
        rating.e_max_wh * (1.0 - soc_pu),
    )
