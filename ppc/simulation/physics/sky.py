"""Sun and clouds over the plant: a clear day from a table, and a random process."""

from collections.abc import Sequence
from math import exp, isnan, nan
from random import Random

from ppc.configuration.simulation import SkySection
from ppc.simulation.physics.noise import OrnsteinUhlenbeck

CLEAR_PU, CLOUDY_PU = 1.0, 0.45
"""Mean clear-sky index under an open and a covered sky. Ours, within the usual 0.3 to
0.6 of cloud and 1.0 to 1.05 of clear sky."""
DWELL_CLEAR_S, DWELL_CLOUDY_S = 600.0, 300.0
"""Mean stay in either state. Ours, within the usual 5 to 10 minutes."""
CLOUD_TAU_S, CLOUD_SIGMA_PU = 90.0, 0.05
"""How softly the index follows its state, and its own noise: so chosen that its change
per minute has its 99th percentile near 0.2, as in records of broken cloud."""


class Sky:
    """Time of day, clear-sky irradiance and the clear-sky index all units share.

    `day_w_per_m2`: irradiance on the modules under a clear sky, evenly spread over the
    solar day from midnight on; straight lines between. The index k moves toward the
    mean of a two-state process, clear or cloudy, with exponential stays; noise rides
    on top. `override_pu` puts one index over all units; NaN: automatic.
    """

    def __init__(
        self,
        section: SkySection,
        start_h: float,
        rng: Random,
        day_w_per_m2: Sequence[float],
    ) -> None:
        self._section = section
        self._rng = rng
        self._day_w_per_m2 = tuple(day_w_per_m2)
        self._noise = OrnsteinUhlenbeck(CLOUD_SIGMA_PU, CLOUD_TAU_S, rng)
        self._cloudy = False
        self._drift_pu = CLEAR_PU
        self.time_h = start_h
        self.override_pu = nan
        self.index_pu = CLEAR_PU
        self.clear_w_per_m2 = self._clear()

    @property
    def clouded(self) -> bool:
        """Whether clouds are left to chance."""
        return self._section.clouds and isnan(self.override_pu)

    def step(self, dt_s: float) -> None:
        """Advance the day by `dt_s`; it begins again at midnight."""
        self.time_h = (self.time_h + dt_s / 3600.0) % 24.0
        self.clear_w_per_m2 = self._clear()
        if self.clouded:
            self.index_pu = self._drift(dt_s)
        else:
            self.index_pu = CLEAR_PU if isnan(self.override_pu) else self.override_pu

    def _clear(self) -> float:
        day = self._day_w_per_m2
        at = self.time_h / 24.0 * len(day)
        i = int(at) % len(day)
        here = day[i]
        return here + (at - int(at)) * (day[(i + 1) % len(day)] - here)

    def _drift(self, dt_s: float) -> float:
        dwell_s = DWELL_CLOUDY_S if self._cloudy else DWELL_CLEAR_S
        if self._rng.random() < 1.0 - exp(-dt_s / dwell_s):
            self._cloudy = not self._cloudy
        mean_pu = CLOUDY_PU if self._cloudy else CLEAR_PU
        gone = 1.0 - exp(-dt_s / CLOUD_TAU_S)
        self._drift_pu += gone * (mean_pu - self._drift_pu)
        return max(0.0, self._drift_pu + self._noise.step(dt_s))
