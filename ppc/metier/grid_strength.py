"""How much the voltage at the POI moves with the plant's own reactive power."""

from collections import deque

USUAL_RATIO = 10.0
"""Short-circuit ratio to begin with; many grid codes are tested at it."""
_WINDOW = 4
"""Samples from the first to the last of a difference."""
_LEAST_PU = 0.03
"""A change of reactive power from which something can be learnt."""
_RANGE_PU = 0.01, 1.5
"""Sensitivities that are possible: short-circuit ratios of 100 and of 0.67."""
_REMEMBERED = 9


class GridStrength:
    """The sensitivity dU/dQ, both per unit (Q of the plant's `p_max_w`), as observed.

    While Q moves, what the voltage does in the same moment is put in relation to it,
    and the middle one of the last relations counts. Steps of the grid itself are no
    part of that: a voltage that falls makes the plant's law raise Q, which gives a
    relation of the wrong sign.

    Source: a choice of this project; for a purely inductive grid the sensitivity is one
    over the short-circuit ratio.
    """

    def __init__(self, ratio: float | None) -> None:
        self._known_pu = None if ratio is None else 1.0 / ratio
        self._learnt_pu = 1.0 / USUAL_RATIO
        self._samples: deque[tuple[float, float]] = deque(maxlen=_WINDOW)
        self._found: deque[float] = deque(maxlen=_REMEMBERED)

    @property
    def sensitivity_pu(self) -> float:
        """dU/dQ, as it is known, else as far as it is learnt."""
        return self._learnt_pu if self._known_pu is None else self._known_pu

    def observe(self, v_pu: float, q_pu: float | None) -> None:
        """Take in what is measured at one moment. None: a gap."""
        if self._known_pu is not None or q_pu is None:
            self._samples.clear()
            return
        self._samples.append((v_pu, q_pu))
        v0_pu, q0_pu = self._samples[0]
        moved_pu = q_pu - q0_pu
        if len(self._samples) < _WINDOW or abs(moved_pu) < _LEAST_PU:
            return
        found_pu = (v_pu - v0_pu) / moved_pu
        least_pu, most_pu = _RANGE_PU
        if found_pu > 0.0:
            self._found.append(min(max(found_pu, least_pu), most_pu))
            self._learnt_pu = sorted(self._found)[len(self._found) // 2]
