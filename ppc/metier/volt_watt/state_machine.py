"""When a high voltage limits active power."""

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from ppc.metier.mode_machine import ModeMachine, Transition, whatever_before


class Mode(StrEnum):
    """What the function is doing."""

    FREE = "free"
    LIMITING = "limiting"
    BLIND = "blind"


class Inputs(NamedTuple):
    """All that a transition may depend on."""

    measured: bool
    high: bool
    """Whether the voltage asks for less than all, or asked for it just before."""


def _blind(i: Inputs) -> bool:
    """The voltage is not measured: the limit stays as it is."""
    return not i.measured


def _limiting(i: Inputs) -> bool:
    """The voltage asks for less than all, or the limit is on its way back."""
    return i.measured and i.high


def _free(i: Inputs) -> bool:
    """The voltage asks for nothing, and nothing of a limit is left."""
    return i.measured and not i.high


TRANSITIONS: Sequence[Transition[Mode, Inputs]] = whatever_before(
    {
        Mode.BLIND: _blind,
        Mode.LIMITING: _limiting,
        Mode.FREE: _free,
    }
)


class StateMachine(ModeMachine[Mode, Inputs]):
    """The mode of volt-watt."""

    def __init__(self) -> None:
        super().__init__(Mode.FREE, TRANSITIONS)
