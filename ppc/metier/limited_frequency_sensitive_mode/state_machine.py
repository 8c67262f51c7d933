"""When the frequency is in its band, outside it, on the way back, or not known."""

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from ppc.metier.mode_machine import ModeMachine, Transition
from ppc.metier.since import Since


class Mode(StrEnum):
    """What the function is doing."""

    OFF = "off"
    NORMAL = "normal"
    OVER = "over"
    UNDER = "under"
    RELEASE = "release"
    BLIND = "blind"


class Inputs(NamedTuple):
    """All that a transition may depend on."""

    enabled: bool
    f_hz: float | None
    over_for_s: float
    """How long the frequency has been above its band."""
    under_for_s: float
    delay_s: float
    stop_over_hz: float
    stop_under_hz: float
    released: bool
    """Whether nothing of the response is left."""


def _disabled(i: Inputs) -> bool:
    """Switched off, or the plant is blocked."""
    return not i.enabled


def _enabled(i: Inputs) -> bool:
    """Switched on, and the plant is not blocked."""
    return i.enabled


def _blind(i: Inputs) -> bool:
    """The frequency is not measured."""
    return i.f_hz is None


def _over(i: Inputs) -> bool:
    """The frequency has been above its band for `delay_s`."""
    return i.over_for_s > 0.0 and i.over_for_s >= i.delay_s


def _under(i: Inputs) -> bool:
    """The frequency has been below its band for `delay_s`."""
    return i.under_for_s > 0.0 and i.under_for_s >= i.delay_s


def _over_ends(i: Inputs) -> bool:
    """The frequency is at its stop threshold or below."""
    return i.f_hz is not None and i.f_hz <= i.stop_over_hz


def _under_ends(i: Inputs) -> bool:
    """The frequency is at its stop threshold or above."""
    return i.f_hz is not None and i.f_hz >= i.stop_under_hz


def _released(i: Inputs) -> bool:
    """Nothing of the response is left."""
    return i.released


def _seen(i: Inputs) -> bool:
    """The frequency is measured again."""
    return i.f_hz is not None


TRANSITIONS: Sequence[Transition[Mode, Inputs]] = (
    (Mode.OFF, Mode.NORMAL, _enabled),
    (Mode.NORMAL, Mode.OFF, _disabled),
    (Mode.NORMAL, Mode.BLIND, _blind),
    (Mode.NORMAL, Mode.OVER, _over),
    (Mode.NORMAL, Mode.UNDER, _under),
    (Mode.OVER, Mode.OFF, _disabled),
    (Mode.OVER, Mode.BLIND, _blind),
    (Mode.OVER, Mode.RELEASE, _over_ends),
    (Mode.UNDER, Mode.OFF, _disabled),
    (Mode.UNDER, Mode.BLIND, _blind),
    (Mode.UNDER, Mode.RELEASE, _under_ends),
    (Mode.RELEASE, Mode.OFF, _disabled),
    (Mode.RELEASE, Mode.BLIND, _blind),
    (Mode.RELEASE, Mode.OVER, _over),
    (Mode.RELEASE, Mode.UNDER, _under),
    (Mode.RELEASE, Mode.NORMAL, _released),
    (Mode.BLIND, Mode.OFF, _disabled),
    (Mode.BLIND, Mode.RELEASE, _seen),
)


class StateMachine(ModeMachine[Mode, Inputs]):
    """The mode, and since when the frequency has been outside its band."""

    def __init__(self) -> None:
        super().__init__(Mode.OFF, TRANSITIONS)
        self._over, self._under = Since(), Since()

    def outside_s(
        self, time_s: float, *, over: bool, under: bool
    ) -> tuple[float, float]:
        """How long it has been above, and below; at first a little more than 0."""
        return (
            self._over.some_s(time_s, holds=over),
            self._under.some_s(time_s, holds=under),
        )
