"""How much of the plant answers."""

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from ppc.metier.mode_machine import ModeMachine, Transition, whatever_before


class Mode(StrEnum):
    """What is missing, the worst first but for OK."""

    OK = "ok"
    LOST = "lost"
    METER_LOST = "meter_lost"
    DEGRADED = "degraded"


class Inputs(NamedTuple):
    """All that a transition may depend on."""

    some_out: bool
    none_serves: bool
    measured: bool
    """Whether P and U at the POI are known."""


def _lost(i: Inputs) -> bool:
    """No unit is in service."""
    return i.none_serves


def _meter_lost(i: Inputs) -> bool:
    """A unit is in service, but P or U at the POI is unknown."""
    return not i.none_serves and not i.measured


def _degraded(i: Inputs) -> bool:
    """Some units are out of service, others and the POI meter are there."""
    return i.some_out and not i.none_serves and i.measured


def _ok(i: Inputs) -> bool:
    """All units are in service, and the POI meter is there."""
    return not i.some_out and not i.none_serves and i.measured


TRANSITIONS: Sequence[Transition[Mode, Inputs]] = whatever_before(
    {
        Mode.LOST: _lost,
        Mode.METER_LOST: _meter_lost,
        Mode.DEGRADED: _degraded,
        Mode.OK: _ok,
    }
)


class StateMachine(ModeMachine[Mode, Inputs]):
    """The mode of the watchdog."""

    def __init__(self) -> None:
        super().__init__(Mode.LOST, TRANSITIONS)
