"""Enter service: after a loss of the grid the plant waits, then returns by ramp."""

from typing import ClassVar

from ppc.datamodel.envelope import Envelope
from ppc.datamodel.observation import SystemObs
from ppc.datamodel.rating import ConnectionPoint
from ppc.metier.enter_service import options, policy, sight
from ppc.metier.enter_service.options import EnterServiceSettings
from ppc.metier.enter_service.state_machine import Inputs, Mode, StateMachine
from ppc.metier.opening import Opening
from ppc.metier.permission import Permission


class EnterService:
    """Keeps P and Q at 0 until U and f have been in their window for a while, then lets
    P rise by ramp.

    It acts when the grid was lost, when a start of the controller finds it outside its
    window, and when the operator withdraws his permission (`enable_code` 0). A dip that
    is shorter than the times of `v_trip_low` is ridden through. While nothing is
    measured the limit stays where it is.
    """

    name: ClassVar[str] = "enter_service"
    Settings: ClassVar[type[EnterServiceSettings]] = EnterServiceSettings

    def __init__(self, settings: EnterServiceSettings, plant: ConnectionPoint) -> None:
        self._settings = settings
        self._plant = options.figures(settings, plant)
        self._grid = sight.Grid(settings, self._plant)
        self._permission = Permission()
        self._machine = StateMachine()
        self._opening = Opening(plant)

    @property
    def mode(self) -> str:
        return self._machine.state

    def step(self, obs: SystemObs, envelope: Envelope) -> Envelope:
        seen = self._grid.see(obs)
        was = self._machine.state
        spend = seen.lost and not self._settings.automatic and was is not Mode.WAITING
        in_mode_s = self._machine.in_mode_s(obs.time_s)
        mode = self._machine.scan(
            Inputs(
                permitted=self._permission.given(obs.orders.enable_code, spend=spend),
                inside=seen.inside,
                lost=seen.lost,
                blind=seen.blind,
                inside_for_s=min(seen.inside_for_s, in_mode_s),
                delay_s=self._settings.delay_s,
                open_pu=self._opening.part_pu,
                wait_at_start=self._settings.wait_at_start,
            ),
            obs.time_s,
        )
        if mode is Mode.OFF and was is not Mode.OFF:
            self._opening.follow(obs.poi)
        in_mode_s = self._machine.in_mode_s(obs.time_s)
        now = policy.Now(mode, in_mode_s, seen, obs)
        policy.move(self._opening, now, self._settings, self._plant)
        return self._opening.limit(envelope, obs, rising=mode is not Mode.OFF)
