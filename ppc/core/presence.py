"""What all units deliver together, those included that do not say it any more."""

from typing import NamedTuple

from ppc.datamodel.observation import SystemObs

_MEMORY_S = 30.0
"""So long a silent unit may go on with what it did: longer than watchdogs of units."""


class Seen(NamedTuple):
    """All units together."""

    p_w: float
    q_var: float
    stir_w: float
    """How far they moved since the last cycle, the ups and the downs added."""
    stir_var: float


class _Last(NamedTuple):
    p_w: float
    q_var: float
    time_s: float


class Presence:
    """Remembers what units said last.

    A unit that is cut off goes on until its own watchdog ends it; one that has tripped
    does not. Which of the two it is shows at the POI: the assumption is taken that
    leaves the smaller part unexplained.
    """

    def __init__(self) -> None:
        self._last: dict[str, _Last] = {}

    def of(self, obs: SystemObs, *, losses_w: float, p_w: float | None) -> Seen:
        """Add up this cycle; `losses_w` is what lies between units and `p_w`."""
        known_w = known_var = silent_w = silent_var = stir_w = stir_var = 0.0
        last = self._last
        for units in (obs.bess, obs.pv):
            for name, unit in units.items():
                before = last.get(name)
                if unit.p_w is None or unit.q_var is None:
                    if before is not None and obs.time_s - before.time_s < _MEMORY_S:
                        silent_w += before.p_w
                        silent_var += before.q_var
                    continue
                known_w += unit.p_w
                known_var += unit.q_var
                if before is not None:
                    stir_w += abs(unit.p_w - before.p_w)
                    stir_var += abs(unit.q_var - before.q_var)
                last[name] = _Last(unit.p_w, unit.q_var, obs.time_s)
        if silent_w and p_w is not None:
            gap_w = known_w - p_w - losses_w
            if abs(gap_w + silent_w) < abs(gap_w):
                known_w, known_var = known_w + silent_w, known_var + silent_var
        return Seen(known_w, known_var, stir_w, stir_var)
