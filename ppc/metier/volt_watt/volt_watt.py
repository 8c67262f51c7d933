"""Volt-watt: less active power while the voltage is too high."""

from typing import ClassVar

from ppc.datamodel.envelope import Envelope
from ppc.datamodel.observation import SystemObs
from ppc.datamodel.rating import ConnectionPoint
from ppc.metier.volt_watt import policy
from ppc.metier.volt_watt.policy import VoltWattSettings
from ppc.metier.volt_watt.state_machine import Inputs, StateMachine

_ALL_PU = 0.999
"""A limit above this part of `p_max_w` is none."""


class VoltWatt:
    """Limits P by a curve over the voltage, with a first-order response.

    Listed before the frequency functions, no answer to a low frequency goes beyond
    the limit. Without a voltage the limit stays what it was.
    """

    name: ClassVar[str] = "volt_watt"
    Settings: ClassVar[type[VoltWattSettings]] = VoltWattSettings

    def __init__(self, settings: VoltWattSettings, plant: ConnectionPoint) -> None:
        self._settings = settings
        self._plant = policy.figures(settings, plant)
        self._machine = StateMachine()
        self._limit_w = self._plant.p_max_w

    @property
    def mode(self) -> str:
        return self._machine.state

    def step(self, obs: SystemObs, envelope: Envelope) -> Envelope:
        poi, most_w = obs.poi, _ALL_PU * self._plant.p_max_w
        high = poi.v_v is not None and (
            policy.target_w(poi.v_v, self._settings, self._plant) < most_w
            or self._limit_w < most_w
        )
        self._machine.scan(Inputs(poi.v_v is not None, high), obs.time_s)
        self._limit_w = policy.next_limit_w(
            self._limit_w, poi, self._settings, self._plant, dt_s=obs.dt_s
        )
        if self._limit_w >= most_w:
            return envelope
        return envelope.limit_p(high=self._limit_w)
