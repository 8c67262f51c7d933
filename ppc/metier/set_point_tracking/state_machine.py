"""When an order is followed, when one that expired still counts, when there is none."""

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from ppc.metier.mode_machine import ModeMachine, Transition


class Mode(StrEnum):
    """What the function is doing, for P and for Q on their own."""

    IDLE = "idle"
    BLIND = "blind"
    TRACKING = "tracking"
    FALLBACK = "fallback"


class Inputs(NamedTuple):
    """All that a transition may depend on."""

    blocked: bool
    """The operator has withdrawn his release, or ordered another mode."""
    ordered: bool
    """A set-point is in force."""
    based: bool
    """It is known where the plant stands: there a ramp begins."""
    over: bool
    """After `hold_s` there is no default to go to."""


def _blocked(i: Inputs) -> bool:
    """The plant is disabled, or follows no set-point in the mode that is ordered."""
    return i.blocked


def _ordered(i: Inputs) -> bool:
    """A set-point is in force, it is to be followed, and it is known where to begin."""
    return i.ordered and i.based and not i.blocked


def _blind(i: Inputs) -> bool:
    """A set-point is to be followed, but it is not known where to begin."""
    return i.ordered and not i.based and not i.blocked


def _not_ordered(i: Inputs) -> bool:
    """There is no set-point to be followed."""
    return i.blocked or not i.ordered


def _expired(i: Inputs) -> bool:
    """The set-point has expired."""
    return not i.ordered


def _over(i: Inputs) -> bool:
    """It is not to be followed now, or `hold_s` is over and there is no default."""
    return i.blocked or i.over


TRANSITIONS: Sequence[Transition[Mode, Inputs]] = (
    (Mode.IDLE, Mode.TRACKING, _ordered),
    (Mode.IDLE, Mode.BLIND, _blind),
    (Mode.BLIND, Mode.TRACKING, _ordered),
    (Mode.BLIND, Mode.IDLE, _not_ordered),
    (Mode.TRACKING, Mode.IDLE, _blocked),
    (Mode.TRACKING, Mode.FALLBACK, _expired),
    (Mode.FALLBACK, Mode.TRACKING, _ordered),
    (Mode.FALLBACK, Mode.IDLE, _over),
)


class StateMachine(ModeMachine[Mode, Inputs]):
    """The mode of one quantity, P or Q."""

    def __init__(self) -> None:
        super().__init__(Mode.IDLE, TRANSITIONS)


def together(modes: Sequence[Mode]) -> Mode:
    """The mode that tells most: one that cannot be followed, a fallback, then one that
    is followed.
    """
    for mode in (Mode.BLIND, Mode.FALLBACK, Mode.TRACKING):
        if mode in modes:
            return mode
    return Mode.IDLE
