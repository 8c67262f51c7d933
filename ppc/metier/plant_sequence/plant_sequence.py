"""Plant sequence: start, stop, and emergency stop with its reset."""

from typing import ClassVar

from ppc.datamodel.envelope import Envelope
from ppc.datamodel.observation import SystemObs
from ppc.datamodel.rating import ConnectionPoint
from ppc.metier.opening import Opening
from ppc.metier.order_edge import Edge
from ppc.metier.permission import Permission
from ppc.metier.plant_sequence import law, policy
from ppc.metier.plant_sequence.policy import PlantSequenceSettings
from ppc.metier.plant_sequence.state_machine import Inputs, Mode, StateMachine
from ppc.metier.since import Since


class PlantSequence:
    """Leads the plant to a stop and back, and stops it at once in an emergency.

    A withdrawn release (`enable_code` 0) leads P and Q to 0; the `power_limit` may be
    quicker. Stopped, every unit is told to give nothing, also one that only makes up
    for losses. An emergency stop (`emergency_stop_code` 1) is that at once, and stays
    until `reset_code` goes from 0 to 1 while the emergency stop is no longer ordered;
    an order that expired does not end it, a restart of the controller does. A reset
    alone starts nothing (ISO 13850, quoted from memory). It needs no measurement.
    """

    name: ClassVar[str] = "plant_sequence"
    Settings: ClassVar[type[PlantSequenceSettings]] = PlantSequenceSettings

    def __init__(self, settings: PlantSequenceSettings, plant: ConnectionPoint) -> None:
        self._settings = settings
        self._machine = StateMachine()
        self._opening = Opening(plant)
        self._permission = Permission()
        self._reset = Edge()
        self._none = Since()

    @property
    def mode(self) -> str:
        return self._machine.state

    def step(self, obs: SystemObs, envelope: Envelope) -> Envelope:
        orders, settings, was = obs.orders, self._settings, self._machine.state
        emergency = bool(orders.emergency_stop_code)
        spend = was is Mode.EMERGENCY and not settings.start_after_reset
        released = self._permission.given(orders.enable_code, spend=spend)
        some_serve = policy.some_serve(obs, envelope)
        mode = self._machine.scan(
            Inputs(
                emergency=emergency,
                reset=self._reset.rises(orders.reset_code),
                released=released,
                interlocked=law.interlocked(
                    self._none.for_s(obs.time_s, holds=not some_serve),
                    allowed_s=settings.interlock_s,
                ),
                some_serve=some_serve,
                open_pu=self._opening.part_pu,
            ),
            obs.time_s,
        )
        if mode is Mode.STOPPING and was is not mode:
            self._opening.follow(obs.poi)
        policy.move(self._opening, mode, settings, obs.dt_s)
        return self._opening.limit(envelope, obs, rising=mode is Mode.STARTING)
