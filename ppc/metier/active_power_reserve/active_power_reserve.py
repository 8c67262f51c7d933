"""Active power reserve: the plant stays below what it could give."""

from typing import ClassVar

from ppc.datamodel.envelope import Envelope
from ppc.datamodel.observation import SystemObs
from ppc.datamodel.rating import ConnectionPoint
from ppc.metier.active_power_reserve import law, policy
from ppc.metier.active_power_reserve.policy import ActivePowerReserveSettings
from ppc.metier.active_power_reserve.state_machine import Inputs, Mode, StateMachine
from ppc.metier.fleet import fleet
from ppc.metier.shaping import approach


class ActivePowerReserve:
    """Limits P at the POI to what is available, less a reserve.

    What frequency asks for rides on top of the limit: that is what the reserve is for.
    It grows by ramp from the distance there is when it is ordered. Without a meter the
    limit is held, then given up.
    """

    name: ClassVar[str] = "active_power_reserve"
    Settings: ClassVar[type[ActivePowerReserveSettings]] = ActivePowerReserveSettings

    def __init__(
        self, settings: ActivePowerReserveSettings, plant: ConnectionPoint
    ) -> None:
        self._settings = settings
        self._plant = plant
        self._rate_w_per_s = policy.rate_w_per_s(settings, plant)
        self._machine = StateMachine()
        self._reserve_w = 0.0
        self._limit_w = plant.p_max_w

    @property
    def mode(self) -> str:
        return self._machine.state

    def step(self, obs: SystemObs, envelope: Envelope) -> Envelope:
        p_w, units = obs.poi.p_w, fleet(obs, envelope)
        able_w = policy.available_w(self._settings, units)
        wanted_w = policy.reserve_w(
            self._settings, obs.orders, p_max_w=self._plant.p_max_w, available_w=able_w
        )
        was = self._machine.state
        mode = self._machine.scan(
            Inputs(wanted_w > 0.0, p_w is not None, able_w >= wanted_w), obs.time_s
        )
        if mode is Mode.BLIND:
            if self._machine.in_mode_s(obs.time_s) <= self._settings.hold_s:
                return envelope.limit_p(high=self._limit_w)
            self._reserve_w = 0.0
            return envelope
        if p_w is None or (mode is Mode.OFF and self._reserve_w == 0.0):
            return envelope
        taken_w = units.taken_w(p_w)
        if was in {Mode.OFF, Mode.BLIND} and mode is not Mode.OFF:
            distance_w = able_w - taken_w - (p_w - envelope.p_bias_w)
            self._reserve_w = min(max(distance_w, self._reserve_w), wanted_w)
        self._reserve_w = approach(
            self._reserve_w, wanted_w, rate_per_s=self._rate_w_per_s, dt_s=obs.dt_s
        )
        self._limit_w = law.delta_law(
            able_w - taken_w, self._reserve_w, floor_w=-taken_w
        )
        return envelope.limit_p(high=self._limit_w)
