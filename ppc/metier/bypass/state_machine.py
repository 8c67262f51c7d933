"""When set-points of another controller go through."""

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from ppc.metier.mode_machine import ModeMachine, Transition


class Mode(StrEnum):
    """What the function is doing."""

    OFF = "off"
    BYPASSED = "bypassed"
    HOLD = "hold"


class Inputs(NamedTuple):
    """All that a transition may depend on."""

    ordered: bool
    expired: bool
    """Whether the operator says nothing of it."""
    in_mode_s: float
    hold_s: float


def _ordered(i: Inputs) -> bool:
    """The operator orders it."""
    return i.ordered


def _ended(i: Inputs) -> bool:
    """The operator ends it, or the plant is disabled."""
    return not i.ordered and not i.expired


def _expired(i: Inputs) -> bool:
    """The order has expired."""
    return not i.ordered and i.expired


def _given_up(i: Inputs) -> bool:
    """The operator ends it, or its order has been missing for `hold_s`."""
    return not i.ordered and (not i.expired or i.in_mode_s >= i.hold_s)


TRANSITIONS: Sequence[Transition[Mode, Inputs]] = (
    (Mode.OFF, Mode.BYPASSED, _ordered),
    (Mode.BYPASSED, Mode.OFF, _ended),
    (Mode.BYPASSED, Mode.HOLD, _expired),
    (Mode.HOLD, Mode.BYPASSED, _ordered),
    (Mode.HOLD, Mode.OFF, _given_up),
)


class StateMachine(ModeMachine[Mode, Inputs]):
    """The mode of the bypass."""

    def __init__(self) -> None:
        super().__init__(Mode.OFF, TRANSITIONS)
