"""How a device follows its set-points: late, at a limited rate, with a lag."""

from collections import deque
from math import exp
from typing import NamedTuple

from ppc.configuration.simulation import UnitSection

_ROUNDING_S = 1e-9
"""A step of time is a sum of floats: what is due now must not wait for the next."""


class Dynamics(NamedTuple):
    """Speed of one unit. `watchdog_s` None: set-points are kept for ever."""

    dead_time_s: float
    response_s: float
    ramp_pu_per_s: float
    watchdog_s: float | None = None

    def with_own(self, section: UnitSection, watchdog_s: float | None) -> "Dynamics":
        """These figures of a kind, with what one unit has different."""
        own = section.model_dump(include=set(self._fields), exclude_none=True)
        return self._replace(watchdog_s=watchdog_s, **own)


class SetPoints:
    """P and Q set-points as the device sees them: after its dead time, while renewed.

    Before the first write, and once nothing has been written for longer than
    `watchdog_s`, the defaults are in force and `lapsed` is true.
    """

    __slots__ = (
        "_coming",
        "_default",
        "_dynamics",
        "_force",
        "_last",
        "_now_s",
        "_written_s",
        "lapsed",
        "watchdog_s",
    )

    def __init__(
        self, dynamics: Dynamics, p_default_w: float, q_default_var: float
    ) -> None:
        self._dynamics = dynamics
        self.watchdog_s = dynamics.watchdog_s
        self._default = (p_default_w, q_default_var)
        self._force = self._last = self._default
        self._coming: deque[tuple[float, tuple[float, float]]] = deque()
        self._now_s = self._written_s = 0.0
        self.lapsed = True

    def write(
        self, *, p_set_w: float | None = None, q_set_var: float | None = None
    ) -> None:
        """Take a new set-point. The one left out stays as it was last written."""
        p_w, q_var = self._last
        self._last = (
            p_w if p_set_w is None else p_set_w,
            q_var if q_set_var is None else q_set_var,
        )
        self._written_s = self._now_s
        self._coming.append((self._now_s + self._dynamics.dead_time_s, self._last))

    @property
    def written(self) -> tuple[float, float]:
        """P [W] and Q [var] as last written, or the defaults."""
        return self._last

    def step(self, dt_s: float) -> tuple[float, float]:
        """P [W] and Q [var] in force `dt_s` later."""
        self._now_s = now_s = self._now_s + dt_s
        coming = self._coming
        while coming and coming[0][0] <= now_s + _ROUNDING_S:
            self._force = coming.popleft()[1]
            self.lapsed = False
        watchdog_s = self.watchdog_s
        if (
            watchdog_s is not None
            and not self.lapsed
            and now_s - self._written_s > watchdog_s
        ):
            coming.clear()
            self._force = self._last = self._default
            self.lapsed = True
        return self._force


class Lag:
    """A value that follows its target: limited in rate, then first order.

    tau dx/dt = target, ramped - x, solved exactly over each step.
    """

    __slots__ = ("_ramped", "_rate_per_s", "_tau_s", "value")

    def __init__(self, tau_s: float, rate_per_s: float, value: float = 0.0) -> None:
        self._tau_s = tau_s
        self._rate_per_s = rate_per_s
        self._ramped = self.value = value

    def reset(self, value: float) -> None:
        """Be at `value` at once."""
        self._ramped = self.value = value

    def step(self, target: float, dt_s: float) -> float:
        """Advance by `dt_s` toward `target` and return the new value."""
        most = self._rate_per_s * dt_s
        self._ramped += min(max(target - self._ramped, -most), most)
        gone = 1.0 - exp(-dt_s / self._tau_s) if self._tau_s else 1.0
        self.value += gone * (self._ramped - self.value)
        return self.value
