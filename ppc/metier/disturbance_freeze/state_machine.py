"""When P and Q are held because of a fault in the grid."""

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from ppc.metier.mode_machine import ModeMachine, Transition


class Mode(StrEnum):
    """What the function is doing."""

    NORMAL = "normal"
    FROZEN = "frozen"
    RECOVERING = "recovering"
    GIVEN_UP = "given_up"


class Inputs(NamedTuple):
    """All that a transition may depend on."""

    disturbed: bool
    """Whether the voltage is that of a fault."""
    in_mode_s: float
    release_s: float
    hold_most_s: float


def _fault(i: Inputs) -> bool:
    """The voltage is that of a fault."""
    return i.disturbed


def _over(i: Inputs) -> bool:
    """The voltage is back."""
    return not i.disturbed


def _too_long(i: Inputs) -> bool:
    """It has been away for `hold_most_s`."""
    return i.disturbed and i.in_mode_s >= i.hold_most_s


def _released(i: Inputs) -> bool:
    """It has been back for `release_s`."""
    return not i.disturbed and i.in_mode_s >= i.release_s


TRANSITIONS: Sequence[Transition[Mode, Inputs]] = (
    (Mode.NORMAL, Mode.FROZEN, _fault),
    (Mode.FROZEN, Mode.GIVEN_UP, _too_long),
    (Mode.FROZEN, Mode.RECOVERING, _over),
    (Mode.RECOVERING, Mode.FROZEN, _fault),
    (Mode.RECOVERING, Mode.NORMAL, _released),
    (Mode.GIVEN_UP, Mode.NORMAL, _over),
)


class StateMachine(ModeMachine[Mode, Inputs]):
    """The mode of the freeze."""

    def __init__(self) -> None:
        super().__init__(Mode.NORMAL, TRANSITIONS)
