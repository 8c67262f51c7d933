"""When PV is smoothed, and when the meter is silent."""

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from ppc.metier.mode_machine import ModeMachine, Transition


class Mode(StrEnum):
    """What the function is doing."""

    IDLE = "idle"
    SMOOTHING = "smoothing"
    BLIND = "blind"


class Inputs(NamedTuple):
    """All that a transition may depend on."""

    free: bool
    """Whether the plant is not blocked and nobody before has chosen P."""
    measured: bool
    """Whether the power at the POI is known."""


def _taken(i: Inputs) -> bool:
    """A function before it has chosen P, or the plant is blocked."""
    return not i.free


def _measured(i: Inputs) -> bool:
    """Nobody before it has chosen P, and the power at the POI is measured."""
    return i.free and i.measured


def _blind(i: Inputs) -> bool:
    """The power at the POI is not measured."""
    return not i.measured


TRANSITIONS: Sequence[Transition[Mode, Inputs]] = (
    (Mode.IDLE, Mode.SMOOTHING, _measured),
    (Mode.SMOOTHING, Mode.IDLE, _taken),
    (Mode.SMOOTHING, Mode.BLIND, _blind),
    (Mode.BLIND, Mode.IDLE, _taken),
    (Mode.BLIND, Mode.SMOOTHING, _measured),
)


class StateMachine(ModeMachine[Mode, Inputs]):
    """The mode of PV smoothing."""

    def __init__(self) -> None:
        super().__init__(Mode.IDLE, TRANSITIONS)
