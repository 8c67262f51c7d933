# ruff: noqa: S311 (chance to test with keeps no secret)

from random import Random
from statistics import fmean, pstdev

from pytest import approx, mark

from ppc.simulation.physics.noise import OrnsteinUhlenbeck


@mark.parametrize("dt_s", [0.1, 1.0, 5.0])
def test_the_spread_does_not_depend_on_the_step(dt_s: float):
    noise = OrnsteinUhlenbeck(0.02, 10.0, Random(1))
    values = [noise.step(dt_s) for _ in range(round(40_000 / dt_s))]
    assert pstdev(values) == approx(0.02, rel=0.1)
    assert fmean(values) == approx(0.0, abs=0.003)


def test_the_correlation_time_is_the_one_asked_for():
    noise = OrnsteinUhlenbeck(1.0, 10.0, Random(2))
    values = [noise.step(1.0) for _ in range(60_000)]
    later = fmean(a * b for a, b in zip(values, values[10:], strict=False))
    assert later == approx(2.718281828**-1, abs=0.06)


def test_no_spread_means_no_noise_and_no_draw():
    rng = Random(3)
    assert OrnsteinUhlenbeck(0.0, 10.0, rng).step(1.0) == 0.0
    assert rng.random() == Random(3).random()
