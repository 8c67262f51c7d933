"""When the store is restored, when it must not be, and when too little is known."""

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from ppc.metier.mode_machine import ModeMachine, Transition
from ppc.metier.since import Since


class Mode(StrEnum):
    """What the function is doing."""

    OFF = "off"
    NORMAL = "normal"
    RESTORING = "restoring"
    ALERT = "alert"
    SHORT_TERM = "short_term"
    BLIND = "blind"


class Inputs(NamedTuple):
    """All that a transition may depend on."""

    enabled: bool
    unknown_for_s: float
    """How long the frequency or the state of charge has not been known."""
    hold_s: float
    alert: bool
    needed: bool
    """Whether the state of charge is too low or too high."""
    exhausted: bool
    """Whether it is nearly at its end, and short-term deviations only are answered."""


def _disabled(i: Inputs) -> bool:
    """Switched off, or the plant is blocked."""
    return not i.enabled


def _enabled(i: Inputs) -> bool:
    """Switched on, and the plant is not blocked."""
    return i.enabled


def _blind(i: Inputs) -> bool:
    """Frequency or state of charge has been unknown for longer than `hold_s`."""
    return i.unknown_for_s > i.hold_s


def _seen(i: Inputs) -> bool:
    """Both are known again."""
    return i.unknown_for_s == 0.0


def _exhausted(i: Inputs) -> bool:
    """The store is nearly empty or full."""
    return i.exhausted


def _recovered(i: Inputs) -> bool:
    """The store is neither nearly empty nor nearly full any more."""
    return not i.exhausted


def _alert(i: Inputs) -> bool:
    """The power system is in alert state."""
    return i.alert


def _calm(i: Inputs) -> bool:
    """The power system is in normal state again."""
    return not i.alert


def _needed(i: Inputs) -> bool:
    """The state of charge is outside its thresholds, in normal state."""
    return i.needed


def _restored(i: Inputs) -> bool:
    """The state of charge is where it should be."""
    return not i.needed


_ON = (Mode.NORMAL, Mode.RESTORING, Mode.ALERT, Mode.SHORT_TERM)
TRANSITIONS: Sequence[Transition[Mode, Inputs]] = (
    (Mode.OFF, Mode.NORMAL, _enabled),
    *((mode, Mode.OFF, _disabled) for mode in (*_ON, Mode.BLIND)),
    *((mode, Mode.BLIND, _blind) for mode in _ON),
    *((mode, Mode.SHORT_TERM, _exhausted) for mode in _ON[:3]),
    (Mode.SHORT_TERM, Mode.NORMAL, _recovered),
    (Mode.NORMAL, Mode.ALERT, _alert),
    (Mode.RESTORING, Mode.ALERT, _alert),
    (Mode.ALERT, Mode.NORMAL, _calm),
    (Mode.NORMAL, Mode.RESTORING, _needed),
    (Mode.RESTORING, Mode.NORMAL, _restored),
    (Mode.BLIND, Mode.NORMAL, _seen),
)


class StateMachine(ModeMachine[Mode, Inputs]):
    """The mode, and since when too little is known."""

    def __init__(self) -> None:
        super().__init__(Mode.OFF, TRANSITIONS)
        self._unknown = Since()

    def unknown_for_s(self, time_s: float, *, unknown: bool) -> float:
        """How long it has been unknown; a little more than nothing at first."""
        return self._unknown.some_s(time_s, holds=unknown)
