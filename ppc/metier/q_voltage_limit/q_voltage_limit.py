"""Q limited by voltage: an ordered Q, as far as the voltage at the POI allows it."""

from typing import ClassVar

from ppc.datamodel.envelope import Envelope
from ppc.datamodel.observation import SystemObs
from ppc.datamodel.rating import ConnectionPoint
from ppc.metier.q_voltage_limit import policy
from ppc.metier.q_voltage_limit.policy import QVoltageLimitSettings
from ppc.metier.q_voltage_limit.state_machine import Inputs, StateMachine


class QVoltageLimit:
    """Limits the reactive power that is ordered, where the voltage leaves its band.

    It chooses nothing: set-point tracking, further down, does, and goes on from what
    was granted. The limits move with a first-order response, so they come into force
    without a bump. Without a trusted voltage they are held, then given up.
    """

    name: ClassVar[str] = "q_voltage_limit"
    Settings: ClassVar[type[QVoltageLimitSettings]] = QVoltageLimitSettings

    def __init__(self, settings: QVoltageLimitSettings, plant: ConnectionPoint) -> None:
        self._settings = settings
        self._plant = policy.figures(settings, plant)
        self._machine = StateMachine()
        self._force = policy.Force(settings)
        self._band_var = self._plant.q_full_var

    @property
    def mode(self) -> str:
        return self._machine.state

    def step(self, obs: SystemObs, envelope: Envelope) -> Envelope:
        in_force = self._force.holds(obs.orders, obs.time_s)
        asked_var = policy.asked_var(obs.poi.v_v, self._settings, self._plant)
        low_var, high_var = asked_var or self._plant.q_full_var
        mode = self._machine.scan(
            Inputs(
                in_force,
                asked_var is not None,
                not low_var <= self._force.q_set_var <= high_var,
            ),
            obs.time_s,
        )
        now = policy.Now(mode, self._machine.in_mode_s(obs.time_s), obs.dt_s, asked_var)
        self._band_var = policy.next_band_var(
            self._band_var, now, self._settings, self._plant
        )
        return envelope.limit_q(*self._band_var) if in_force else envelope
