"""Bypass: another controller's set-points go to the units as they are."""

from typing import ClassVar

from ppc.datamodel.envelope import Envelope
from ppc.datamodel.observation import SystemObs
from ppc.datamodel.rating import ConnectionPoint
from ppc.metier.bypass import law, policy
from ppc.metier.bypass.policy import BypassSettings
from ppc.metier.bypass.state_machine import Inputs, Mode, StateMachine


class Bypass:
    """Chooses the ordered P and Q at once, without ramps, laws or the loop at the POI.

    Only what is listed before it still holds: units out of service, their state of
    charge. It begins at what was aimed at, and so does whoever follows it.
    """

    name: ClassVar[str] = "bypass"
    Settings: ClassVar[type[BypassSettings]] = BypassSettings

    def __init__(self, settings: BypassSettings, plant: ConnectionPoint) -> None:  # noqa: ARG002
        self._hold_s = settings.hold_s
        self._machine = StateMachine()
        self._p_w = self._q_var = 0.0

    @property
    def mode(self) -> str:
        return self._machine.state

    def step(self, obs: SystemObs, envelope: Envelope) -> Envelope:
        orders, machine = obs.orders, self._machine
        mode = machine.scan(
            Inputs(
                policy.ordered(orders),
                orders.bypass_code is None,
                machine.in_mode_s(obs.time_s),
                self._hold_s,
            ),
            obs.time_s,
        )
        if mode is Mode.OFF:
            if obs.aim is not None:
                self._p_w, self._q_var = obs.aim.p_w, obs.aim.q_var
            return envelope
        self._p_w = law.pass_law(orders.p_set_w, self._p_w)
        self._q_var = law.pass_law(orders.q_set_var, self._q_var)
        return envelope.choose_p(self._p_w).choose_q(self._q_var).open_loop()
