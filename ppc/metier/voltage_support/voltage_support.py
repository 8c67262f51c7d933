"""Voltage support: reactive power against voltage deviation at the POI."""

from typing import ClassVar

from ppc.datamodel.envelope import Envelope
from ppc.datamodel.observation import SystemObs
from ppc.datamodel.rating import ConnectionPoint
from ppc.metier.grid_strength import GridStrength
from ppc.metier.q_choice import QChoice
from ppc.metier.voltage_support import policy
from ppc.metier.voltage_support.policy import VoltageSupportSettings
from ppc.metier.voltage_support.state_machine import StateMachine


class VoltageSupport:
    """Chooses Q by a voltage droop with a first-order response.

    Without a trusted voltage it holds what it gave, then goes to a default. A voltage
    measured some cycles ago that has not expired is still used. It yields to an
    ordered Q, and follows the measured Q meanwhile, to take over without a bump.
    """

    name: ClassVar[str] = "voltage_support"
    Settings: ClassVar[type[VoltageSupportSettings]] = VoltageSupportSettings

    def __init__(
        self, settings: VoltageSupportSettings, plant: ConnectionPoint
    ) -> None:
        self._settings = settings
        self._plant = policy.figures(settings, plant)
        self._machine = StateMachine(reset_s=settings.reset_s)
        self._grid = GridStrength(settings.scr_pu)
        self._q = QChoice()
        self._error_pu = 0.0

    @property
    def mode(self) -> str:
        return self._machine.state

    def step(self, obs: SystemObs, envelope: Envelope) -> Envelope:
        poi = obs.poi
        v_pu = policy.voltage_pu(poi, self._settings, self._plant)
        mode = self._machine.observe(
            time_s=obs.time_s,
            enabled=policy.enabled(obs.orders, self._settings),
            measured=v_pu is not None,
        )
        if v_pu is not None and poi.fresh:
            self._grid.observe(v_pu, self._q_pu(poi.q_var))
        now = policy.Now(
            mode,
            self._machine.in_mode_s(obs.time_s),
            obs.dt_s,
            v_pu,
            poi.q_var,
            self._grid.sensitivity_pu,
            self._error_pu,
        )
        q_var = policy.next_q_var(
            self._q.q_var, now, obs.orders, self._settings, self._plant
        )
        self._error_pu = policy.error_pu(now, obs.orders, self._settings, self._plant)
        return self._q.take(q_var, poi, envelope)

    def _q_pu(self, q_var: float | None) -> float | None:
        return None if q_var is None else q_var / self._plant.p_max_w
