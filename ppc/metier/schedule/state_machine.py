"""When the table says a power, and when too little is known to follow it."""

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from ppc.metier.mode_machine import ModeMachine, Transition


class Mode(StrEnum):
    """What the function is doing."""

    IDLE = "idle"
    PLANNED = "planned"
    BLIND = "blind"


class Inputs(NamedTuple):
    """All that a transition may depend on."""

    free: bool
    """Whether the plant is not blocked and nobody before has chosen P."""
    clock: bool
    """Whether the time of day is known."""
    planned: bool
    """Whether the table has a power for it."""
    based: bool
    """Whether it is known where the plant stands: there the ramp begins."""


def _planned(i: Inputs) -> bool:
    """The table has a power for now, nobody before it has chosen one, and it is known
    where to begin.
    """
    return i.free and i.clock and i.planned and i.based


def _not_planned(i: Inputs) -> bool:
    """The table has none, a function before it chose P, or the plant is blocked."""
    return not i.free or (i.clock and not i.planned)


def _no_base(i: Inputs) -> bool:
    """The table has a power for now, but it is not known where to begin."""
    return i.free and i.clock and i.planned and not i.based


def _no_clock(i: Inputs) -> bool:
    """The time of day is not known."""
    return not i.clock


TRANSITIONS: Sequence[Transition[Mode, Inputs]] = (
    (Mode.IDLE, Mode.PLANNED, _planned),
    (Mode.IDLE, Mode.BLIND, _no_base),
    (Mode.PLANNED, Mode.IDLE, _not_planned),
    (Mode.PLANNED, Mode.BLIND, _no_clock),
    (Mode.BLIND, Mode.IDLE, _not_planned),
    (Mode.BLIND, Mode.PLANNED, _planned),
)


class StateMachine(ModeMachine[Mode, Inputs]):
    """The mode of the schedule."""

    def __init__(self) -> None:
        super().__init__(Mode.IDLE, TRANSITIONS)
