"""The power electronics of a unit: set-points in, current out."""

from math import sqrt

from ppc.datamodel.rating import UnitRating
from ppc.simulation.physics.grid import Injection
from ppc.simulation.physics.response import Dynamics, Lag, SetPoints

I_MAX_PU = 1.1
"""Most current, per unit of the rating: the usual limit of converter models."""
IDLE_PU = 0.001
"""A unit that gives less than this, per unit of its rating, stands by."""


class Inverter:
    """Follows P and Q set-points within the limits of its rating and of its source.

    P goes before Q on the circle P^2 + Q^2 <= S^2. `p_w` and `q_var` are what the
    network took; `p_default_w` holds, with Q = 0, while nobody renews the set-points.
    """

    def __init__(
        self,
        rating: UnitRating,
        dynamics: Dynamics,
        v_nominal_v: float,
        *,
        p_default_w: float,
    ) -> None:
        ramp_va_per_s = dynamics.ramp_pu_per_s * rating.s_max_va
        self.rating = rating
        self.set_points = SetPoints(dynamics, p_default_w, 0.0)
        self.p_w = self.q_var = 0.0
        self._i_max_a = I_MAX_PU * rating.s_max_va / v_nominal_v
        self._p = Lag(dynamics.response_s, ramp_va_per_s)
        self._q = Lag(dynamics.response_s, ramp_va_per_s)

    @property
    def idle(self) -> bool:
        return abs(self.p_w) + abs(self.q_var) < IDLE_PU * self.rating.s_max_va

    def step(self, low_w: float, high_w: float, dt_s: float) -> Injection:
        """What it feeds `dt_s` later, with active power kept within [low, high]."""
        p_w, q_var = self.set_points.step(dt_s)
        p_w = self._p.step(_clamp(p_w, low_w, high_w), dt_s)
        p_w = _clamp(p_w, low_w, high_w)
        room_var = q_room_var(self.rating, p_w)
        q_var = self._q.step(_clamp(q_var, -room_var, room_var), dt_s)
        q_var = _clamp(q_var, -room_var, room_var)
        return Injection(complex(p_w, q_var), self._i_max_a)

    def settle(self, s_va: complex) -> None:
        """`s_va` is what the network took."""
        self.p_w, self.q_var = s_va.real, s_va.imag


def q_room_var(rating: UnitRating, p_w: float) -> float:
    """Reactive power left beside `p_w`, either way."""
    room_va2 = rating.s_max_va**2 - p_w * p_w
    return min(sqrt(room_va2), rating.q_max_var) if room_va2 > 0.0 else 0.0


def _clamp(value: float, low: float, high: float) -> float:
    return min(max(value, low), high)
