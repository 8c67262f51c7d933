"""Watt-var: reactive power by a curve of the active power at the POI."""

from typing import ClassVar

from ppc.datamodel.envelope import Envelope
from ppc.datamodel.observation import SystemObs
from ppc.datamodel.rating import ConnectionPoint
from ppc.metier.q_choice import QChoice
from ppc.metier.watt_var import policy
from ppc.metier.watt_var.policy import WattVarSettings
from ppc.metier.watt_var.state_machine import StateMachine


class WattVar:
    """Chooses Q by a curve of the measured P, drawn power included, first order.

    Without a trusted P it holds what it gave, then goes to 0. It yields to an ordered
    Q, and follows the measured Q meanwhile, to take over without a bump.
    """

    name: ClassVar[str] = "watt_var"
    Settings: ClassVar[type[WattVarSettings]] = WattVarSettings

    def __init__(self, settings: WattVarSettings, plant: ConnectionPoint) -> None:
        self._settings = settings
        self._plant = policy.figures(settings, plant)
        self._machine = StateMachine(reset_s=settings.reset_s)
        self._q = QChoice()

    @property
    def mode(self) -> str:
        return self._machine.state

    def step(self, obs: SystemObs, envelope: Envelope) -> Envelope:
        poi = obs.poi
        mode = self._machine.observe(
            time_s=obs.time_s,
            enabled=policy.enabled(obs.orders, self._settings),
            measured=poi.p_w is not None,
        )
        now = policy.Now(mode, self._machine.in_mode_s(obs.time_s), obs.dt_s, poi.p_w)
        q_var = policy.next_q_var(self._q.q_var, now, self._settings, self._plant)
        return self._q.take(q_var, poi, envelope)
