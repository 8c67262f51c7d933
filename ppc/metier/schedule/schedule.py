"""Schedule: a power by the time of day and the day of the week."""

from typing import ClassVar

from ppc.datamodel.envelope import Envelope
from ppc.datamodel.observation import SystemObs
from ppc.datamodel.rating import ConnectionPoint
from ppc.metier.schedule import policy
from ppc.metier.schedule.policy import ScheduleSettings
from ppc.metier.schedule.state_machine import Inputs, Mode, StateMachine
from ppc.metier.selection import p_left
from ppc.metier.shaping import approach
from ppc.metier.standing import standing_w


class Schedule:
    """Chooses the power its table has for now, while nobody before it chose P.

    It moves by ramp, from where the plant stands, and goes on from what was granted;
    as long as nobody knows where it stands, it waits. Where the table has no power the
    choice is left to others. When the clock on the wall is not to be trusted, the last
    power is held, then left to others.
    """

    name: ClassVar[str] = "schedule"
    Settings: ClassVar[type[ScheduleSettings]] = ScheduleSettings

    def __init__(self, settings: ScheduleSettings, plant: ConnectionPoint) -> None:
        self._settings = settings
        self._plant = policy.figures(settings, plant)
        self._machine = StateMachine()
        self._target_w = 0.0
        self._granted_w: float | None = None
        self._held = False

    @property
    def mode(self) -> str:
        return self._machine.state

    def step(self, obs: SystemObs, envelope: Envelope) -> Envelope:
        planned_w = policy.planned_w(self._settings, self._plant, obs.wall_s)
        free = p_left(obs.orders, envelope)
        if not self._held:
            stands_w = standing_w(obs, envelope)
            self._granted_w = self._granted_w if stands_w is None else stands_w
        based = self._granted_w is not None
        mode = self._machine.scan(
            Inputs(free, obs.wall_s is not None, planned_w is not None, based),
            obs.time_s,
        )
        if self._granted_w is None:
            return envelope
        late = self._machine.in_mode_s(obs.time_s) > self._settings.hold_s
        self._held = mode is Mode.PLANNED or (mode is Mode.BLIND and not late)
        if not self._held:
            return envelope
        if planned_w is not None:
            self._target_w = planned_w
        p_w = approach(
            self._granted_w,
            self._target_w,
            rate_per_s=self._plant.rate_w_per_s,
            dt_s=obs.dt_s,
        )
        chosen = envelope.choose_p(p_w)
        self._granted_w = chosen.chosen_w(p_w)
        return chosen
