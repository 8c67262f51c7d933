"""When U and f are in their ranges, when time runs, and when it has run out."""

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from ppc.metier.mode_machine import ModeMachine, Transition


class Mode(StrEnum):
    """What the function is doing."""

    NORMAL = "normal"
    TIMING = "timing"
    EXPIRED = "expired"
    BLIND = "blind"


class Inputs(NamedTuple):
    """All that a transition may depend on."""

    timing: bool
    """Whether some of the time of a range is used up."""
    expired: bool
    within: bool
    """Whether U and f are measured, and beyond no limit."""
    blind: bool
    """Whether U or f has not been measured for `hold_s`."""
    reset: bool
    """Whether a reset was ordered with this cycle."""


def _expired(i: Inputs) -> bool:
    """The time of a range is used up."""
    return i.expired


def _blind(i: Inputs) -> bool:
    """U or f has not been measured for `hold_s`."""
    return i.blind


def _timing(i: Inputs) -> bool:
    """U or f is beyond a limit, or was shortly before."""
    return i.timing and not i.blind


def _normal(i: Inputs) -> bool:
    """U and f have been within all limits for `recover_s`."""
    return not i.timing and not i.blind


def _reset(i: Inputs) -> bool:
    """The operator orders a reset, 0 then 1, with U and f within all limits."""
    return i.reset and i.within


TRANSITIONS: Sequence[Transition[Mode, Inputs]] = (
    (Mode.NORMAL, Mode.EXPIRED, _expired),
    (Mode.NORMAL, Mode.BLIND, _blind),
    (Mode.NORMAL, Mode.TIMING, _timing),
    (Mode.TIMING, Mode.EXPIRED, _expired),
    (Mode.TIMING, Mode.BLIND, _blind),
    (Mode.TIMING, Mode.NORMAL, _normal),
    (Mode.BLIND, Mode.EXPIRED, _expired),
    (Mode.BLIND, Mode.TIMING, _timing),
    (Mode.BLIND, Mode.NORMAL, _normal),
    (Mode.EXPIRED, Mode.NORMAL, _reset),
)


class StateMachine(ModeMachine[Mode, Inputs]):
    """The mode of the operating ranges."""

    def __init__(self) -> None:
        super().__init__(Mode.NORMAL, TRANSITIONS)
