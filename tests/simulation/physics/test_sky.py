# ruff: noqa: S311 (chance to test with keeps no secret)

from itertools import pairwise
from math import nan
from random import Random

from pytest import approx, mark

from ppc.configuration.simulation import SkySection
from ppc.simulation.physics.sky import Sky, clear_sky_w_per_m2


@mark.parametrize(
    ("elevation_deg", "w_per_m2"),
    [(90, 1035.09), (45, 714.27), (20, 316.02), (10, 135.75)],
)
def test_irradiance_is_haurwitz_formula(elevation_deg: float, w_per_m2: float):
    # At the equinox on the equator the sun stands overhead at noon, 15 degrees an hour.
    time_h = 12 + (90 - elevation_deg) / 15
    assert clear_sky_w_per_m2(0.0, 81, time_h) == approx(w_per_m2, rel=2e-3)


@mark.parametrize("day", [1, 81, 172, 266, 355])
def test_there_is_no_sun_at_midnight_and_most_at_noon(day: int):
    by_hour = [clear_sky_w_per_m2(45.0, day, h) for h in range(24)]
    assert by_hour[0] == by_hour[2] == by_hour[22] == 0.0
    assert max(by_hour) == by_hour[12] < 1098.0
    assert by_hour[10] == approx(by_hour[14])


def test_a_clear_midsummer_day_at_45_degrees_brings_about_8_kwh_per_m2():
    day_wh = sum(clear_sky_w_per_m2(45.0, 172, i / 60) for i in range(1440)) / 60
    winter_wh = sum(clear_sky_w_per_m2(45.0, 355, i / 60) for i in range(1440)) / 60
    assert 7.5e3 < day_wh < 9.0e3
    assert 1.5e3 < winter_wh < 2.5e3


def test_clouds_change_about_as_fast_as_recorded_ones():
    sky = Sky(SkySection(), 12.0, Random(5))
    index_pu = []
    for _ in range(3 * 1440):
        for _ in range(12):
            sky.step(5.0)
        index_pu.append(sky.index_pu)
    changes_pu = sorted(abs(b - a) for a, b in pairwise(index_pu))
    assert 0.12 < changes_pu[round(0.99 * len(changes_pu))] < 0.30
    assert min(index_pu) < 0.5
    assert 0.95 < max(index_pu) < 1.3


def test_without_clouds_the_sky_is_clear():
    sky = Sky(SkySection(clouds=False), 12.0, Random(5))
    for _ in range(100):
        sky.step(60.0)
    assert sky.index_pu == 1.0


def test_an_override_holds_until_it_is_lifted():
    sky = Sky(SkySection(clouds=False), 12.0, Random(5))
    sky.override_pu = 0.3
    sky.step(0.02)
    assert sky.index_pu == 0.3
    sky.override_pu = nan
    sky.step(0.02)
    assert sky.index_pu == 1.0


def test_the_day_begins_again_at_midnight():
    sky = Sky(SkySection(), 23.5, Random(5))
    sky.step(3600.0)
    assert sky.time_h == approx(0.5)
