"""Set-point tracking: the operator's P and Q orders, by ramps."""

from typing import ClassVar

from ppc.datamodel.envelope import Envelope
from ppc.datamodel.observation import SystemObs
from ppc.datamodel.rating import ConnectionPoint
from ppc.metier.set_point_tracking import policy
from ppc.metier.set_point_tracking.policy import Course, SetPointTrackingSettings
from ppc.metier.set_point_tracking.state_machine import (
    Inputs,
    Mode,
    StateMachine,
    together,
)
from ppc.metier.standing import standing_var, standing_w


class SetPointTracking:
    """Chooses P while a P is ordered, and Q while a Q is ordered.

    A ramp starts where the plant stands: at what was granted last, at the POI or at the
    units; as long as nobody knows it, nothing is chosen. It goes on from what was
    granted, so it never winds up against a limit. An order that expired still counts
    for a while; then a default takes over, or nobody. That is so against functions
    that stand after it: the laws of Q belong there.
    """

    name: ClassVar[str] = "set_point_tracking"
    Settings: ClassVar[type[SetPointTrackingSettings]] = SetPointTrackingSettings

    def __init__(
        self, settings: SetPointTrackingSettings, plant: ConnectionPoint
    ) -> None:
        p_course, q_course = policy.courses(settings, plant)
        self._p = _Track(p_course)
        self._q = _Track(q_course)

    @property
    def mode(self) -> str:
        return together((self._p.mode, self._q.mode))

    def step(self, obs: SystemObs, envelope: Envelope) -> Envelope:
        p_w = self._p.next(
            obs,
            others=False,
            order=obs.orders.p_set_w,
            stands=standing_w(obs, envelope),
        )
        q_var = self._q.next(
            obs,
            others=policy.q_left_to_others(obs.orders),
            order=obs.orders.q_set_var,
            stands=standing_var(obs, envelope),
        )
        if p_w is not None:
            envelope = envelope.choose_p(p_w)
            self._p.granted = envelope.chosen_w(p_w)
        if q_var is not None:
            envelope = envelope.choose_q(q_var)
            self._q.granted = envelope.q_var.clamp(q_var)
        return envelope


class _Track:
    """P or Q on its way: the set-point in force, and the order it goes to."""

    def __init__(self, course: Course) -> None:
        self.granted: float | None = None
        self._course = course
        self._machine = StateMachine()
        self._order = 0.0

    @property
    def mode(self) -> Mode:
        return self._machine.state

    def next(
        self,
        obs: SystemObs,
        *,
        others: bool,
        order: float | None,
        stands: float | None,
    ) -> float | None:
        """Set-point for this cycle, or None to leave it to others."""
        machine, time_s = self._machine, obs.time_s
        if machine.state in {Mode.IDLE, Mode.BLIND} and stands is not None:
            self.granted = stands
        if order is not None:
            self._order = order
        over = self._course.over(machine.state, machine.in_mode_s(time_s))
        blocked = obs.orders.enable_code == 0 or others
        based = self.granted is not None
        mode = machine.scan(Inputs(blocked, order is not None, based, over), time_s)
        if self.granted is None:
            return None
        now = policy.Now(mode, machine.in_mode_s(time_s), obs.dt_s, self._order)
        return policy.next_set_point(self.granted, now, self._course)
