"""When the plant is free, limited, held at a limit that expired, or blocked."""

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from ppc.metier.mode_machine import ModeMachine, Transition


class Mode(StrEnum):
    """What the function is doing."""

    FREE = "free"
    LIMITED = "limited"
    HOLD = "hold"
    BLOCKED = "blocked"


class Inputs(NamedTuple):
    """All that a transition may depend on."""

    enable_code: float | None
    limited: bool
    """Whether less is allowed than the connection allows."""
    expired: bool
    """Whether a limit that expired, or its default, is part of that."""


def _disabled(i: Inputs) -> bool:
    """The operator withdraws his release."""
    return i.enable_code == 0


def _expired(i: Inputs) -> bool:
    """A limit has expired, and what stands in for it is less than the connection's."""
    return i.expired


def _limited(i: Inputs) -> bool:
    """The operator orders a limit below the connection's, and none has expired."""
    return i.limited and not i.expired


def _free(i: Inputs) -> bool:
    """No limit but the connection's."""
    return not i.limited


def _released(i: Inputs) -> bool:
    return i.enable_code is not None and i.enable_code != 0


def _released_expired(i: Inputs) -> bool:
    """The operator releases the plant, and a limit has expired meanwhile."""
    return _released(i) and _expired(i)


def _released_limited(i: Inputs) -> bool:
    """The operator releases the plant, with a limit."""
    return _released(i) and _limited(i)


def _released_free(i: Inputs) -> bool:
    """The operator releases the plant, without a limit."""
    return _released(i) and _free(i)


# Silence is no release: without an order BLOCKED stays.
TRANSITIONS: Sequence[Transition[Mode, Inputs]] = (
    (Mode.FREE, Mode.BLOCKED, _disabled),
    (Mode.FREE, Mode.HOLD, _expired),
    (Mode.FREE, Mode.LIMITED, _limited),
    (Mode.LIMITED, Mode.BLOCKED, _disabled),
    (Mode.LIMITED, Mode.HOLD, _expired),
    (Mode.LIMITED, Mode.FREE, _free),
    (Mode.HOLD, Mode.BLOCKED, _disabled),
    (Mode.HOLD, Mode.LIMITED, _limited),
    (Mode.HOLD, Mode.FREE, _free),
    (Mode.BLOCKED, Mode.HOLD, _released_expired),
    (Mode.BLOCKED, Mode.LIMITED, _released_limited),
    (Mode.BLOCKED, Mode.FREE, _released_free),
)


class StateMachine(ModeMachine[Mode, Inputs]):
    """The mode of the power limit."""

    def __init__(self) -> None:
        super().__init__(Mode.FREE, TRANSITIONS)
