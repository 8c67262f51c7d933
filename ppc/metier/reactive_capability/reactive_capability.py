"""Reactive capability: Q within polygons over active power and over voltage."""

from typing import ClassVar

from ppc.datamodel.envelope import Envelope
from ppc.datamodel.observation import SystemObs
from ppc.datamodel.rating import ConnectionPoint
from ppc.metier.reactive_capability import policy
from ppc.metier.reactive_capability.law import Band
from ppc.metier.reactive_capability.policy import ReactiveCapabilitySettings
from ppc.metier.reactive_capability.state_machine import Inputs, StateMachine


class ReactiveCapability:
    """Limits Q to what is agreed at the measured active power and voltage.

    Whoever chooses Q further down goes on from what was granted. The limits start
    where the polygons say and move by ramp. Without a meter they are held, then taken
    for no active power and nominal voltage. Without a polygon it limits nothing.
    """

    name: ClassVar[str] = "reactive_capability"
    Settings: ClassVar[type[ReactiveCapabilitySettings]] = ReactiveCapabilitySettings

    def __init__(
        self, settings: ReactiveCapabilitySettings, plant: ConnectionPoint
    ) -> None:
        self._settings = settings
        self._plant = policy.figures(settings, plant)
        self._machine = StateMachine()
        self._band_var: Band | None = None
        self._started = False

    @property
    def mode(self) -> str:
        return self._machine.state

    def step(self, obs: SystemObs, envelope: Envelope) -> Envelope:
        settings, plant, poi = self._settings, self._plant, obs.poi
        asked_var = policy.asked_var(poi.p_w, poi.v_v, settings, plant)
        measured = policy.measured(poi.p_w, poi.v_v, settings)
        mode = self._machine.scan(
            Inputs(measured, asked_var != plant.widest_var), obs.time_s
        )
        band_var = self._band_var
        if band_var is None or (measured and not self._started):
            self._started, band_var = measured, asked_var
        now = policy.Now(mode, self._machine.in_mode_s(obs.time_s), obs.dt_s, asked_var)
        self._band_var = policy.next_band_var(band_var, now, settings, plant)
        return envelope.limit_q(*self._band_var)
