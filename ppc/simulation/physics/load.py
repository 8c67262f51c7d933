"""What the site itself consumes."""

from random import Random

from ppc.configuration.simulation import LoadSection
from ppc.simulation.physics.grid import Injection
from ppc.simulation.physics.noise import OrnsteinUhlenbeck

NOISE_TAU_S = 30.0
"""Correlation of a load's noise, as for the 15-minute profiles it stands for."""
V_LOW_PU = 0.7
"""Below this voltage the current stays, above it the power. Our choice."""


class Load:
    """A load of constant power with slow noise. Consumption is positive here."""

    def __init__(self, section: LoadSection, v_nominal_v: float, rng: Random) -> None:
        self.p_w = section.p_w
        self.q_var = section.q_var
        self._v_low_v = V_LOW_PU * v_nominal_v
        self._noise = OrnsteinUhlenbeck(section.noise_pu, NOISE_TAU_S, rng)

    def step(self, dt_s: float) -> Injection:
        """What it feeds into the network, that is: minus what it draws."""
        s_va = -(1.0 + self._noise.step(dt_s)) * complex(self.p_w, self.q_var)
        return Injection(s_va, abs(s_va) / self._v_low_v)
