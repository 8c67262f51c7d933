"""The clear-sky day over the modules, from pvlib, once before the start."""

from functools import cache

from ppc.configuration.simulation import SkySection

MINUTES = 1440
YEAR = 2025
"""Any year: the sun's place differs by minutes only."""


class PvlibMissing(RuntimeError):
    """The field cannot be simulated: pvlib is not installed."""


@cache
def clear_day(section: SkySection) -> tuple[float, ...]:
    """Irradiance on the modules in each minute of a solar day [W/m2].

    Ineichen's clear sky with the section's turbidity; direct, diffuse (isotropic) and
    reflected light on a plane of its tilt and azimuth. Solar time: the sun is highest
    at 12. Raises PvlibMissing.
    """
    try:
        import pandas as pd  # noqa: PLC0415 (half a second, and only here)
        import pvlib  # noqa: PLC0415
    except ModuleNotFoundError as error:
        raise PvlibMissing(
            f"{error.name} is missing: pip install 'ppc[simulation]'"
        ) from None
    start = pd.Timestamp(f"{YEAR}-01-01", tz="UTC") + pd.Timedelta(section.day - 1, "D")
    times = pd.date_range(start, periods=MINUTES, freq="min")
    late = pvlib.solarposition.equation_of_time_spencer71(section.day)
    site = pvlib.location.Location(section.latitude_deg, 0.0, altitude=section.height_m)
    times -= pd.Timedelta(minutes=float(late))  # from clock time to solar time
    position = site.get_solarposition(times)
    sky = site.get_clearsky(
        times,
        model="ineichen",
        solar_position=position,
        linke_turbidity=section.turbidity,
    )
    on_modules = pvlib.irradiance.get_total_irradiance(
        section.tilt_deg,
        section.azimuth_deg,
        position["apparent_zenith"],
        position["azimuth"],
        sky["dni"],
        sky["ghi"],
        sky["dhi"],
    )["poa_global"]
    return tuple(on_modules.fillna(0.0).clip(lower=0.0).tolist())
