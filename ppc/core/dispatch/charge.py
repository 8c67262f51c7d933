"""States of charge, steady enough to share by."""

from collections.abc import Mapping, Sequence

from ppc.core.capability import Ready

_UNKNOWN_PU = 0.5


class SteadyCharge:
    """The state of charge of each battery, with play: what is used follows what is
    seen only as far as it is more than `play_pu` away.

    So noise within the play moves nothing, and a real drift is followed one way. What
    jumps by more than twice the play is neither, and taken as it is seen.
    Source: control_functions F72, hysteresis of 2 % against hunting.
    """

    def __init__(self, play_pu: float) -> None:
        self._play_pu = play_pu
        self._used: dict[str, float] = {}

    def step(self, batteries: Sequence[Ready]) -> Mapping[str, float]:
        """State of charge to use, by name. Who was away begins with what is seen."""
        play_pu, used = self._play_pu, self._used
        now = {}
        for unit in batteries:
            seen = soc_pu(unit)
            held = used.get(unit.name, seen)
            if abs(held - seen) > 2.0 * play_pu:
                held = seen
            now[unit.name] = min(max(held, seen - play_pu), seen + play_pu)
        self._used = now
        return now


def soc_pu(unit: Ready) -> float:
    """Part of what the battery can hold that it holds; a half where it is unknown."""
    whole_wh = unit.above_wh + unit.room_wh
    return unit.above_wh / whole_wh if whole_wh > 0.0 else _UNKNOWN_PU


def energy_weight(
    unit: Ready, used_pu: float, *, charging: bool, gamma: float
) -> float:
    """By what the battery holds, or by the room it has.

    w = E * SOC**gamma discharging, E * (1 - SOC)**gamma charging. gamma > 1 empties
    the fullest, and fills the emptiest, the faster. Args: `used_pu`, its state of
    charge; `gamma`, 1 to 2. Source: control_functions F72, without its SOC_min and
    SOC_max: near these the battery is stopped by its limits.
    """
    part = 1.0 - used_pu if charging else used_pu
    return (unit.above_wh + unit.room_wh) * float(max(part, 0.0) ** gamma)
