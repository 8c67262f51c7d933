"""Operating range: how long the plant stays beyond the usual U and f."""

from typing import ClassVar

from ppc.datamodel.envelope import Envelope
from ppc.datamodel.observation import Poi, SystemObs
from ppc.datamodel.rating import ConnectionPoint
from ppc.metier.opening import Opening
from ppc.metier.operating_range import policy
from ppc.metier.operating_range.policy import OperatingRangeSettings, Quantity
from ppc.metier.operating_range.state_machine import Inputs, Mode, StateMachine
from ppc.metier.order_edge import Edge


class OperatingRange:
    """Counts the time that U and f spend beyond each of their limits, and leads the
    plant to 0 when it is used up.

    It stays there until the operator orders a reset (`reset_code`, 0 then 1) with U and
    f within all limits. Without a measurement the times stand still.
    """

    name: ClassVar[str] = "operating_range"
    Settings: ClassVar[type[OperatingRangeSettings]] = OperatingRangeSettings

    def __init__(
        self, settings: OperatingRangeSettings, plant: ConnectionPoint
    ) -> None:
        self._settings = settings
        self._v_nominal_v = plant.v_nominal_v
        f_low, f_high = policy.figures(settings, plant)
        self._v = Quantity(settings.v_low, settings.v_high, settings)
        self._f = Quantity(f_low, f_high, settings)
        self._machine = StateMachine()
        self._opening = Opening(plant)
        self._reset = Edge()

    @property
    def mode(self) -> str:
        return self._machine.state

    def step(self, obs: SystemObs, envelope: Envelope) -> Envelope:
        was = self._machine.state
        self._count(obs.poi, obs.time_s, obs.dt_s)
        v, f = self._v, self._f
        mode = self._machine.scan(
            Inputs(
                timing=v.timing or f.timing,
                expired=v.expired or f.expired,
                within=v.within and f.within,
                blind=v.blind or f.blind,
                reset=self._reset.rises(obs.orders.reset_code),
            ),
            obs.time_s,
        )
        if mode is Mode.EXPIRED and was is not mode:
            self._opening.follow(obs.poi)
        if was is Mode.EXPIRED and mode is not was:
            v.forget()
            f.forget()
        to_pu = 0.0 if mode is Mode.EXPIRED else 1.0
        self._opening.move(to_pu, over_s=self._settings.ramp_s, dt_s=obs.dt_s)
        return self._opening.limit(envelope, obs, rising=mode is not Mode.EXPIRED)

    def _count(self, poi: Poi, time_s: float, dt_s: float) -> None:
        v_pu = None if poi.v_v is None else poi.v_v / self._v_nominal_v
        self._v.step(v_pu, time_s=time_s, dt_s=dt_s)
        self._f.step(poi.f_hz, time_s=time_s, dt_s=dt_s)
