# ruff: noqa: S311 (chance to test with keeps no secret)

from itertools import pairwise
from math import nan
from random import Random

from pytest import approx

from ppc.configuration.simulation import SkySection
from ppc.simulation.physics.sky import Sky

FLAT = (500.0, 1000.0)


def test_the_day_is_a_table_with_straight_lines_between():
    day = [0.0, 0.0, 400.0, 800.0, 1000.0, 800.0, 400.0, 0.0]  # every three hours
    sky = Sky(SkySection(clouds=False), 0.0, Random(5), day)
    seen = []
    for _ in range(48):
        sky.step(1800.0)
        seen.append(sky.clear_w_per_m2)
    assert seen[2 * 9 - 1] == approx(800.0)
    assert seen[2 * 12 - 1] == approx(1000.0)
    assert seen[int(2 * 7.5) - 1] == approx(600.0)
    assert seen[-1] == approx(0.0)


def test_clouds_change_about_as_fast_as_recorded_ones():
    sky = Sky(SkySection(), 12.0, Random(5), FLAT)
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
    sky = Sky(SkySection(clouds=False), 12.0, Random(5), FLAT)
    for _ in range(100):
        sky.step(60.0)
    assert sky.index_pu == 1.0


def test_an_override_holds_until_it_is_lifted():
    sky = Sky(SkySection(clouds=False), 12.0, Random(5), FLAT)
    sky.override_pu = 0.3
    sky.step(0.02)
    assert sky.index_pu == 0.3
    sky.override_pu = nan
    sky.step(0.02)
    assert sky.index_pu == 1.0


def test_the_day_begins_again_at_midnight():
    sky = Sky(SkySection(), 23.5, Random(5), FLAT)
    sky.step(3600.0)
    assert sky.time_h == approx(0.5)
