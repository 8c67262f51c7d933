# ruff: noqa: S311 (chance to test with keeps no secret)

from random import Random
from statistics import fmean, pstdev

from pytest import approx

from ppc.configuration.simulation import LoadSection
from ppc.simulation.physics.load import Load


def test_what_is_consumed_leaves_the_plant_with_a_minus():
    load = Load(LoadSection(p_w=4e5, q_var=1e5, noise_pu=0.0), 20e3, Random(1))
    s_va, i_max_a = load.step(0.02)
    assert s_va == complex(-4e5, -1e5)
    assert i_max_a == approx(abs(s_va) / 14e3)


def test_it_varies_slowly_around_its_value():
    load = Load(LoadSection(p_w=4e5, noise_pu=0.02), 20e3, Random(1))
    seen = [-load.step(10.0).s_va.real for _ in range(20_000)]
    assert fmean(seen) == approx(4e5, rel=0.01)
    assert pstdev(seen) == approx(8e3, rel=0.1)
