"""Whether P and Q mean the same to the units and to the meter: a step, and who moves.

Generator sign everywhere: what a unit gives more, the meter at the connection point
shows more of.
"""

from collections.abc import Sequence
from dataclasses import dataclass

MOVED, MOST = 0.5, 2.0
"""Who moves by less or more than these parts of the step has not followed it: it stood
still, or something else happened."""
FOLLOWS, TURNED, STILL = 1, -1, 0


@dataclass(frozen=True, slots=True)
class Step:
    """One quantity of one unit, stepped. SI values."""

    unit: str
    quantity: str
    """ "P" or "Q"."""
    step: float
    unit_moved: float | None
    """Change of the unit's own measurement; None: it has none."""
    meter_moved: float | None

    @property
    def by_unit(self) -> int:
        """Whether the unit's measurement follows the set-point."""
        return _sense(self.unit_moved, self.step)

    @property
    def by_meter(self) -> int:
        """Whether the meter follows the set-point."""
        return _sense(self.meter_moved, self.step)

    @property
    def right(self) -> bool:
        unit_is = self.by_unit == FOLLOWS or self.unit_moved is None
        return unit_is and self.by_meter == FOLLOWS


def _sense(moved: float | None, step: float) -> int:
    if moved is None or not MOVED <= abs(moved / step) <= MOST:
        return STILL
    return FOLLOWS if moved * step > 0.0 else TURNED


_VERDICTS = {
    (STILL, STILL): "{} does not follow the set-point",
    (
        FOLLOWS,
        STILL,
    ): "the meter does not show its {}, or others moved, too",
    (TURNED, STILL): "its {} moves the wrong way, and the meter does not show it",
    (STILL, FOLLOWS): "its own {} does not show what the meter shows",
    (TURNED, FOLLOWS): "its measured {} is turned",
    (TURNED, TURNED): "its set-point of {} is turned",
    (STILL, TURNED): "its set-point of {} is turned, or the meter is",
    (FOLLOWS, TURNED): "its {}, set-point and measurement, is turned, or the meter is",
}
"""By what the unit's own measurement does, and what the meter does."""


def verdict(step: Step) -> str:
    """What one step says of the unit, as if the meter were right."""
    if step.right:
        return "right"
    return _VERDICTS[step.by_unit, step.by_meter].format(step.quantity)


def meter_turned(steps: Sequence[Step], quantity: str) -> bool:
    """Whether all units that say so themselves contradict the meter."""
    said = [s for s in steps if s.quantity == quantity and s.by_unit == FOLLOWS]
    moved = [s for s in said if s.by_meter != STILL]
    return len(moved) > 1 and all(s.by_meter == TURNED for s in moved)


def conclusions(steps: Sequence[Step]) -> list[str]:
    """What is turned, in words; empty: nothing is."""
    found = []
    for quantity in ("P", "Q"):
        turned = meter_turned(steps, quantity)
        if turned:
            found.append(f"the meter's {quantity} is turned: every unit says so")
        for step in steps:
            if step.quantity != quantity or step.right:
                continue
            if turned and step.by_unit == FOLLOWS and step.by_meter == TURNED:
                continue
            found.append(f"{step.unit}: {verdict(step)}")
    return found
