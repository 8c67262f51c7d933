# ruff: noqa: S311 (chance to test with keeps no secret)

from random import Random
from statistics import fmean, pstdev

from hypothesis import given
from hypothesis import strategies as st
from pytest import approx

from ppc.configuration.simulation import MeterSection
from ppc.keys import Key
from ppc.simulation.physics.meter import Meter, PoiState

NOW = PoiState(20e3, 50.01, 4e6, -1e6)


def test_it_shows_the_last_snapshot_until_it_refreshes():
    meter = Meter(MeterSection(refresh_s=0.1), 10e6, Random(1), NOW)
    first = meter.signals()
    shown = []
    for _ in range(11):
        meter.step(0.02, NOW._replace(f_hz=49.0))
        shown.append(meter.signals()[Key.F_HZ])
    assert first[Key.F_HZ] == 50.01
    assert shown == [50.01] * 4 + [49.0] * 7
    assert [meter.signals() is first, meter.signals() is meter.signals()] == [
        False,
        True,
    ]


def test_it_refreshes_as_often_as_configured():
    meter = Meter(MeterSection(refresh_s=0.034), 10e6, Random(1), NOW)
    shown = set()
    for _ in range(500):
        meter.step(0.02, NOW)
        shown.add(meter.signals()[Key.P_W])
    assert len(shown) == approx(10 / 0.034, abs=2)


@given(st.integers())
def test_its_gains_are_within_its_class(seed: int):
    meter = Meter(MeterSection(noise_pu=0.0), 10e6, Random(seed), NOW)
    seen = meter.signals()
    assert abs(seen[Key.P_W] / 4e6 - 1) <= 0.005
    assert abs(seen[Key.Q_VAR] / -1e6 - 1) <= 0.005
    assert abs(seen[Key.V_V] / 20e3 - 1) <= 0.002


def test_its_noise_is_as_large_as_configured():
    section = MeterSection(accuracy_pu=0.0, noise_pu=0.001, refresh_s=0.02)
    meter = Meter(section, 10e6, Random(1), NOW)
    seen = []
    for _ in range(5000):
        meter.step(0.02, NOW)
        seen.append(meter.signals()[Key.P_W])
    assert fmean(seen) == approx(4e6, abs=1e3)
    assert pstdev(seen) == approx(10e3, rel=0.1)
