"""When all batteries are in their window, some are limited, or one is unknown."""

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from ppc.metier.mode_machine import ModeMachine, Transition, whatever_before


class Mode(StrEnum):
    """What the function is doing."""

    NORMAL = "normal"
    LIMITING = "limiting"
    BLIND = "blind"


class Inputs(NamedTuple):
    """All that a transition may depend on."""

    limited: bool
    """Whether some battery may not give or take its rated power."""
    blind: bool
    """Whether the state of charge of some battery has been unknown for too long."""


def _normal(i: Inputs) -> bool:
    """Every battery may use its rated power."""
    return not i.limited and not i.blind


def _limited(i: Inputs) -> bool:
    """Some battery is near a limit, and the state of charge of all is known."""
    return i.limited and not i.blind


def _blind(i: Inputs) -> bool:
    """The state of charge of some battery is unknown, and has been for `hold_s`."""
    return i.blind


TRANSITIONS: Sequence[Transition[Mode, Inputs]] = whatever_before(
    {
        Mode.BLIND: _blind,
        Mode.LIMITING: _limited,
        Mode.NORMAL: _normal,
    }
)


class StateMachine(ModeMachine[Mode, Inputs]):
    """The mode of the state-of-charge window."""

    def __init__(self) -> None:
        super().__init__(Mode.NORMAL, TRANSITIONS)
