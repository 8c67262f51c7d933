"""When a peak is shaved, when batteries are charged again, when the meter is silent."""

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from ppc.metier.mode_machine import ModeMachine, Transition


class Mode(StrEnum):
    """What the function is doing."""

    OFF = "off"
    IDLE = "idle"
    SHAVING = "shaving"
    RECHARGING = "recharging"
    BLIND = "blind"


class Inputs(NamedTuple):
    """All that a transition may depend on."""

    enabled: bool
    resting_w: float | None
    """Import with batteries at rest. None: not known."""
    allowed_w: float
    """Import allowed now."""
    release_w: float
    """Below it a peak is over."""
    recharge_w: float
    """Import up to which batteries are charged; -inf: never."""
    empty: bool
    """Whether batteries are to be charged again, and nobody ordered another power."""
    full: bool
    """Whether they need no more, or another power is ordered."""


def _disabled(i: Inputs) -> bool:
    """The plant is blocked."""
    return not i.enabled


def _enabled(i: Inputs) -> bool:
    """The plant is not blocked."""
    return i.enabled


def _blind(i: Inputs) -> bool:
    """The power at the POI is not measured."""
    return i.resting_w is None


def _seen(i: Inputs) -> bool:
    """The power at the POI is measured."""
    return i.resting_w is not None


def _peak(i: Inputs) -> bool:
    """With batteries at rest the import would be higher than is allowed."""
    return i.resting_w is not None and i.resting_w > i.allowed_w


def _over(i: Inputs) -> bool:
    """With batteries at rest it would be 2 % lower than is allowed."""
    return i.resting_w is not None and i.resting_w < i.release_w


def _recharge(i: Inputs) -> bool:
    """It would be below `recharge_w`, batteries are not full and no P is ordered."""
    return i.resting_w is not None and i.resting_w < i.recharge_w and i.empty


def _recharged(i: Inputs) -> bool:
    """It would be above `recharge_w`, batteries are full or a P is ordered."""
    return i.full or (i.resting_w is not None and i.resting_w > i.recharge_w)


TRANSITIONS: Sequence[Transition[Mode, Inputs]] = (
    (Mode.OFF, Mode.IDLE, _enabled),
    (Mode.IDLE, Mode.OFF, _disabled),
    (Mode.IDLE, Mode.BLIND, _blind),
    (Mode.IDLE, Mode.SHAVING, _peak),
    (Mode.IDLE, Mode.RECHARGING, _recharge),
    (Mode.SHAVING, Mode.OFF, _disabled),
    (Mode.SHAVING, Mode.BLIND, _blind),
    (Mode.SHAVING, Mode.IDLE, _over),
    (Mode.RECHARGING, Mode.OFF, _disabled),
    (Mode.RECHARGING, Mode.BLIND, _blind),
    (Mode.RECHARGING, Mode.SHAVING, _peak),
    (Mode.RECHARGING, Mode.IDLE, _recharged),
    (Mode.BLIND, Mode.OFF, _disabled),
    (Mode.BLIND, Mode.SHAVING, _peak),
    (Mode.BLIND, Mode.RECHARGING, _recharge),
    (Mode.BLIND, Mode.IDLE, _seen),
)


class StateMachine(ModeMachine[Mode, Inputs]):
    """The mode of peak shaving."""

    def __init__(self) -> None:
        super().__init__(Mode.OFF, TRANSITIONS)
