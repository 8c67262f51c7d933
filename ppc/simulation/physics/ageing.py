"""How a lithium iron phosphate battery loses capacity: by time and by use."""

from math import exp, sqrt

GAS_J_PER_MOL_K = 8.314
KELVIN = 273.15
K_CALENDAR, E_ACTIVATION_J_PER_MOL, T_REFERENCE_K = 1.2571e-5, 17126.0, 298.15
"""Loss by time: k exp(-E/R (1/T - 1/Tref)) per root of seconds, as a share."""
TURN_PU = 0.01
"""A smaller turn of the state of charge is no new cycle."""


def calendar_rate(temperature_c: float, soc_pu: float) -> float:
    """k_T k_SOC: capacity lost is this times the root of time [s], as a share."""
    inverse_k = 1.0 / (temperature_c + KELVIN) - 1.0 / T_REFERENCE_K
    k_t = K_CALENDAR * exp(-E_ACTIVATION_J_PER_MOL / GAS_J_PER_MOL_K * inverse_k)
    return k_t * (2.8575 * (soc_pu - 0.5) ** 3 + 0.60225)


def cycle_rate(c_rate: float, depth_pu: float) -> float:
    """Capacity lost is this times the root of full cycles, as a share."""
    stress = 4.0253 * (depth_pu - 0.6) ** 3 + 1.0923
    return (0.0630 * c_rate + 0.0971) * stress / 100.0


class Ageing:
    """Capacity left, advanced under changing conditions.

    Both losses go with a root. When conditions change, each goes on from the virtual
    time, or number of cycles, at which it would have reached the present loss.

    Source:
        Naumann et al., J. Energy Storage 17 (2018) 153 and J. Power Sources 451 (2020)
        227666, parameters as used by SimSES.
    """

    def __init__(self, soh_pu: float) -> None:
        self._new_pu = soh_pu
        self._calendar_pu = self._cycle_pu = 0.0
        self._turn_pu: float | None = None
        self._last_pu = 0.0
        self._rising = False
        self.cycles_count = 0.0
        """Full equivalent cycles."""

    @property
    def soh_pu(self) -> float:
        """Capacity over capacity when new."""
        return max(self._new_pu - self._calendar_pu - self._cycle_pu, 0.0)

    def step(
        self, dt_s: float, temperature_c: float, soc_pu: float, c_rate: float
    ) -> None:
        """Advance by `dt_s` at these conditions; `c_rate` in either direction."""
        rate = calendar_rate(temperature_c, soc_pu)
        virtual_s = (self._calendar_pu / rate) ** 2
        self._calendar_pu = rate * sqrt(virtual_s + dt_s)
        depth_pu = self._depth(soc_pu)
        done = c_rate * dt_s / 7200.0
        self.cycles_count += done
        if done:
            rate = cycle_rate(c_rate, depth_pu)
            virtual = (self._cycle_pu / rate) ** 2
            self._cycle_pu = rate * sqrt(virtual + done)

    def _depth(self, soc_pu: float) -> float:
        """How far the state of charge has come since it last turned."""
        if self._turn_pu is None:
            self._turn_pu = self._last_pu = soc_pu
        moved = soc_pu - self._last_pu
        if abs(moved) >= TURN_PU:
            if (moved > 0.0) != self._rising:
                self._turn_pu, self._rising = self._last_pu, moved > 0.0
            self._last_pu = soc_pu
        return abs(soc_pu - self._turn_pu)
