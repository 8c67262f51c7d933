"""When a set-point of Q is left alone, is limited by the voltage, or nobody knows."""

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from ppc.metier.mode_machine import ModeMachine, Transition, whatever_before


class Mode(StrEnum):
    """What the function is doing."""

    OFF = "off"
    FREE = "free"
    LIMITING = "limiting"
    BLIND = "blind"


class Inputs(NamedTuple):
    """All that a transition may depend on."""

    in_force: bool
    measured: bool
    limiting: bool
    """Whether the voltage leaves less than the set-point."""


def _disabled(i: Inputs) -> bool:
    """Switched off, the plant is blocked, or there is no set-point to be limited."""
    return not i.in_force


def _blind(i: Inputs) -> bool:
    """In force, and the voltage is not measured."""
    return i.in_force and not i.measured


def _limiting(i: Inputs) -> bool:
    """In force, and the voltage does not allow the set-point."""
    return i.in_force and i.measured and i.limiting


def _free(i: Inputs) -> bool:
    """In force, and the voltage allows the set-point."""
    return i.in_force and i.measured and not i.limiting


TRANSITIONS: Sequence[Transition[Mode, Inputs]] = whatever_before(
    {
        Mode.OFF: _disabled,
        Mode.BLIND: _blind,
        Mode.LIMITING: _limiting,
        Mode.FREE: _free,
    }
)


class StateMachine(ModeMachine[Mode, Inputs]):
    """The mode of the limit."""

    def __init__(self) -> None:
        super().__init__(Mode.OFF, TRANSITIONS)
