"""When a reserve is kept, when there is too little for it, when it is not known."""

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from ppc.metier.mode_machine import ModeMachine, Transition


class Mode(StrEnum):
    """What the function is doing."""

    OFF = "off"
    RESERVING = "reserving"
    SHORT = "short"
    BLIND = "blind"


class Inputs(NamedTuple):
    """All that a transition may depend on."""

    wanted: bool
    """Whether a reserve is ordered or set, and the plant is not blocked."""
    measured: bool
    """Whether the power at the POI is known."""
    enough: bool
    """Whether there is as much power as is to be kept."""


def _not_wanted(i: Inputs) -> bool:
    """No reserve is ordered or set, or the plant is blocked."""
    return not i.wanted


def _kept(i: Inputs) -> bool:
    """A reserve is wanted, and units could give as much."""
    return i.wanted and i.measured and i.enough


def _short(i: Inputs) -> bool:
    """A reserve is wanted, and all units together could not give as much."""
    return i.wanted and i.measured and not i.enough


def _blind(i: Inputs) -> bool:
    """The power at the POI is not measured."""
    return not i.measured


TRANSITIONS: Sequence[Transition[Mode, Inputs]] = (
    (Mode.OFF, Mode.RESERVING, _kept),
    (Mode.OFF, Mode.SHORT, _short),
    (Mode.RESERVING, Mode.OFF, _not_wanted),
    (Mode.RESERVING, Mode.BLIND, _blind),
    (Mode.RESERVING, Mode.SHORT, _short),
    (Mode.SHORT, Mode.OFF, _not_wanted),
    (Mode.SHORT, Mode.BLIND, _blind),
    (Mode.SHORT, Mode.RESERVING, _kept),
    (Mode.BLIND, Mode.OFF, _not_wanted),
    (Mode.BLIND, Mode.RESERVING, _kept),
    (Mode.BLIND, Mode.SHORT, _short),
)


class StateMachine(ModeMachine[Mode, Inputs]):
    """The mode of the active power reserve."""

    def __init__(self) -> None:
        super().__init__(Mode.OFF, TRANSITIONS)
