"""Limited frequency sensitive mode: active power against too high or low frequency."""

from typing import ClassVar

from ppc.datamodel.envelope import Envelope, Interval
from ppc.datamodel.observation import SystemObs
from ppc.datamodel.rating import ConnectionPoint
from ppc.metier.limited_frequency_sensitive_mode import policy
from ppc.metier.limited_frequency_sensitive_mode.policy import (
    LimitedFrequencySensitiveModeSettings,
)
from ppc.metier.limited_frequency_sensitive_mode.state_machine import (
    Inputs,
    Mode,
    StateMachine,
)
from ppc.metier.standing import standing_w


class LimitedFrequencySensitiveMode:
    """Adds to the power that others choose: less above the band, more below it.

    The answer is not slowed by the ramp of a set-point, and a later limit does not undo
    it. Above the band it is counted from the power fed when the frequency left it,
    whatever had been ordered; a ramp that was under way goes on afterwards. Without a
    frequency the answer is held, then given up.
    """

    name: ClassVar[str] = "limited_frequency_sensitive_mode"
    Settings: ClassVar[type[LimitedFrequencySensitiveModeSettings]] = (
        LimitedFrequencySensitiveModeSettings
    )

    def __init__(
        self,
        settings: LimitedFrequencySensitiveModeSettings,
        plant: ConnectionPoint,
    ) -> None:
        self._settings = settings
        self._plant = policy.figures(settings, plant)
        self._machine = StateMachine()
        self._delta_w = 0.0
        self._reference_w = self._base_w = plant.p_max_w
        self._held = False
        self._hold_w: float | None = None
        self._p_w: float | None = None
        self._connection = Envelope(Interval(plant.p_min_w, plant.p_max_w))

    @property
    def mode(self) -> str:
        return self._machine.state

    def step(self, obs: SystemObs, envelope: Envelope) -> Envelope:
        poi, figures, time_s = obs.poi, self._plant, obs.time_s
        f_hz = poi.f_hz
        over_for_s, under_for_s = self._machine.outside_s(
            time_s,
            over=f_hz is not None and f_hz > figures.over_hz,
            under=f_hz is not None and f_hz < figures.under_hz,
        )
        was = self._machine.state
        mode = self._machine.scan(
            Inputs(
                policy.enabled(obs.orders, self._settings),
                f_hz,
                over_for_s,
                under_for_s,
                self._settings.delay_s,
                figures.stop_over_hz,
                figures.stop_under_hz,
                released=self._delta_w == 0.0,
            ),
            time_s,
        )
        was_held = self._held
        self._held = mode is not Mode.OFF and policy.holds_base(
            f_hz, self._settings, figures, held=was_held
        )
        if not was_held:
            self._hold_w = standing_w(obs, envelope)
        if was is Mode.NORMAL and mode in {Mode.OVER, Mode.UNDER}:
            self._latch()
        elif mode is Mode.NORMAL and not was_held:
            self._see(obs, envelope)
        in_mode_s = self._machine.in_mode_s(time_s)
        now = policy.Now(mode, in_mode_s, obs.dt_s, f_hz, self._reference_w)
        self._delta_w = policy.next_delta_w(self._delta_w, now, self._settings, figures)
        return self._limited(envelope)

    def _see(self, obs: SystemObs, envelope: Envelope) -> None:
        """Remember the power that is fed, without what rides on it. While one more
        binding function holds the plant through a fault, what is fed is not what it
        stands for.
        """
        if obs.poi.p_w is not None and envelope.p_wish_w is None:
            riding_w = 0.0 if obs.aim is None else obs.aim.p_w - obs.aim.chosen_w
            self._p_w = obs.poi.p_w - riding_w

    def _limited(self, envelope: Envelope) -> Envelope:
        """The answer rides on what others choose, within the connection's limits. Above
        the band nobody gets more than what was fed at its beginning, less the answer.
        """
        if not self._delta_w and not self._held:
            return envelope
        answered = envelope.tighten(self._connection).add_p(self._delta_w)
        if self._held and self._hold_w is not None:
            return answered.hold_choice(self._hold_w)
        return answered.limit_p(high=self._base_w) if self._delta_w < 0.0 else answered

    def _latch(self) -> None:
        """The power from which the answer that begins now is counted, and its size."""
        if self._p_w is None:
            return
        self._base_w = self._p_w
        latched = self._settings.reference == "latched"
        self._reference_w = abs(self._p_w) if latched else self._plant.p_max_w
