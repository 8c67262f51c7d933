"""The power electronics of a unit: set-points in, current out."""

from math import pi, sin, sqrt
from typing import Literal

from ppc.configuration.simulation import ProtectionSection
from ppc.datamodel.rating import UnitRating
from ppc.keys import DeviceState
from ppc.simulation.physics.machine import Machine, State
from ppc.simulation.physics.network import Injection
from ppc.simulation.physics.response import Dynamics, Lag, SetPoints

I_MAX_PU = 1.1
"""Most current, per unit of the rating: the usual limit of converter models."""
IDLE_PU = 0.001
"""A unit that gives less than this, per unit of its rating, stands by."""
_SHOWN = {
    State.OFF: DeviceState.OFF,
    State.STANDBY: DeviceState.STANDBY,
    State.PRECHARGE: DeviceState.STANDBY,
    State.FAULT: DeviceState.FAULT,
}


class Disorder:
    """What is wrong with a unit's answer. As delivered, nothing is."""

    frozen = False
    """It stays where it is, whatever it is told."""
    droop_pu = 0.0
    """A voltage control of its own: Q = -(V - 1) / droop, against the controller."""
    swing_pu = 0.0
    """It oscillates with this amplitude in P, per unit of its rating ..."""
    swing_s = 1.0
    """... and this period."""
    q_share = 1.0
    """How much of its reactive power it has left."""


class Inverter:
    """Follows P and Q set-points within the limits of its rating and of its source.

    Limits: P^2 + Q^2 <= S^2, where S falls with the voltage and with `derate_pu`;
    |Q| <= the rating's; current <= 1.1. `p_w` and `q_var` are what the network took;
    `p_default_w` holds, with Q = 0, while nobody renews the set-points. `v_pu` and
    `f_hz` at the terminals are set from outside before each step.
    """

    def __init__(
        self,
        rating: UnitRating,
        dynamics: Dynamics,
        v_nominal_v: float,
        *,
        p_default_w: float,
        priority: Literal["p", "q"] = "p",
        protection: ProtectionSection | None = None,
    ) -> None:
        ramp_va_per_s = dynamics.ramp_pu_per_s * rating.s_max_va
        self.rating = rating
        self.machine = Machine(protection or ProtectionSection())
        self.disorder = Disorder()
        self.set_points = SetPoints(dynamics, p_default_w, 0.0)
        self.p_w = self.q_var = 0.0
        self.v_pu, self.f_hz = 1.0, 50.0
        self.derate_pu = 1.0
        self._q_first = priority == "q"
        self._i_max_a = I_MAX_PU * rating.s_max_va / v_nominal_v
        self._p = Lag(dynamics.response_s, ramp_va_per_s)
        self._q = Lag(dynamics.response_s, ramp_va_per_s)
        self._time_s = 0.0

    @property
    def idle(self) -> bool:
        return abs(self.p_w) + abs(self.q_var) < IDLE_PU * self.rating.s_max_va

    @property
    def state(self) -> DeviceState:
        """As it tells it, but for a derating of its source."""
        if self.machine.feeds:
            if self.derate_pu < 1.0 or self.machine.release_pu < 1.0:
                return DeviceState.DERATED
            return DeviceState.STANDBY if self.idle else DeviceState.RUNNING
        return _SHOWN[self.machine.state]

    def step(self, low_w: float, high_w: float, dt_s: float) -> Injection:
        """What it feeds `dt_s` later, with active power kept within [low, high]."""
        self.machine.step(dt_s, self.v_pu, self.f_hz)
        p_w, q_var = self.set_points.step(dt_s)
        if not self.machine.feeds:
            self._p.reset(0.0)
            self._q.reset(0.0)
            return Injection(0j, self._i_max_a)
        disorder, size_va = self.disorder, self.rating.s_max_va
        if disorder.frozen:
            return Injection(complex(self._p.value, self._q.value), self._i_max_a)
        size_va *= self.derate_pu * min(self.v_pu, 1.0)
        release_pu = self.machine.release_pu
        low_w, high_w = (
            max(low_w, -size_va) * release_pu,
            min(high_w, size_va) * release_pu,
        )
        if disorder.droop_pu:
            q_var += (1.0 - self.v_pu) / disorder.droop_pu * self.rating.q_max_var
        q_most_var = min(self.rating.q_max_var * disorder.q_share, size_va)
        if self._q_first:
            q_var = self._follow(self._q, q_var, -q_most_var, q_most_var, dt_s)
            room_w = _room(size_va, q_var)
            low_w, high_w = max(low_w, -room_w), min(high_w, room_w)
            p_w = self._follow(self._p, p_w, low_w, high_w, dt_s)
        else:
            p_w = self._follow(self._p, p_w, low_w, high_w, dt_s)
            room_var = min(_room(size_va, p_w), q_most_var)
            q_var = self._follow(self._q, q_var, -room_var, room_var, dt_s)
        if disorder.swing_pu:
            self._time_s += dt_s
            turn = sin(2.0 * pi * self._time_s / disorder.swing_s)
            p_w += disorder.swing_pu * self.rating.s_max_va * turn
            p_w = min(max(p_w, low_w), high_w)
        return Injection(complex(p_w, q_var), self._i_max_a)

    def settle(self, s_va: complex) -> None:
        """`s_va` is what the network took."""
        self.p_w, self.q_var = s_va.real, s_va.imag

    @staticmethod
    def _follow(lag: Lag, target: float, low: float, high: float, dt_s: float) -> float:
        value = lag.step(min(max(target, low), high), dt_s)
        return min(max(value, low), high)


def q_room_var(rating: UnitRating, p_w: float) -> float:
    """Reactive power left beside `p_w`, either way."""
    return min(_room(rating.s_max_va, p_w), rating.q_max_var)


def _room(size_va: float, taken_va: float) -> float:
    room_va2 = size_va * size_va - taken_va * taken_va
    return sqrt(room_va2) if room_va2 > 0.0 else 0.0
