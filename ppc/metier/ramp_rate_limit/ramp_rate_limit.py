"""Ramp rate limit: how fast the whole plant may move, whatever the reason."""

from typing import ClassVar

from ppc.datamodel.envelope import Envelope
from ppc.datamodel.observation import SystemObs
from ppc.datamodel.rating import ConnectionPoint
from ppc.metier.ramp_rate_limit import law, policy
from ppc.metier.ramp_rate_limit.policy import RampRateLimitSettings
from ppc.metier.ramp_rate_limit.state_machine import Inputs, Mode, StateMachine
from ppc.metier.standing import standing_w


class RampRateLimit:
    """Keeps what others choose within reach of what was chosen the cycle before.

    For set-points and for available power that returns after a cloud, for PV and
    batteries together. The answer to a frequency rides on top and is not slowed. A fall
    of available power can only be slowed by what batteries can give.
    """

    name: ClassVar[str] = "ramp_rate_limit"
    Settings: ClassVar[type[RampRateLimitSettings]] = RampRateLimitSettings

    def __init__(self, settings: RampRateLimitSettings, plant: ConnectionPoint) -> None:
        self._plant = policy.figures(settings, plant)
        self._machine = StateMachine()

    @property
    def mode(self) -> str:
        return self._machine.state

    def step(self, obs: SystemObs, envelope: Envelope) -> Envelope:
        base_w = standing_w(obs, envelope)
        mode = self._machine.scan(Inputs(base_w is not None), obs.time_s)
        if mode is not Mode.AUTO or base_w is None:
            return envelope
        low_w, high_w = law.window_law(
            base_w,
            up_per_s=self._plant.up_w_per_s,
            down_per_s=self._plant.down_w_per_s,
            dt_s=obs.dt_s,
        )
        return envelope.limit_p(low_w, high_w)
