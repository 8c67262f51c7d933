"""What the site itself consumes."""

from math import inf
from random import Random

from ppc.configuration.simulation import LoadSection
from ppc.simulation.physics.grid import Injection
from ppc.simulation.physics.noise import OrnsteinUhlenbeck

NOISE_TAU_S = 30.0
"""Correlation of a load's noise: reference study of load profiles, AR(1)."""


class Load:
    """A load of constant power with slow noise. Consumption is positive here."""

    def __init__(self, section: LoadSection, rng: Random) -> None:
        self.p_w = section.p_w
        self.q_var = section.q_var
        self._noise = OrnsteinUhlenbeck(section.noise_pu, NOISE_TAU_S, rng)

    def step(self, dt_s: float) -> Injection:
        """What it feeds into the network, that is: minus what it draws."""
        size = 1.0 + self._noise.step(dt_s)
        return Injection(-size * complex(self.p_w, self.q_var), inf)
