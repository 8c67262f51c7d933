"""When the plant runs, is led to a stop, stands, starts, or was stopped at once."""

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from ppc.metier.mode_machine import ModeMachine, Transition


class Mode(StrEnum):
    """What the plant is doing."""

    RUNNING = "running"
    STOPPING = "stopping"
    STOPPED = "stopped"
    STARTING = "starting"
    EMERGENCY = "emergency"


class Inputs(NamedTuple):
    """All that a transition may depend on."""

    emergency: bool
    reset: bool
    """Whether a reset was ordered with this cycle."""
    released: bool
    interlocked: bool
    some_serve: bool
    open_pu: float


def _emergency(i: Inputs) -> bool:
    """The operator orders an emergency stop."""
    return i.emergency


def _reset(i: Inputs) -> bool:
    """The operator orders a reset, 0 then 1, and no longer an emergency stop."""
    return i.reset and not i.emergency


def _stop(i: Inputs) -> bool:
    """The operator withdraws his release."""
    return not i.released


def _interlock(i: Inputs) -> bool:
    """No unit has served for `interlock_s`."""
    return i.interlocked


def _shut(i: Inputs) -> bool:
    """P and Q have been led to 0."""
    return i.open_pu <= 0.0


def _start(i: Inputs) -> bool:
    """The plant is released, and a unit serves."""
    return i.released and i.some_serve


def _open(i: Inputs) -> bool:
    """The limit is where it ends."""
    return i.open_pu >= 1.0


TRANSITIONS: Sequence[Transition[Mode, Inputs]] = (
    (Mode.RUNNING, Mode.EMERGENCY, _emergency),
    (Mode.RUNNING, Mode.STOPPED, _interlock),
    (Mode.RUNNING, Mode.STOPPING, _stop),
    (Mode.STOPPING, Mode.EMERGENCY, _emergency),
    (Mode.STOPPING, Mode.STOPPED, _interlock),
    (Mode.STOPPING, Mode.STARTING, _start),
    (Mode.STOPPING, Mode.STOPPED, _shut),
    (Mode.STOPPED, Mode.EMERGENCY, _emergency),
    (Mode.STOPPED, Mode.STARTING, _start),
    (Mode.STARTING, Mode.EMERGENCY, _emergency),
    (Mode.STARTING, Mode.STOPPED, _interlock),
    (Mode.STARTING, Mode.STOPPING, _stop),
    (Mode.STARTING, Mode.RUNNING, _open),
    (Mode.EMERGENCY, Mode.STOPPED, _reset),
)


class StateMachine(ModeMachine[Mode, Inputs]):
    """The mode of the plant."""

    def __init__(self) -> None:
        super().__init__(Mode.RUNNING, TRANSITIONS)
