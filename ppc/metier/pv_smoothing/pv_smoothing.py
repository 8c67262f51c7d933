"""PV smoothing: batteries take the clouds out of the power of the sun."""

from typing import ClassVar

from ppc.datamodel.envelope import Envelope
from ppc.datamodel.observation import SystemObs
from ppc.datamodel.rating import ConnectionPoint
from ppc.metier.fleet import fleet
from ppc.metier.pv_smoothing import law, policy
from ppc.metier.pv_smoothing.policy import PvSmoothingSettings
from ppc.metier.pv_smoothing.state_machine import Inputs, Mode, StateMachine
from ppc.metier.selection import p_left
from ppc.metier.standing import standing_w


class PvSmoothing:
    """Chooses a power that follows PV slowly, while nobody before it chose P.

    It starts at what is measured at the POI, and goes on from what was granted, so
    batteries at their end wind nothing up. On top, they are led back to their middle.
    Without a meter the last answer is held, then given up.
    """

    name: ClassVar[str] = "pv_smoothing"
    Settings: ClassVar[type[PvSmoothingSettings]] = PvSmoothingSettings

    def __init__(self, settings: PvSmoothingSettings, plant: ConnectionPoint) -> None:
        self._settings = settings
        self._ramp_w_per_s = policy.ramp_w_per_s(settings, plant)
        self._machine = StateMachine()
        self._smooth_w = 0.0
        self._aim_w = 0.0

    @property
    def mode(self) -> str:
        return self._machine.state

    def step(self, obs: SystemObs, envelope: Envelope) -> Envelope:
        was, p_w = self._machine.state, obs.poi.p_w
        free = p_left(obs.orders, envelope)
        mode = self._machine.scan(Inputs(free, p_w is not None), obs.time_s)
        if mode is Mode.IDLE:
            return envelope
        if mode is Mode.BLIND:
            held = self._machine.in_mode_s(obs.time_s) <= self._settings.hold_s
            return envelope.choose_p(self._aim_w) if held else envelope
        assert p_w is not None, "this mode implies a trusted power"
        settings, units = self._settings, fleet(obs, envelope)
        taken_w = units.taken_w(p_w)
        source_w, beside_w = policy.sight(settings, units, taken_w)
        if was is not Mode.SMOOTHING:
            self._smooth_w = standing_w(obs, envelope, p_w) - beside_w
        smooth_w = policy.next_w(
            self._smooth_w,
            source_w,
            settings,
            ramp_w_per_s=self._ramp_w_per_s,
            dt_s=obs.dt_s,
        )
        self._aim_w = law.reach_law(
            smooth_w + beside_w,
            resting_w=units.resting_w(taken_w),
            takes_w=units.bess_able_w.low,
            gives_w=units.bess_able_w.high,
            curtail=settings.surplus == "curtail",
        )
        chosen = envelope.choose_p(self._aim_w)
        self._aim_w = chosen.chosen_w(self._aim_w)
        self._smooth_w = self._aim_w - beside_w
        return chosen
