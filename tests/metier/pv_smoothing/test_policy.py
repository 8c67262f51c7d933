from math import exp

from pytest import approx, mark

from ppc.datamodel.envelope import Interval
from ppc.metier.fleet import Fleet
from ppc.metier.pv_smoothing.policy import PvSmoothingSettings, next_w, sight

UNITS = Fleet(3e6, 3e6, 0.0, Interval(-2e6, 2e6), 2e6, 4e6, 3e6)


@mark.parametrize("dt_s", [0.1, 1.0, 30.0])
def test_the_lag_does_not_depend_on_the_cycle(dt_s):
    settings, now_w = PvSmoothingSettings(tau_s=60.0), 4e6
    for _ in range(round(60 / dt_s)):
        now_w = next_w(now_w, 1e6, settings, ramp_w_per_s=1.0, dt_s=dt_s)
    assert now_w == approx(1e6 + 3e6 * exp(-1))


def test_by_ramp_it_arrives():
    settings = PvSmoothingSettings(way="ramp")
    assert next_w(4e6, 1e6, settings, ramp_w_per_s=1e5, dt_s=2.0) == approx(3.8e6)
    assert next_w(1.1e6, 1e6, settings, ramp_w_per_s=1e5, dt_s=2.0) == approx(1e6)


def test_the_load_passes_or_is_smoothed_with_pv():
    passes = sight(PvSmoothingSettings(), UNITS, 1e6)
    assert passes == approx((3e6, 0.3 * 2e6 * 0.25 - 1e6))
    smoothed = sight(PvSmoothingSettings(load="smoothed"), UNITS, 1e6)
    assert smoothed == approx((2e6, 0.3 * 2e6 * 0.25))
