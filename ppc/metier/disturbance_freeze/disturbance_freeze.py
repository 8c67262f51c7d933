"""Disturbance freeze: P and Q stay what they were while the grid has a fault."""

from typing import ClassVar

from ppc.datamodel.envelope import Envelope
from ppc.datamodel.observation import Aim, SystemObs
from ppc.datamodel.rating import ConnectionPoint
from ppc.metier.disturbance_freeze import policy
from ppc.metier.disturbance_freeze.policy import DisturbanceFreezeSettings
from ppc.metier.disturbance_freeze.state_machine import Inputs, Mode, StateMachine


class DisturbanceFreeze:
    """Settles P and Q on what was aimed at before a dip or a swell, until it is over.

    The units ride through by themselves; a plant controller that answers too would
    fight them. No law behind this one is asked meanwhile, so nothing winds up, and all
    begin again from what was held.
    """

    name: ClassVar[str] = "disturbance_freeze"
    Settings: ClassVar[type[DisturbanceFreezeSettings]] = DisturbanceFreezeSettings

    def __init__(
        self, settings: DisturbanceFreezeSettings, plant: ConnectionPoint
    ) -> None:
        self._settings = settings
        self._v_nominal_v = plant.v_nominal_v
        self._machine = StateMachine()
        self._disturbed = False
        self._aim: Aim | None = None

    @property
    def mode(self) -> str:
        return self._machine.state

    def step(self, obs: SystemObs, envelope: Envelope) -> Envelope:
        settings, machine = self._settings, self._machine
        self._disturbed = policy.disturbed(
            obs.poi.v_v, settings, v_nominal_v=self._v_nominal_v, was=self._disturbed
        )
        was = machine.state
        mode = machine.scan(
            Inputs(
                self._disturbed,
                machine.in_mode_s(obs.time_s),
                settings.release_s,
                settings.hold_most_s,
            ),
            obs.time_s,
        )
        if mode not in {Mode.FROZEN, Mode.RECOVERING}:
            return envelope
        if was is Mode.NORMAL:
            self._aim = obs.aim
        if self._aim is None:
            return envelope
        aim = self._aim
        frozen = envelope.freeze_p(aim.p_w, choice_w=aim.chosen_w)
        return frozen.choose_q(aim.q_var)
