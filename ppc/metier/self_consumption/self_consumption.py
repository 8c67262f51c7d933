"""Self-consumption: batteries keep the exchange with the grid at what is wanted."""

from typing import ClassVar

from ppc.datamodel.envelope import Envelope
from ppc.datamodel.observation import SystemObs
from ppc.datamodel.rating import ConnectionPoint
from ppc.metier.fleet import fleet
from ppc.metier.selection import p_left
from ppc.metier.self_consumption import law, policy
from ppc.metier.self_consumption.policy import SelfConsumptionSettings
from ppc.metier.self_consumption.state_machine import Inputs, Mode, StateMachine
from ppc.metier.shaping import approach
from ppc.metier.standing import standing_w


class SelfConsumption:
    """Chooses the exchange at the POI while nobody before it chose P.

    The exchange that is wanted starts at what is measured and moves by ramp; load and
    clouds are balanced at once. Without a meter the last answer is held, then given up:
    PV goes on as it can, batteries rest.
    """

    name: ClassVar[str] = "self_consumption"
    Settings: ClassVar[type[SelfConsumptionSettings]] = SelfConsumptionSettings

    def __init__(
        self, settings: SelfConsumptionSettings, plant: ConnectionPoint
    ) -> None:
        self._settings = settings
        self._rate_w_per_s = policy.rate_w_per_s(settings, plant)
        self._machine = StateMachine()
        self._exchange_w = 0.0
        self._aim_w = 0.0

    @property
    def mode(self) -> str:
        return self._machine.state

    def step(self, obs: SystemObs, envelope: Envelope) -> Envelope:
        was, p_w = self._machine.state, obs.poi.p_w
        free = p_left(obs.orders, envelope)
        mode = self._machine.scan(Inputs(free, p_w is not None), obs.time_s)
        if mode is Mode.IDLE:
            return envelope
        if mode is Mode.BLIND:
            held = self._machine.in_mode_s(obs.time_s) <= self._settings.hold_s
            return self._granted(envelope) if held else envelope
        assert p_w is not None, "this mode implies a trusted power"
        if was is not Mode.BALANCING:
            self._exchange_w = standing_w(obs, envelope, p_w)
        self._exchange_w = approach(
            self._exchange_w,
            policy.exchange_w(self._settings, obs.wall_s),
            rate_per_s=self._rate_w_per_s,
            dt_s=obs.dt_s,
        )
        units = fleet(obs, envelope)
        self._aim_w = law.balance_law(
            self._exchange_w,
            band_w=self._settings.band_w,
            resting_w=units.resting_w(units.taken_w(p_w)),
            storable_w=-units.bess_able_w.low,
            curtail=self._settings.surplus == "curtail",
        )
        return self._granted(envelope)

    def _granted(self, envelope: Envelope) -> Envelope:
        """Choose, and go on from what was granted."""
        chosen = envelope.choose_p(self._aim_w)
        granted_w = chosen.chosen_w(self._aim_w)
        if abs(granted_w - self._aim_w) > 1.0:
            self._exchange_w = granted_w
        return chosen
