"""When the power is in its band, when batteries bring it back, when they cannot."""

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from ppc.metier.mode_machine import ModeMachine, Transition


class Mode(StrEnum):
    """What the function is doing."""

    IDLE = "idle"
    REPLACEMENT = "replacement"
    EMERGENCY = "emergency"
    EXHAUSTED = "exhausted"
    BLIND = "blind"


class Inputs(NamedTuple):
    """All that a transition may depend on."""

    free: bool
    """Whether there is a plan, nobody before has chosen P, and no block."""
    known: bool
    """Whether power, time of day and state of charge are known."""
    outside: bool
    """Whether the power with batteries at rest is outside the band."""
    well_inside: bool
    """Whether it is within the inner half of the band."""
    usable: bool
    """Whether the state of charge allows to bring it back."""


def _taken(i: Inputs) -> bool:
    """There is no plan, a function before it has chosen P, or the plant is blocked."""
    return not i.free


def _blind(i: Inputs) -> bool:
    """The power at the POI, the time of day or the state of charge is not known."""
    return not i.known


def _known(i: Inputs) -> bool:
    """There is a plan, nobody before it has chosen P, and all it needs is known."""
    return i.free and i.known


def _outside(i: Inputs) -> bool:
    """With batteries at rest the power would leave the band, and they can help."""
    return i.known and i.outside and i.usable


def _exhausted(i: Inputs) -> bool:
    """With batteries at rest it would leave the band, and they must not help."""
    return i.known and i.outside and not i.usable


def _back(i: Inputs) -> bool:
    """With batteries at rest it would be in the inner half of the band."""
    return i.known and i.well_inside


def _not_usable(i: Inputs) -> bool:
    """The state of charge does not allow to bring it back any more."""
    return not i.usable


TRANSITIONS: Sequence[Transition[Mode, Inputs]] = (
    (Mode.IDLE, Mode.REPLACEMENT, _known),
    (Mode.REPLACEMENT, Mode.IDLE, _taken),
    (Mode.REPLACEMENT, Mode.BLIND, _blind),
    (Mode.REPLACEMENT, Mode.EMERGENCY, _outside),
    (Mode.REPLACEMENT, Mode.EXHAUSTED, _exhausted),
    (Mode.EMERGENCY, Mode.IDLE, _taken),
    (Mode.EMERGENCY, Mode.BLIND, _blind),
    (Mode.EMERGENCY, Mode.REPLACEMENT, _back),
    (Mode.EMERGENCY, Mode.EXHAUSTED, _not_usable),
    (Mode.EXHAUSTED, Mode.IDLE, _taken),
    (Mode.EXHAUSTED, Mode.BLIND, _blind),
    (Mode.EXHAUSTED, Mode.REPLACEMENT, _back),
    (Mode.EXHAUSTED, Mode.EMERGENCY, _outside),
    (Mode.BLIND, Mode.IDLE, _taken),
    (Mode.BLIND, Mode.REPLACEMENT, _known),
)


class StateMachine(ModeMachine[Mode, Inputs]):
    """The mode of capacity firming."""

    def __init__(self) -> None:
        super().__init__(Mode.IDLE, TRANSITIONS)
