"""How many units do what they are asked for."""

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from ppc.metier.mode_machine import ModeMachine, Transition, whatever_before


class Mode(StrEnum):
    """What is wrong."""

    OK = "ok"
    DEGRADED = "degraded"
    LAST_UNIT = "last_unit"


class Inputs(NamedTuple):
    """All that a transition may depend on."""

    some_out: bool
    last_kept: bool
    """Whether a unit serves that should not, for it is the last one."""


def _ok(i: Inputs) -> bool:
    """Every unit does what it is asked for, or has not been found out yet."""
    return not i.some_out and not i.last_kept


def _degraded(i: Inputs) -> bool:
    """A unit that does not follow is left out."""
    return i.some_out and not i.last_kept


def _last_unit(i: Inputs) -> bool:
    """The last unit does not follow either; it serves all the same."""
    return i.last_kept


TRANSITIONS: Sequence[Transition[Mode, Inputs]] = whatever_before(
    {Mode.OK: _ok, Mode.DEGRADED: _degraded, Mode.LAST_UNIT: _last_unit}
)


class StateMachine(ModeMachine[Mode, Inputs]):
    """The mode of unit compliance."""

    def __init__(self) -> None:
        super().__init__(Mode.OK, TRANSITIONS)
