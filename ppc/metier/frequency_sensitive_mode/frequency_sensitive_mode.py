"""Frequency sensitive mode: active power in proportion to the frequency's deviation."""

from collections import deque
from typing import ClassVar

from ppc.datamodel.envelope import Envelope, Interval
from ppc.datamodel.observation import SystemObs
from ppc.datamodel.rating import ConnectionPoint
from ppc.metier.frequency_sensitive_mode import law, policy
from ppc.metier.frequency_sensitive_mode.policy import FrequencySensitiveModeSettings
from ppc.metier.frequency_sensitive_mode.state_machine import (
    Inputs,
    Mode,
    StateMachine,
)


class FrequencySensitiveMode:
    """Adds to the power that others choose: more at low frequency, less at high.

    A droop, or a curve of several slopes, up to a reserve: FSM, FCR, FCR-N and FCR-D,
    Dynamic Containment, Moderation and Regulation are its settings. The answer is not
    slowed by the ramp of a set-point, and a later limit does not undo it. What the
    limited mode asks for beyond comes on top. Without a frequency the answer is held,
    then given up.
    """

    name: ClassVar[str] = "frequency_sensitive_mode"
    Settings: ClassVar[type[FrequencySensitiveModeSettings]] = (
        FrequencySensitiveModeSettings
    )

    def __init__(
        self, settings: FrequencySensitiveModeSettings, plant: ConnectionPoint
    ) -> None:
        self._settings = settings
        self._plant = policy.figures(settings, plant)
        self._ends = self._plant.ends()
        self._connection = Envelope(Interval(plant.p_min_w, plant.p_max_w))
        self._machine = StateMachine()
        self._heard_hz: float | None = None
        self._late = _Late(settings.delay_s)
        self._delta_w = 0.0

    @property
    def mode(self) -> str:
        return self._machine.state

    def step(self, obs: SystemObs, envelope: Envelope) -> Envelope:
        time_s = obs.time_s
        share = self._share(obs.poi.f_hz)
        mode = self._machine.scan(
            Inputs(policy.enabled(obs.orders, self._settings), share, *self._ends),
            time_s,
        )
        if mode is Mode.OFF:
            self._heard_hz = None
            self._late.forget()
        elif share is not None:
            self._late.tell(time_s, share * self._plant.reserve_w)
        now = policy.Now(
            mode,
            self._machine.in_mode_s(time_s),
            obs.dt_s,
            self._late.at(time_s),
        )
        self._delta_w = policy.next_delta_w(
            self._delta_w, now, self._settings.hold_s, self._plant
        )
        if not self._delta_w:
            return envelope
        return envelope.tighten(self._connection).add_p(self._delta_w)

    def _share(self, f_hz: float | None) -> float | None:
        """Of the reserve, that the frequency asks for, small changes left out."""
        if f_hz is None:
            return None
        self._heard_hz = law.heard_law(
            f_hz, self._heard_hz, insensitivity_hz=self._plant.insensitivity_hz
        )
        return self._plant.share(self._heard_hz)


class _Late:
    """What was asked for `delay_s` ago; nothing before anything was."""

    def __init__(self, delay_s: float) -> None:
        self._delay_s = delay_s
        self._told: deque[tuple[float, float]] = deque()
        self._value = 0.0

    def forget(self) -> None:
        self._told.clear()
        self._value = 0.0

    def tell(self, time_s: float, value: float) -> None:
        self._told.append((time_s + self._delay_s, value))

    def at(self, time_s: float) -> float:
        while self._told and self._told[0][0] <= time_s:
            self._value = self._told.popleft()[1]
        return self._value
