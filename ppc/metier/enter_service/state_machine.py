"""When the plant waits for the grid, comes back by ramp, serves, or may not."""

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from ppc.metier.mode_machine import ModeMachine, Transition


class Mode(StrEnum):
    """What the function is doing."""

    START = "start"
    OFF = "off"
    WAITING = "waiting"
    RAMPING = "ramping"
    IN_SERVICE = "in_service"
    BLIND = "blind"


class Inputs(NamedTuple):
    """All that a transition may depend on."""

    permitted: bool
    inside: bool | None
    """Whether U and f are in their window; None: not measured."""
    lost: bool
    blind: bool
    """Whether U or f has not been measured for `hold_s`."""
    inside_for_s: float
    delay_s: float
    open_pu: float
    wait_at_start: bool


def _withdrawn(i: Inputs) -> bool:
    """The operator withdraws his permission, or has to give it anew."""
    return not i.permitted


def _permitted(i: Inputs) -> bool:
    """The operator permits service."""
    return i.permitted


def _starts_waiting(i: Inputs) -> bool:
    """U or f is outside its window, or every start has to wait."""
    return i.inside is False or i.wait_at_start


def _starts_inside(i: Inputs) -> bool:
    """U and f are in their window, and a start need not wait."""
    return i.inside is True and not i.wait_at_start


def _waited(i: Inputs) -> bool:
    """U and f have been in their window for `delay_s`, with permission."""
    return i.inside is True and i.inside_for_s >= i.delay_s


def _lost(i: Inputs) -> bool:
    """The grid is lost: U or f is beyond a limit for longer than allowed there."""
    return i.lost


def _open(i: Inputs) -> bool:
    """The limit is where it ends."""
    return i.open_pu >= 1.0


def _blind(i: Inputs) -> bool:
    """U or f has not been measured for `hold_s`."""
    return i.blind


def _seen_open(i: Inputs) -> bool:
    """U and f are measured again, and the plant was in service."""
    return i.inside is not None and i.open_pu >= 1.0


def _seen_part(i: Inputs) -> bool:
    """U and f are measured again, and the limit was on its way."""
    return i.inside is not None and 0.0 < i.open_pu < 1.0


def _seen_shut(i: Inputs) -> bool:
    """U and f are measured again, and the plant was waiting."""
    return i.inside is not None and i.open_pu <= 0.0


TRANSITIONS: Sequence[Transition[Mode, Inputs]] = (
    (Mode.START, Mode.OFF, _withdrawn),
    (Mode.START, Mode.WAITING, _starts_waiting),
    (Mode.START, Mode.IN_SERVICE, _starts_inside),
    (Mode.OFF, Mode.WAITING, _permitted),
    (Mode.WAITING, Mode.OFF, _withdrawn),
    (Mode.WAITING, Mode.BLIND, _blind),
    (Mode.WAITING, Mode.RAMPING, _waited),
    (Mode.RAMPING, Mode.OFF, _withdrawn),
    (Mode.RAMPING, Mode.WAITING, _lost),
    (Mode.RAMPING, Mode.BLIND, _blind),
    (Mode.RAMPING, Mode.IN_SERVICE, _open),
    (Mode.IN_SERVICE, Mode.OFF, _withdrawn),
    (Mode.IN_SERVICE, Mode.WAITING, _lost),
    (Mode.IN_SERVICE, Mode.BLIND, _blind),
    (Mode.BLIND, Mode.OFF, _withdrawn),
    (Mode.BLIND, Mode.WAITING, _lost),
    (Mode.BLIND, Mode.IN_SERVICE, _seen_open),
    (Mode.BLIND, Mode.RAMPING, _seen_part),
    (Mode.BLIND, Mode.WAITING, _seen_shut),
)


class StateMachine(ModeMachine[Mode, Inputs]):
    """The mode of entering service."""

    def __init__(self) -> None:
        super().__init__(Mode.START, TRANSITIONS)
