"""Sun and clouds over the plant: a formula and a small random process."""

from math import cos, exp, isnan, nan, pi, radians, sin
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


def clear_sky_w_per_m2(latitude_deg: float, day: int, time_h: float) -> float:
    """Global horizontal irradiance under a clear sky [W/m2]; 0 by night.

    Args:
        latitude_deg: Latitude, north positive [degrees].
        day: Day of the year, 1 to 366.
        time_h: Solar time [h]: the sun is highest at 12.

    Source:
        Haurwitz, Journal of Meteorology 2 (1945) 154: 1098 cos z exp(-0.059 / cos z),
        coefficients as used by pvlib. Declination after Cooper, Solar Energy 12 (1969)
        333: 23.45 deg sin(360 deg (284 + day) / 365) (from memory).
    """
    declination = radians(23.45) * sin(2.0 * pi * (284 + day) / 365)
    latitude = radians(latitude_deg)
    hour_angle = pi * (time_h - 12.0) / 12.0
    cos_z = sin(latitude) * sin(declination) + cos(latitude) * cos(declination) * cos(
        hour_angle
    )
    return 1098.0 * cos_z * exp(-0.059 / cos_z) if cos_z > 0.0 else 0.0


class Sky:
    """Time of day, clear-sky irradiance and the clear-sky index all units share.

    The index k moves toward the mean of a two-state process, clear or cloudy, with
    exponential stays; noise rides on top. `override_pu` puts one index over all
    units; NaN: automatic.
    """

    def __init__(self, section: SkySection, start_h: float, rng: Random) -> None:
        self._section = section
        self._rng = rng
        self._noise = OrnsteinUhlenbeck(CLOUD_SIGMA_PU, CLOUD_TAU_S, rng)
        self._cloudy = False
        self._drift_pu = CLEAR_PU
        self.time_h = start_h
        self.override_pu = nan
        self.index_pu = CLEAR_PU
        self.clear_w_per_m2 = clear_sky_w_per_m2(
            section.latitude_deg, section.day, start_h
        )

    @property
    def clouded(self) -> bool:
        """Whether clouds are left to chance."""
        return self._section.clouds and isnan(self.override_pu)

    def step(self, dt_s: float) -> None:
        """Advance the day by `dt_s`; it begins again at midnight."""
        self.time_h = (self.time_h + dt_s / 3600.0) % 24.0
        self.clear_w_per_m2 = clear_sky_w_per_m2(
            self._section.latitude_deg, self._section.day, self.time_h
        )
        if self.clouded:
            self.index_pu = self._drift(dt_s)
        else:
            self.index_pu = CLEAR_PU if isnan(self.override_pu) else self.override_pu

    def _drift(self, dt_s: float) -> float:
        dwell_s = DWELL_CLOUDY_S if self._cloudy else DWELL_CLEAR_S
        if self._rng.random() < 1.0 - exp(-dt_s / dwell_s):
            self._cloudy = not self._cloudy
        mean_pu = CLOUDY_PU if self._cloudy else CLEAR_PU
        gone = 1.0 - exp(-dt_s / CLOUD_TAU_S)
        self._drift_pu += gone * (mean_pu - self._drift_pu)
        return max(0.0, self._drift_pu + self._noise.step(dt_s))
