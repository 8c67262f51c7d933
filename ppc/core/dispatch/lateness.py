"""PV that follows the sun, and how far it is behind: batteries need not wait for it."""

from collections.abc import Iterable, Mapping
from math import exp

from ppc.core.capability import Ready
from ppc.datamodel.observation import Setpoint
from ppc.datamodel.rating import EquipmentType

_ARRIVED_PU = 0.01
"""A unit nearer to a power than this part of its rating is there."""
_JUMP_PER_S = 1.0
"""No cloud leaves an array quicker than this, in parts of its rating: what it could
give jumps when a limit is lifted, or when it says something else than before."""
_CYCLES = 2.0
"""Batteries take about one to answer what is asked of them, and hold it for one."""


class Lateness:
    """What PV could give, but will not deliver yet when batteries have answered.

    Where a cloud ends, PV delivers some tenths of a second after it says what it could
    give, and batteries that rely on what it says are ahead of it. Only PV that follows
    the sun counts: one that was held back, by a set-point or a limit, or was away does
    not count before it has been at what it could give.
    """

    def __init__(self, response_s: float) -> None:
        self._response_s = response_s
        self._high_w: dict[str, float] = {}
        self._following: set[str] = set()

    def step(
        self,
        units: Iterable[Ready],
        asked: Mapping[str, Setpoint],
        *,
        disturbed: bool,
        dt_s: float,
    ) -> float:
        """What all are late together [W]; `asked` is what each was asked for last.

        `disturbed`: the voltage is too low to judge by what units deliver.
        """
        pv = [u for u in units if u.type is not EquipmentType.BESS]
        self._following = {
            u.name
            for u in pv
            if not disturbed
            and (
                u.p_high_w - u.p_w <= _ARRIVED_PU * u.s_max_va
                or self._still_follows(u, asked.get(u.name), dt_s)
            )
        }
        self._high_w = {u.name: u.p_high_w for u in pv}
        behind_w = sum(u.p_high_w - u.p_w for u in pv if u.name in self._following)
        return late_law(behind_w, response_s=self._response_s, dt_s=dt_s)

    def _still_follows(self, unit: Ready, asked: Setpoint | None, dt_s: float) -> bool:
        """Whether one that followed the sun has not been held back since."""
        if asked is None or unit.name not in self._following:
            return False
        high_w, near_w = self._high_w[unit.name], _ARRIVED_PU * unit.s_max_va
        held = asked.p_w < high_w - near_w and unit.p_w >= asked.p_w - near_w
        jumped = unit.p_high_w - high_w > _JUMP_PER_S * dt_s * unit.s_max_va
        return not held and not jumped


def late_law(behind_w: float, *, response_s: float, dt_s: float) -> float:
    """What will be missing still when batteries have answered [W].

    max(behind, 0) * exp(-2 dt / response): PV catches up with the rest by itself, and
    batteries that gave that, too, would bring the plant above what is asked.

    Args:
        behind_w: What PV delivers less than it could [W].
        response_s: Time constant with which it follows [s]; 0: at once.
        dt_s: Length of a cycle [s].

    Source:
        First-order lag, two cycles on; this project.
    """
    if response_s <= 0.0:
        return 0.0
    return max(behind_w, 0.0) * exp(-_CYCLES * dt_s / response_s)
