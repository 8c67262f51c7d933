"""Power limit: what the operator allows, within what the connection allows."""

from typing import ClassVar

from ppc.datamodel.envelope import Envelope
from ppc.datamodel.observation import Poi, SystemObs
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
        if obs.poi.p_w is not None:
            self._start(obs.poi.p_w, target_w, block=mode is not was is not Mode.BLOCKED)
        self._target_w = target_w
        self._band_w = law.move(
            self._band_w, target_w, rate_per_s=self._plant.rate_w_per_s, dt_s=obs.dt_s
        )
        limited = envelope.limit_p(*self._band_w)
        q_var = self._next_q_var(obs.poi, blocked=mode is Mode.BLOCKED, dt_s=obs.dt_s)
        return limited if q_var is None else limited.limit_q(q_var, q_var)
