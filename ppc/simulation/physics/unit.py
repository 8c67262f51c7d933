"""What every simulated unit offers to the plant around it."""

from collections.abc import Mapping
from math import sqrt
from typing import Protocol

from ppc.datamodel.rating import UnitRating
from ppc.keys import Key
from ppc.simulation.physics.grid import Injection
from ppc.simulation.physics.sky import Sky

I_MAX_PU = 1.1
"""Most current of an inverter, per unit of its rating. REEC_A, usual `Imax`."""
IDLE_PU = 0.001
"""A unit that gives less than this stands by."""


class Unit(Protocol):
    """A battery or PV inverter behind the collector.

    In each step it first says what it wants to feed, then learns what it fed.
    `slow_dt_s` is the time that has passed for what is slow: sun and store of energy.
    """

    rating: UnitRating

    def write(self, values: Mapping[Key, float]) -> None:
        """Take set-points: P_SET_W, Q_SET_VAR, or one of them."""
        ...

    def step(self, dt_s: float, slow_dt_s: float, sky: Sky) -> Injection: ...

    def settle(self, s_va: complex, slow_dt_s: float) -> None:
        """`s_va` is what the network took."""
        ...

    def signals(self) -> dict[Key, float]:
        """What the unit says of itself."""
        ...


def q_room_var(rating: UnitRating, p_w: float) -> float:
    """Reactive power left beside `p_w`: the circle P^2 + Q^2 <= S^2, P first."""
    room_va2 = rating.s_max_va**2 - p_w * p_w
    return min(sqrt(room_va2), rating.q_max_var) if room_va2 > 0.0 else 0.0
