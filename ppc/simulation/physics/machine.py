"""The state machine of a unit's power electronics, and the protection that trips it."""

from enum import StrEnum
from math import inf

from ppc.configuration.simulation import ProtectionSection


class State(StrEnum):
    """Of the power electronics. Derated or not is a matter of power, not of state."""

    OFF = "off"
    STANDBY = "standby"
    PRECHARGE = "precharge"
    RUN = "run"
    FAULT = "fault"


class Machine:
    """Whether a unit feeds, and how much of its power it has released.

    It trips on voltage and frequency that stay outside for too long, waits until both
    have been right for `restart_s`, charges its DC link, and releases power slowly. A
    trip by fault clears by itself after a time, or only by `reset`. In standby and off
    it does not feed; off is a matter of its contactor.
    """

    def __init__(self, section: ProtectionSection) -> None:
        self._section = section
        self._wait_s = self._low_s = self._high_s = self._off_s = 0.0
        self._clears_s = 0.0
        self.release_pu = 1.0
        """Share of its power that it may give."""
        self.state = State.RUN

    @property
    def feeds(self) -> bool:
        return self.state is State.RUN

    def trip(self, clears_s: float = inf) -> None:
        """Stop with a fault that is gone after `clears_s`; never: until `reset`."""
        self.state, self._clears_s, self._wait_s = State.FAULT, clears_s, 0.0
        self.release_pu = 0.0

    def reset(self) -> None:
        """Acknowledge a fault; it waits for the grid and starts."""
        if self.state is State.FAULT:
            self._stand_by()

    def open(self) -> None:
        """Open the contactor: off."""
        self.state, self.release_pu = State.OFF, 0.0

    def close(self) -> None:
        """Close the contactor again."""
        if self.state is State.OFF:
            self._stand_by()

    def step(self, dt_s: float, v_pu: float, f_hz: float) -> None:
        """Advance by `dt_s`, at the voltage and frequency of its terminals."""
        if self.state is State.RUN:
            self._watch(dt_s, v_pu, f_hz)
            if self.release_pu < 1.0:
                more = self._section.release_pu_per_s * dt_s
                self.release_pu = min(1.0, self.release_pu + more)
            return
        self._wait_s += dt_s
        if self.state is State.FAULT and self._wait_s >= self._clears_s:
            self._stand_by()
        elif self.state is State.STANDBY:
            if not self._right(v_pu, f_hz):
                self._wait_s = 0.0
            elif self._wait_s >= self._section.restart_s:
                self.state, self._wait_s = State.PRECHARGE, 0.0
        elif self.state is State.PRECHARGE:
            if not self._right(v_pu, f_hz):
                self._stand_by()
            elif self._wait_s >= self._section.precharge_s:
                self.state = State.RUN

    def _stand_by(self) -> None:
        self.state, self._wait_s = State.STANDBY, 0.0
        self._low_s = self._high_s = self._off_s = 0.0

    def _watch(self, dt_s: float, v_pu: float, f_hz: float) -> None:
        """Count how long each quantity has been outside, and trip."""
        section = self._section
        self._low_s = self._low_s + dt_s if v_pu < section.v_low_pu else 0.0
        self._high_s = self._high_s + dt_s if v_pu > section.v_high_pu else 0.0
        inside = section.f_low_hz <= f_hz <= section.f_high_hz
        self._off_s = 0.0 if inside else self._off_s + dt_s
        if (
            self._low_s > section.v_low_s
            or self._high_s > section.v_high_s
            or self._off_s > section.f_s
        ):
            self.trip(0.0)

    def _right(self, v_pu: float, f_hz: float) -> bool:
        section = self._section
        return (
            section.v_low_pu <= v_pu <= section.v_high_pu
            and section.f_low_hz <= f_hz <= section.f_high_hz
        )
