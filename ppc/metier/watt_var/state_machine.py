"""When watt-var is off, acts on the measured active power, or does without."""

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from ppc.metier.mode_machine import ModeMachine, Transition
from ppc.metier.since import Steady


class Mode(StrEnum):
    """What the function is doing."""

    OFF = "off"
    AUTO = "auto"
    ERROR = "error"


class Inputs(NamedTuple):
    """All that a transition may depend on."""

    enabled: bool
    measured: bool
    seen: bool
    """Whether the active power has ever been measured."""
    measured_for_s: float
    reset_s: float


def _disabled(i: Inputs) -> bool:
    """Switched off, the plant is blocked, or another law of Q is ordered."""
    return not i.enabled


def _able(i: Inputs) -> bool:
    """Enabled, and the active power is measured."""
    return i.enabled and i.measured


def _lost(i: Inputs) -> bool:
    """Enabled, and the active power, measured before, is not."""
    return i.enabled and i.seen and not i.measured


def _blind(i: Inputs) -> bool:
    """The active power is not measured."""
    return not i.measured


def _able_again(i: Inputs) -> bool:
    """The active power has been measured without a gap for `reset_s`."""
    return i.measured and i.measured_for_s >= i.reset_s


TRANSITIONS: Sequence[Transition[Mode, Inputs]] = (
    (Mode.OFF, Mode.AUTO, _able),
    (Mode.OFF, Mode.ERROR, _lost),
    (Mode.AUTO, Mode.OFF, _disabled),
    (Mode.AUTO, Mode.ERROR, _blind),
    (Mode.ERROR, Mode.OFF, _disabled),
    (Mode.ERROR, Mode.AUTO, _able_again),
)


class StateMachine(ModeMachine[Mode, Inputs]):
    """The mode, and since when the active power has been measured without a gap."""

    def __init__(self, *, reset_s: float) -> None:
        super().__init__(Mode.OFF, TRANSITIONS)
        self._reset_s = reset_s
        self._steady = Steady()

    def observe(self, *, time_s: float, enabled: bool, measured: bool) -> Mode:
        """Scan the table with what is known now."""
        steady_s = self._steady.for_s(time_s, measured=measured)
        inputs = Inputs(enabled, measured, self._steady.seen, steady_s, self._reset_s)
        return self.scan(inputs, time_s)
