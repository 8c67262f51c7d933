"""Fast frequency reserve: all of a reserve within a second of too low a frequency."""

from typing import ClassVar

from ppc.datamodel.envelope import Envelope, Interval
from ppc.datamodel.observation import SystemObs
from ppc.datamodel.rating import ConnectionPoint
from ppc.metier.fast_frequency_reserve import policy
from ppc.metier.fast_frequency_reserve.policy import FastFrequencyReserveSettings
from ppc.metier.fast_frequency_reserve.state_machine import Inputs, StateMachine


class FastFrequencyReserve:
    """Adds the whole reserve to the power that others choose when the frequency falls.

    It stays for its time, whatever the frequency does then, and goes by its own slope.
    After a rest the energy given may be taken back, and only then, with the frequency
    above its threshold, the next fall is answered. Without a frequency none is.
    """

    name: ClassVar[str] = "fast_frequency_reserve"
    Settings: ClassVar[type[FastFrequencyReserveSettings]] = (
        FastFrequencyReserveSettings
    )

    def __init__(
        self, settings: FastFrequencyReserveSettings, plant: ConnectionPoint
    ) -> None:
        self._settings = settings
        self._plant = policy.figures(settings, plant)
        self._connection = Envelope(Interval(plant.p_min_w, plant.p_max_w))
        self._machine = StateMachine()
        self._delta_w = 0.0
        self._given_ws = 0.0

    @property
    def mode(self) -> str:
        return self._machine.state

    def step(self, obs: SystemObs, envelope: Envelope) -> Envelope:
        mode = self._machine.scan(self._inputs(obs), obs.time_s)
        given_w = policy.given_w(self._delta_w, obs.aim)
        self._given_ws = max(self._given_ws + given_w * obs.dt_s, 0.0)
        now = policy.Now(mode, obs.dt_s, obs.poi.f_hz, self._given_ws)
        self._delta_w = policy.next_delta_w(self._delta_w, now, self._plant)
        if not self._delta_w:
            return envelope
        return envelope.tighten(self._connection).add_p(self._delta_w)

    def _inputs(self, obs: SystemObs) -> Inputs:
        settings, plant, machine = self._settings, self._plant, self._machine
        f_hz, time_s = obs.poi.f_hz, obs.time_s
        return Inputs(
            enabled=policy.enabled(obs.orders, settings),
            f_hz=f_hz,
            f_activate_hz=plant.f_activate_hz,
            low_for_s=machine.low_for_s(
                time_s, low=f_hz is not None and f_hz <= plant.f_activate_hz
            ),
            confirm_s=settings.confirm_s,
            in_mode_s=machine.in_mode_s(time_s),
            activation_s=plant.activation_s,
            support_s=settings.support_s,
            buffer_s=settings.buffer_s,
            since_active_s=machine.since_active_s(time_s),
            rearm_s=settings.rearm_s,
            released=self._delta_w == 0.0,
        )
