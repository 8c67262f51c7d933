"""When the reserve waits, is given, goes back, or rests."""

from collections.abc import Sequence
from enum import StrEnum
from math import inf
from typing import NamedTuple

from ppc.metier.mode_machine import ModeMachine, Transition
from ppc.metier.since import Since


class Mode(StrEnum):
    """What the function is doing."""

    OFF = "off"
    ARMED = "armed"
    ACTIVE = "active"
    SUSTAINED = "sustained"
    DEACTIVATING = "deactivating"
    BUFFER = "buffer"
    RECOVERING = "recovering"
    BLIND = "blind"


class Inputs(NamedTuple):
    """All that a transition may depend on."""

    enabled: bool
    f_hz: float | None
    f_activate_hz: float
    low_for_s: float
    """How long the frequency has been at its threshold or below."""
    confirm_s: float
    in_mode_s: float
    activation_s: float
    support_s: float
    buffer_s: float
    since_active_s: float
    """Time since the reserve was last asked for."""
    rearm_s: float
    released: bool
    """Whether nothing of the reserve is given or taken back."""


def _disabled(i: Inputs) -> bool:
    """Switched off, or the plant is blocked."""
    return not i.enabled


def _enabled(i: Inputs) -> bool:
    """Switched on, the plant is not blocked, and nothing is left of an earlier answer."""  # noqa: E501
    return i.enabled and i.released


def _blind(i: Inputs) -> bool:
    """The frequency is not measured."""
    return i.f_hz is None


def _seen(i: Inputs) -> bool:
    """The frequency is measured again."""
    return i.f_hz is not None


def _low(i: Inputs) -> bool:
    """The frequency has been at its threshold or below for `confirm_s`."""
    return i.low_for_s > 0.0 and i.low_for_s >= i.confirm_s


def _complete(i: Inputs) -> bool:
    """The activation time is over: all of the reserve is there."""
    return i.in_mode_s >= i.activation_s


def _supported(i: Inputs) -> bool:
    """All of the reserve was there for `support_s`, whatever the frequency does."""
    return i.in_mode_s >= i.support_s


def _released(i: Inputs) -> bool:
    """Nothing of the reserve is given any more."""
    return i.released


def _buffered(i: Inputs) -> bool:
    """`buffer_s` are over."""
    return i.in_mode_s >= i.buffer_s


def _ready(i: Inputs) -> bool:
    """The frequency is above its threshold, and the last activation began `rearm_s` ago."""  # noqa: E501
    above = i.f_hz is not None and i.f_hz > i.f_activate_hz
    return above and i.since_active_s >= i.rearm_s


TRANSITIONS: Sequence[Transition[Mode, Inputs]] = (
    (Mode.OFF, Mode.ARMED, _enabled),
    (Mode.ARMED, Mode.OFF, _disabled),
    (Mode.ARMED, Mode.BLIND, _blind),
    (Mode.ARMED, Mode.ACTIVE, _low),
    (Mode.ACTIVE, Mode.OFF, _disabled),
    (Mode.ACTIVE, Mode.SUSTAINED, _complete),
    (Mode.SUSTAINED, Mode.OFF, _disabled),
    (Mode.SUSTAINED, Mode.DEACTIVATING, _supported),
    (Mode.DEACTIVATING, Mode.OFF, _disabled),
    (Mode.DEACTIVATING, Mode.BUFFER, _released),
    (Mode.BUFFER, Mode.OFF, _disabled),
    (Mode.BUFFER, Mode.RECOVERING, _buffered),
    (Mode.RECOVERING, Mode.OFF, _disabled),
    (Mode.RECOVERING, Mode.ARMED, _ready),
    (Mode.BLIND, Mode.OFF, _disabled),
    (Mode.BLIND, Mode.ARMED, _seen),
)


class StateMachine(ModeMachine[Mode, Inputs]):
    """The mode, since when the frequency is low, and when the reserve was asked for."""

    def __init__(self) -> None:
        super().__init__(Mode.OFF, TRANSITIONS)
        self._low = Since()
        self._active_s: float | None = None

    def low_for_s(self, time_s: float, *, low: bool) -> float:
        """How long it has been low; a little more than nothing in the first cycle."""
        return self._low.some_s(time_s, holds=low)

    def since_active_s(self, time_s: float) -> float:
        """How long ago the reserve was last asked for."""
        return inf if self._active_s is None else time_s - self._active_s

    def scan(self, inputs: Inputs, time_s: float) -> Mode:
        """Take at most one transition; remember when the reserve is asked for."""
        was = self.state
        if super().scan(inputs, time_s) is Mode.ACTIVE and was is not Mode.ACTIVE:
            self._active_s = time_s
        return self.state
