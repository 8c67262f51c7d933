"""How far the plant is open, from nothing to all: what several functions move."""

from ppc.datamodel.envelope import ANY, Envelope, Interval
from ppc.datamodel.observation import Poi, SystemObs
from ppc.datamodel.rating import ConnectionPoint
from ppc.metier.shaping import approach, used_share_pu

_NOTHING = Interval(0.0, 0.0)


class Opening:
    """A part, 0 to 1, of what the connection allows, and its way between the two.

    At 0 every unit is out of service: it is told to give nothing, whatever is lost or
    used between it and the connection point.
    """

    def __init__(self, plant: ConnectionPoint) -> None:
        self._plant = plant
        self.part_pu = 1.0

    def follow(self, poi: Poi) -> None:
        """Give up at once what is not in use, so that closing has an effect at once.

        What is not measured is taken for fully used.
        """
        plant, p_w, q_var = self._plant, poi.p_w, poi.q_var
        used_pu = 1.0
        if p_w is not None and q_var is not None:
            used_pu = max(
                used_share_pu(p_w, low=plant.p_min_w, high=plant.p_max_w),
                used_share_pu(q_var, low=-plant.q_max_var, high=plant.q_max_var),
            )
        self.part_pu = min(self.part_pu, used_pu)

    def move(self, to_pu: float, *, over_s: float, dt_s: float) -> None:
        """Go towards `to_pu`, the whole way taking `over_s`; 0 goes there at once."""
        if over_s <= 0.0:
            self.part_pu = to_pu
        else:
            self.part_pu = approach(
                self.part_pu, to_pu, rate_per_s=1.0 / over_s, dt_s=dt_s
            )

    def limit(self, envelope: Envelope, obs: SystemObs, *, rising: bool) -> Envelope:
        """What is left of `envelope`, whatever rides on a choice.

        Rising, each unit gets the same part of its own rating: who does not follow yet
        is not asked for more and more. Else Q is led along with P.
        """
        part, plant = self.part_pu, self._plant
        if part >= 1.0:
            return envelope
        if part <= 0.0:
            return shut(envelope, obs)
        p_w = Interval(part * min(plant.p_min_w, 0.0), part * plant.p_max_w)
        limited = envelope.tighten(Envelope(p_w))
        if not rising:
            return limited.limit_q(-part * plant.q_max_var, part * plant.q_max_var)
        units = {
            name: envelope.unit_p_w.get(name, ANY).narrow(
                Interval(
                    part * min(unit.rating.p_min_w, 0.0), part * unit.rating.p_max_w
                )
            )
            for name, unit in obs.units.items()
        }
        return limited._replace(unit_p_w={**envelope.unit_p_w, **units})


def shut(envelope: Envelope, obs: SystemObs) -> Envelope:
    """P = 0 and Q = 0 of the plant and of every unit, whatever rides on it."""
    nothing = envelope.tighten(Envelope(_NOTHING, _NOTHING))
    return nothing._replace(out=envelope.out | obs.bess.keys() | obs.pv.keys())
