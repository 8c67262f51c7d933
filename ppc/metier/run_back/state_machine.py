"""When a level of the system protection is in force."""

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from ppc.metier.mode_machine import ModeMachine, Transition


class Mode(StrEnum):
    """What the function is doing."""

    FREE = "free"
    LIMITED = "limited"
    HOLD = "hold"
    RELEASE = "release"


class Inputs(NamedTuple):
    """All that a transition may depend on."""

    ordered: bool
    """Whether the operator's order is there at all."""
    active: bool
    """Whether the last order asked for a level."""
    released: bool
    """Whether nothing of the limit is left."""


def _active(i: Inputs) -> bool:
    """The operator orders a level."""
    return i.ordered and i.active


def _lost(i: Inputs) -> bool:
    """The order is lost: its level stays, silence is no release."""
    return not i.ordered and i.active


def _over(i: Inputs) -> bool:
    """The operator orders that there is no level any more."""
    return not i.active


def _released(i: Inputs) -> bool:
    """No level, and nothing of the limit is left."""
    return not i.active and i.released


TRANSITIONS: Sequence[Transition[Mode, Inputs]] = (
    (Mode.FREE, Mode.LIMITED, _active),
    (Mode.LIMITED, Mode.HOLD, _lost),
    (Mode.LIMITED, Mode.RELEASE, _over),
    (Mode.HOLD, Mode.LIMITED, _active),
    (Mode.HOLD, Mode.RELEASE, _over),
    (Mode.RELEASE, Mode.LIMITED, _active),
    (Mode.RELEASE, Mode.FREE, _released),
)


class StateMachine(ModeMachine[Mode, Inputs]):
    """The mode of the run-back."""

    def __init__(self) -> None:
        super().__init__(Mode.FREE, TRANSITIONS)
