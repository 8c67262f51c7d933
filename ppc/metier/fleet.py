"""What the units in service do and could do together, as several functions see it."""

from typing import NamedTuple

from ppc.datamodel.envelope import ANY, Envelope, Interval
from ppc.datamodel.observation import SystemObs, Unit
from ppc.datamodel.rating import EquipmentType


class Fleet(NamedTuple):
    """All units in service together, at their terminals, generator sign."""

    units_w: float
    """What they deliver now."""
    pv_w: float
    """What PV could give now."""
    bess_w: float
    """What batteries deliver now; charging is negative."""
    bess_able_w: Interval
    """What batteries could take and give now."""
    bess_rated_w: float
    e_max_wh: float
    e_wh: float
    """Energy that batteries of known state of charge hold."""

    @property
    def soc_pu(self) -> float | None:
        """State of charge of all batteries together. None: of none is it known."""
        return self.e_wh / self.e_max_wh if self.e_max_wh > 0.0 else None

    def taken_w(self, p_w: float) -> float:
        """What load and losses take between the units and the POI, which has `p_w`."""
        return self.units_w - p_w

    def resting_w(self, taken_w: float) -> float:
        """Power at the POI with batteries at rest and all the PV there is."""
        return self.pv_w - taken_w


def fleet(obs: SystemObs, envelope: Envelope) -> Fleet:
    """Add up the units in service, each within what other functions have left of it.

    A unit is in service when it says what it does and could do, is not faulted, and
    nobody has taken it out.
    """
    units_w = pv_w = bess_w = low_w = high_w = rated_w = e_max_wh = e_wh = 0.0
    for name, unit in (*obs.bess.items(), *obs.pv.items()):
        able = None if name in envelope.out else _able_w(unit)
        if able is None or unit.p_w is None:
            continue
        allowed = envelope.unit_p_w.get(name, ANY)
        low, high = allowed.clamp(able.low), allowed.clamp(able.high)
        units_w += unit.p_w
        if unit.rating.type is EquipmentType.PV:
            pv_w += high
            continue
        bess_w += unit.p_w
        low_w, high_w = low_w + min(low, 0.0), high_w + max(high, 0.0)
        rated_w += unit.rating.p_max_w
        if unit.soc_pu is not None:
            e_max_wh += unit.rating.e_max_wh
            e_wh += unit.rating.e_max_wh * unit.soc_pu
    return Fleet(
        units_w, pv_w, bess_w, Interval(low_w, high_w), rated_w, e_max_wh, e_wh
    )


def _able_w(unit: Unit) -> Interval | None:
    """What one unit could give; None: it is not in service."""
    rating, high_w, low_w = unit.rating, unit.p_available_w, unit.p_available_min_w
    if rating.type is EquipmentType.PV and low_w is None:
        low_w = 0.0
    if high_w is None or low_w is None or unit.q_var is None or unit.faulted:
        return None
    high_w = min(high_w, rating.p_max_w, rating.s_max_va)
    return Interval(min(max(low_w, rating.p_min_w, -rating.s_max_va), high_w), high_w)
