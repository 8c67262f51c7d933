"""What the site itself consumes."""

from random import Random

from ppc.configuration.simulation import LoadSection
from ppc.simulation.physics.network import Injection
from ppc.simulation.physics.noise import OrnsteinUhlenbeck

NOISE_TAU_S = 30.0
"""Correlation of a load's noise, as for the 15-minute profiles it stands for."""
V_LOW_PU = 0.7
"""Below this voltage the current stays, above it the power. Our choice."""
INRUSH, INRUSH_S = 6.0, 2.0
"""A motor draws this many times its current while it starts, for so long."""
INRUSH_COS_PHI = 0.3
"""While it starts it draws mostly reactive power (from memory)."""


class Load:
    """A load with slow noise, a profile over the day, and motors that start.

    P = P0 (V / Vn)^a (1 + k (f - fn) / fn), and Q alike. Consumption is positive here.
    `v_pu`, `f_pu` and `time_h` are set from outside before each step.
    """

    def __init__(self, section: LoadSection, v_nominal_v: float, rng: Random) -> None:
        self.p_w = section.p_w
        self.q_var = section.q_var
        self.v_pu = self.f_pu = 1.0
        self.time_h = 0.0
        self._section = section
        self._v_low_v = V_LOW_PU * v_nominal_v
        self._noise = OrnsteinUhlenbeck(section.noise_pu, NOISE_TAU_S, rng)
        self._starting: list[tuple[float, complex, complex]] = []
        self._now_s = 0.0
        self._motors_va = 0j

    def start_motor(self, p_w: float, q_var: float) -> None:
        """A motor starts now: inrush first, then this power for good."""
        running_va = complex(p_w, q_var)
        size_va = INRUSH * abs(running_va)
        sin_phi = (1.0 - INRUSH_COS_PHI**2) ** 0.5
        inrush_va = size_va * complex(INRUSH_COS_PHI, sin_phi)
        self._starting.append((self._now_s + INRUSH_S, inrush_va, running_va))

    def step(self, dt_s: float) -> Injection:
        """What it feeds into the network, that is: minus what it draws."""
        section = self._section
        self._now_s += dt_s
        drawn_va = (1.0 + self._noise.step(dt_s)) * complex(self.p_w, self.q_var)
        if section.day_pu:
            drawn_va *= self._day_pu()
        if self._starting:
            drawn_va += self._motors()
        drawn_va += self._motors_va
        if section.v_exponent:
            drawn_va *= max(self.v_pu, 0.0) ** section.v_exponent
        if section.f_factor:
            drawn_va *= 1.0 + section.f_factor * (self.f_pu - 1.0)
        return Injection(-drawn_va, abs(drawn_va) / self._v_low_v)

    def _day_pu(self) -> float:
        day_pu = self._section.day_pu
        at = self.time_h / 24.0 * len(day_pu)
        i, rest = int(at) % len(day_pu), at % 1.0
        return day_pu[i] + rest * (day_pu[(i + 1) % len(day_pu)] - day_pu[i])

    def _motors(self) -> complex:
        """Draw of those that start; one that runs joins the others."""
        drawn_va = 0j
        left = []
        for until_s, inrush_va, running_va in self._starting:
            if self._now_s <= until_s:
                drawn_va += inrush_va
                left.append((until_s, inrush_va, running_va))
            else:
                self._motors_va += running_va
        self._starting = left
        return drawn_va
