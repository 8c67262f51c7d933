"""What a unit's map has no register for, assumed as the plant can live with."""

from collections.abc import Mapping
from typing import NamedTuple

from ppc.datamodel.observation import Setpoint, Unit
from ppc.datamodel.rating import EquipmentType

_MARGIN_PU = 0.02
"""So much more than it gives a unit is thought able to, of its rating: it must be free
to rise with the sun."""
_ANSWER_S = 2.0
"""A unit that gives less than asked for so long has no more to give."""
_HOPE_PU_PER_S = 0.05
"""So fast the belief rises that a unit which gives all it is asked could give more."""


def believed(
    before_w: float, p_w: float, short_s: float, *, p_max_w: float, dt_s: float
) -> float:
    """What a unit that does not tell it could give.

    Law: m = 0.02 p_max_w. After 2 s of giving less than asked by more than m / 2:
    p_w + m. Else before_w + 0.05 / s p_max_w dt_s, at least p_w + m, at most p_max_w;
    and as before while it is not known whether it will follow.

    Args:
        before_w: What was believed before [W].
        p_w: What it gives [W].
        short_s: How long it has given less than it was asked for [s].
        p_max_w: Its rating [W].
        dt_s: Since the last cycle [s].

    Returns:
        Active power it could give [W].

    Source:
        This project: what is asked in vain is left to others after two seconds, and
        the sun may rise by a twentieth of the rating each second unseen.
    """
    margin_w = _MARGIN_PU * p_max_w
    if short_s >= _ANSWER_S:
        return min(p_w + margin_w, p_max_w)
    hope_w = 0.0 if short_s > 0.0 else _HOPE_PU_PER_S * p_max_w * dt_s
    return min(max(before_w + hope_w, p_w + margin_w), p_max_w)


class _Memory(NamedTuple):
    available_w: float
    short_s: float


class Untold:
    """Fills the gaps that stand in `UnitRating.untold`; a value that is merely missing
    stays missing.

    Reactive power that is not told is what was asked. A battery is thought able to give
    and take its rating: its state of charge is guarded by others.
    """

    def __init__(self) -> None:
        self._memory: dict[str, _Memory] = {}

    def fill(
        self, units: Mapping[str, Unit], asked: Mapping[str, Setpoint], dt_s: float
    ) -> Mapping[str, Unit]:
        """The same units with what they cannot tell."""
        if not any(unit.rating.untold for unit in units.values()):
            return units
        return {n: self._filled(u, asked.get(n), dt_s) for n, u in units.items()}

    def _filled(self, unit: Unit, asked: Setpoint | None, dt_s: float) -> Unit:
        rating, untold = unit.rating, unit.rating.untold
        if not untold or unit.p_w is None:
            self._memory.pop(unit.name, None)
            return unit
        if "q_var" in untold:
            unit = unit._replace(q_var=0.0 if asked is None else asked.q_var)
        if "p_available_min_w" in untold:
            unit = unit._replace(p_available_min_w=rating.p_min_w)
        if "p_available_w" in untold:
            available_w = (
                rating.p_max_w
                if rating.type is EquipmentType.BESS
                else self._available_w(unit, asked, dt_s)
            )
            unit = unit._replace(p_available_w=available_w)
        return unit

    def _available_w(self, unit: Unit, asked: Setpoint | None, dt_s: float) -> float:
        p_max_w, p_w = unit.rating.p_max_w, unit.p_w
        assert p_w is not None, "asked only of units that tell what they give"
        asked_w = p_w if asked is None else asked.p_w
        before = self._memory.get(unit.name) or _Memory(p_max_w, 0.0)
        short = p_w < asked_w - 0.5 * _MARGIN_PU * p_max_w
        short_s = before.short_s + dt_s if short else 0.0
        available_w = believed(
            before.available_w, p_w, short_s, p_max_w=p_max_w, dt_s=dt_s
        )
        self._memory[unit.name] = _Memory(available_w, short_s)
        return available_w
