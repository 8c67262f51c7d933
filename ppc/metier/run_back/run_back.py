"""Run-back: fixed levels of power, for system protection and dimming inputs."""

from typing import ClassVar

from ppc.datamodel.envelope import Envelope
from ppc.datamodel.observation import SystemObs
from ppc.datamodel.rating import ConnectionPoint
from ppc.metier.run_back import policy
from ppc.metier.run_back.policy import RunBackSettings
from ppc.metier.run_back.state_machine import Inputs, StateMachine


class RunBack:
    """Limits P, in both directions, to the lowest level that is ordered.

    The way down has a rate of its own, quicker than the ramp of a set-point. An order
    that is lost keeps its level in force until one says that there is none.
    """

    name: ClassVar[str] = "run_back"
    Settings: ClassVar[type[RunBackSettings]] = RunBackSettings

    def __init__(self, settings: RunBackSettings, plant: ConnectionPoint) -> None:
        self._settings = settings
        self._plant = policy.figures(settings, plant)
        self._machine = StateMachine()
        self._target_w = self._limit_w = self._plant.none_w

    @property
    def mode(self) -> str:
        return self._machine.state

    def step(self, obs: SystemObs, envelope: Envelope) -> Envelope:
        code, none_w = obs.orders.run_back_code, self._plant.none_w
        if code is not None:
            self._target_w = policy.target_w(int(code), self._settings, self._plant)
        self._limit_w = policy.next_limit_w(
            self._limit_w, self._target_w, obs.poi.p_w, self._plant, dt_s=obs.dt_s
        )
        self._machine.scan(
            Inputs(
                ordered=code is not None,
                active=self._target_w < none_w,
                released=self._limit_w >= none_w,
            ),
            obs.time_s,
        )
        if self._limit_w >= none_w:
            return envelope
        return envelope.limit_p(-self._limit_w, self._limit_w)
