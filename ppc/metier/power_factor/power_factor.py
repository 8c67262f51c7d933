"""Power factor: reactive power in proportion to the active power at the POI."""

from typing import ClassVar

from ppc.datamodel.envelope import Envelope
from ppc.datamodel.observation import SystemObs
from ppc.datamodel.rating import ConnectionPoint
from ppc.metier.power_factor import policy
from ppc.metier.power_factor.policy import PowerFactorSettings
from ppc.metier.power_factor.state_machine import StateMachine
from ppc.metier.q_choice import QChoice


class PowerFactor:
    """Chooses Q so that the plant has an ordered power factor, or one of a curve of P.

    It goes by the measured P, whoever chose that. Over- or under-excited is said apart
    and holds for a battery that charges, too. Without a trusted P it holds what it
    gave, then goes to 0. It yields to an ordered Q, and follows the measured Q
    meanwhile, to take over without a bump.
    """

    name: ClassVar[str] = "power_factor"
    Settings: ClassVar[type[PowerFactorSettings]] = PowerFactorSettings

    def __init__(self, settings: PowerFactorSettings, plant: ConnectionPoint) -> None:
        self._settings = settings
        self._plant = policy.figures(settings, plant)
        self._machine = StateMachine()
        self._q = QChoice()

    @property
    def mode(self) -> str:
        return self._machine.state

    def step(self, obs: SystemObs, envelope: Envelope) -> Envelope:
        poi, orders, time_s = obs.poi, obs.orders, obs.time_s
        mode = self._machine.observe(
            policy.inputs(poi, orders, self._settings, self._plant), time_s
        )
        now = policy.Now(mode, self._machine.in_mode_s(time_s), obs.dt_s, poi.p_w)
        q_var = policy.next_q_var(
            self._q.q_var, now, orders, self._settings, self._plant
        )
        return self._q.take(q_var, poi, envelope)
