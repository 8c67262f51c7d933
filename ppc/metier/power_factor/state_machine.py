"""When a power factor is kept, when there is none to keep, when the meter is lost."""

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from ppc.metier.mode_machine import ModeMachine, Transition
from ppc.metier.since import Steady


class Mode(StrEnum):
    """What the function is doing."""

    OFF = "off"
    AUTO = "auto"
    LOW_POWER = "low_power"
    """Too little active power for a power factor."""
    LOCKED = "locked"
    """The curve of power factors waits for a high voltage."""
    ERROR = "error"


class Thresholds(NamedTuple):
    """Where the mode changes. Voltages of None: the curve waits for none."""

    p_min_pu: float
    p_back_pu: float
    v_lock_in_pu: float | None
    v_lock_out_pu: float | None
    reset_s: float


class Inputs(NamedTuple):
    """All that a transition may depend on."""

    enabled: bool
    p_pu: float | None
    """Size of the active power."""
    v_pu: float | None
    at: Thresholds
    seen: bool = False
    """Whether all that is needed has ever been measured."""
    measured_for_s: float = 0.0

    @property
    def measured(self) -> bool:
        """P, and the voltage if the curve waits for one."""
        voltage = self.at.v_lock_in_pu is None or self.v_pu is not None
        return self.p_pu is not None and voltage

    @property
    def steady(self) -> bool:
        """Measured without a gap for `reset_s`."""
        return self.measured and self.measured_for_s >= self.at.reset_s

    @property
    def waits(self) -> bool:
        """The curve waits for a voltage that is not reached."""
        lock_in_pu = self.at.v_lock_in_pu
        return (
            lock_in_pu is not None and self.v_pu is not None and self.v_pu < lock_in_pu
        )


def _disabled(i: Inputs) -> bool:
    """Switched off, the plant is blocked, or another law of Q is ordered."""
    return not i.enabled


def _lost(i: Inputs) -> bool:
    """Enabled, and the active power, measured before, is not."""
    return i.enabled and i.seen and not i.measured


def _blind(i: Inputs) -> bool:
    """The active power, or the voltage that the curve waits for, is not measured."""
    return not i.measured


def _weak(i: Inputs) -> bool:
    """There is less active power than `p_min_pu`."""
    return i.p_pu is not None and i.p_pu < i.at.p_min_pu


def _lock_out(i: Inputs) -> bool:
    """The curve is in use and the voltage is at `v_lock_out_pu` or below."""
    lock_out_pu = i.at.v_lock_out_pu
    return lock_out_pu is not None and i.v_pu is not None and i.v_pu <= lock_out_pu


def _unlocked(i: Inputs) -> bool:
    """The voltage has reached `v_lock_in_pu`, or the curve is not in use any more."""
    return i.measured and not i.waits


def _strong(i: Inputs) -> bool:
    """There is active power again, `p_hysteresis_pu` above `p_min_pu`."""
    return i.p_pu is not None and i.p_pu >= i.at.p_back_pu


def _strong_locked(i: Inputs) -> bool:
    """There is active power again, but the voltage is below `v_lock_in_pu`."""
    return _strong(i) and i.waits


def _able(i: Inputs) -> bool:
    """Enabled, and all that is needed is measured."""
    return i.enabled and i.measured


def _able_weak(i: Inputs) -> bool:
    """Enabled, with less active power than `p_min_pu`."""
    return _able(i) and _weak(i)


def _able_locked(i: Inputs) -> bool:
    """Enabled, the curve in use, and the voltage below `v_lock_in_pu`."""
    return _able(i) and i.waits


def _again(i: Inputs) -> bool:
    """All that is needed has been measured without a gap for `reset_s`."""
    return i.steady


def _again_weak(i: Inputs) -> bool:
    """Measured for `reset_s`, and there is less active power than `p_min_pu`."""
    return i.steady and _weak(i)


def _again_locked(i: Inputs) -> bool:
    """Measured for `reset_s`, and the voltage is below `v_lock_in_pu`."""
    return i.steady and i.waits


TRANSITIONS: Sequence[Transition[Mode, Inputs]] = (
    (Mode.OFF, Mode.LOW_POWER, _able_weak),
    (Mode.OFF, Mode.LOCKED, _able_locked),
    (Mode.OFF, Mode.AUTO, _able),
    (Mode.OFF, Mode.ERROR, _lost),
    (Mode.AUTO, Mode.OFF, _disabled),
    (Mode.AUTO, Mode.ERROR, _blind),
    (Mode.AUTO, Mode.LOW_POWER, _weak),
    (Mode.AUTO, Mode.LOCKED, _lock_out),
    (Mode.LOW_POWER, Mode.OFF, _disabled),
    (Mode.LOW_POWER, Mode.ERROR, _blind),
    (Mode.LOW_POWER, Mode.LOCKED, _strong_locked),
    (Mode.LOW_POWER, Mode.AUTO, _strong),
    (Mode.LOCKED, Mode.OFF, _disabled),
    (Mode.LOCKED, Mode.ERROR, _blind),
    (Mode.LOCKED, Mode.LOW_POWER, _weak),
    (Mode.LOCKED, Mode.AUTO, _unlocked),
    (Mode.ERROR, Mode.OFF, _disabled),
    (Mode.ERROR, Mode.LOW_POWER, _again_weak),
    (Mode.ERROR, Mode.LOCKED, _again_locked),
    (Mode.ERROR, Mode.AUTO, _again),
)


class StateMachine(ModeMachine[Mode, Inputs]):
    """The mode, and since when all has been measured without a gap."""

    def __init__(self) -> None:
        super().__init__(Mode.OFF, TRANSITIONS)
        self._steady = Steady()

    def observe(self, inputs: Inputs, time_s: float) -> Mode:
        """Scan the table with what is known now."""
        steady_s = self._steady.for_s(time_s, measured=inputs.measured)
        return self.scan(
            inputs._replace(seen=self._steady.seen, measured_for_s=steady_s), time_s
        )
