"""Slow randomness, reproducible from its seed."""

from math import exp, sqrt
from random import Random


class OrnsteinUhlenbeck:
    """A random walk that is pulled back to 0: the slow noise of grids, loads and skies.

    dx = -x / tau dt + sigma sqrt(2 / tau) dW, advanced by its exact discretisation, so
    that standard deviation and correlation do not depend on the step.

    Args:
        sigma: Standard deviation in the long run; 0 for none. Unit of the value.
        tau_s: Correlation time [s].
        rng: Source of randomness; the process draws from it once per step.

    Source:
        Gillespie, "Exact numerical simulation of the Ornstein-Uhlenbeck process and
        its integral", Phys. Rev. E 54 (1996) 2084 (from memory).
    """

    __slots__ = ("_rng", "_sigma", "_tau_s", "value")

    def __init__(self, sigma: float, tau_s: float, rng: Random) -> None:
        self._sigma = sigma
        self._tau_s = tau_s
        self._rng = rng
        self.value = 0.0

    def step(self, dt_s: float) -> float:
        """Advance by `dt_s` and return the new value."""
        if self._sigma:
            kept = exp(-dt_s / self._tau_s)
            spread = self._sigma * sqrt(1.0 - kept * kept)
            self.value = kept * self.value + spread * self._rng.gauss(0.0, 1.0)
        return self.value
