"""When all reactive power is free, when polygons take some, when nobody knows."""

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from ppc.metier.mode_machine import ModeMachine, Transition, whatever_before


class Mode(StrEnum):
    """What the function is doing."""

    FREE = "free"
    LIMITING = "limiting"
    BLIND = "blind"


class Inputs(NamedTuple):
    """All that a transition may depend on."""

    measured: bool
    """Whether all is measured over which a polygon is set."""
    limiting: bool
    """Whether the polygons leave less than the widest they ever do."""


def _blind(i: Inputs) -> bool:
    """The power or the voltage of a polygon is not measured."""
    return not i.measured


def _limiting(i: Inputs) -> bool:
    """Measured, and the polygons leave less than where they are widest."""
    return i.measured and i.limiting


def _free(i: Inputs) -> bool:
    """Measured, and the polygons leave all they ever do."""
    return i.measured and not i.limiting


TRANSITIONS: Sequence[Transition[Mode, Inputs]] = whatever_before(
    {
        Mode.BLIND: _blind,
        Mode.LIMITING: _limiting,
        Mode.FREE: _free,
    }
)


class StateMachine(ModeMachine[Mode, Inputs]):
    """The mode of the capability."""

    def __init__(self) -> None:
        super().__init__(Mode.FREE, TRANSITIONS)
