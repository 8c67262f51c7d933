"""When nothing, a part, or all there is to give is asked for, or nothing is known."""

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from ppc.metier.mode_machine import ModeMachine, Transition


class Mode(StrEnum):
    """What the function is doing."""

    OFF = "off"
    NORMAL = "normal"
    RESPONDING = "responding"
    FULL = "full"
    BLIND = "blind"


class Inputs(NamedTuple):
    """All that a transition may depend on."""

    enabled: bool
    share: float | None
    """Of the reserve that the frequency asks for. None: no frequency."""
    least: float
    """Share beyond which the answer does not go, to high frequency ..."""
    most: float
    """... and to low."""


def _disabled(i: Inputs) -> bool:
    """Switched off, or the plant is blocked."""
    return not i.enabled


def _enabled(i: Inputs) -> bool:
    """Switched on, and the plant is not blocked."""
    return i.enabled


def _blind(i: Inputs) -> bool:
    """The frequency is not measured."""
    return i.share is None


def _within(i: Inputs) -> bool:
    """The frequency asks for nothing."""
    return i.share == 0.0


def _partly(i: Inputs) -> bool:
    """The frequency asks for a part of what there is."""
    return i.share is not None and i.share != 0.0 and i.least < i.share < i.most


def _all(i: Inputs) -> bool:
    """The frequency asks for all there is on its side."""
    share = i.share
    return share is not None and share != 0.0 and not i.least < share < i.most


TRANSITIONS: Sequence[Transition[Mode, Inputs]] = (
    (Mode.OFF, Mode.NORMAL, _enabled),
    (Mode.NORMAL, Mode.OFF, _disabled),
    (Mode.NORMAL, Mode.BLIND, _blind),
    (Mode.NORMAL, Mode.RESPONDING, _partly),
    (Mode.NORMAL, Mode.FULL, _all),
    (Mode.RESPONDING, Mode.OFF, _disabled),
    (Mode.RESPONDING, Mode.BLIND, _blind),
    (Mode.RESPONDING, Mode.NORMAL, _within),
    (Mode.RESPONDING, Mode.FULL, _all),
    (Mode.FULL, Mode.OFF, _disabled),
    (Mode.FULL, Mode.BLIND, _blind),
    (Mode.FULL, Mode.NORMAL, _within),
    (Mode.FULL, Mode.RESPONDING, _partly),
    (Mode.BLIND, Mode.OFF, _disabled),
    (Mode.BLIND, Mode.NORMAL, _within),
    (Mode.BLIND, Mode.RESPONDING, _partly),
    (Mode.BLIND, Mode.FULL, _all),
)


class StateMachine(ModeMachine[Mode, Inputs]):
    """The mode."""

    def __init__(self) -> None:
        super().__init__(Mode.OFF, TRANSITIONS)
