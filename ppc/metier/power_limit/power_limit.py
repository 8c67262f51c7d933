"""Power limit: what the operator allows, within what the connection allows."""

from typing import ClassVar

from ppc.datamodel.envelope import Envelope
from ppc.datamodel.observation import SystemObs
from ppc.datamodel.rating import ConnectionPoint
from ppc.metier.power_limit import law, policy
from ppc.metier.power_limit.policy import PowerLimitSettings
from ppc.metier.power_limit.state_machine import Inputs, Mode, StateMachine
from ppc.metier.shaping import approach


class PowerLimit:
    """Limits P to the connection and to the operator's limits, which move by ramp.

    It needs no measurement. With one, a ramp starts at the present power, not at a
    limit that had no effect. A plant that was disabled goes to P = 0, Q = 0 and stays
    there until it is enabled again: silence is no release.
    """

    name: ClassVar[str] = "power_limit"
    Settings: ClassVar[type[PowerLimitSettings]] = PowerLimitSettings

    def __init__(self, settings: PowerLimitSettings, plant: ConnectionPoint) -> None:
        self._plant = policy.figures(settings, plant)
        self._operator = policy.Operator(settings, self._plant)
        self._machine = StateMachine()
        self._band_w = self._target_w = self._plant.connection_w
        self._q_var = 0.0

    @property
    def mode(self) -> str:
        return self._machine.state

    def step(self, obs: SystemObs, envelope: Envelope) -> Envelope:
        limits = self._operator.limits(obs.orders)
        was = self._machine.state
        mode = self._machine.scan(
            Inputs(obs.orders.enable_code, limits.limited, limits.expired), obs.time_s
        )
        target_w = policy.target_w(mode, limits)
        if obs.poi.p_w is not None and (mode is not was or target_w != self._target_w):
            p_w = obs.poi.p_w - envelope.p_bias_w
            self._band_w = policy.start_w(mode, self._band_w, target_w, p_w)
        self._target_w = target_w
        self._band_w = law.move(
            self._band_w, target_w, rate_per_s=self._plant.rate_w_per_s, dt_s=obs.dt_s
        )
        limited = envelope.limit_p(*self._band_w)
        if mode is not Mode.BLOCKED:
            if obs.poi.q_var is not None:
                self._q_var = obs.poi.q_var
            return limited
        self._q_var = approach(
            self._q_var, 0.0, rate_per_s=self._plant.q_rate_var_per_s, dt_s=obs.dt_s
        )
        return limited.limit_q(self._q_var, self._q_var)
