"""When ramps are limited."""

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from ppc.metier.mode_machine import ModeMachine, Transition, whatever_before


class Mode(StrEnum):
    """What the function is doing."""

    AUTO = "auto"
    BLIND = "blind"


class Inputs(NamedTuple):
    """All that a transition may depend on."""

    based: bool
    """Whether it is known what was aimed at, or what flows."""


def _able(i: Inputs) -> bool:
    """There is a power to begin at."""
    return i.based


def _blind(i: Inputs) -> bool:
    """It is not known what was aimed at, nor what flows."""
    return not i.based


TRANSITIONS: Sequence[Transition[Mode, Inputs]] = whatever_before(
    {Mode.AUTO: _able, Mode.BLIND: _blind}
)


class StateMachine(ModeMachine[Mode, Inputs]):
    """The mode of the ramp rate limit."""

    def __init__(self) -> None:
        super().__init__(Mode.BLIND, TRANSITIONS)
