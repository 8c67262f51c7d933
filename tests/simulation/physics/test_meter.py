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


def test_energy_is_counted_exactly_and_each_way_for_itself():
    section = MeterSection(accuracy_pu=0.0, noise_pu=0.0, refresh_s=1.0)
    meter = Meter(section, 10e6, Random(1), NOW)
    for p_w in (3.6e6, -7.2e6, 3.6e6):
        for _ in range(500):
            meter.step(0.02, NOW._replace(p_w=p_w))
    seen = meter.slow_signals()
    assert seen[Key.E_EXPORT_WH] == approx(20_000.0)
    assert seen[Key.E_IMPORT_WH] == approx(20_000.0)


def test_phases_add_up_to_the_whole():
    section = MeterSection(
        accuracy_pu=0, v_accuracy_pu=0, noise_pu=0, unbalance_pu=0.02
    )
    seen = Meter(section, 10e6, Random(1), NOW).slow_signals()
    phases_v = [seen[k] for k in (Key.V_L1_V, Key.V_L2_V, Key.V_L3_V)]
    assert sum(phases_v) / 3 * 3**0.5 == approx(20e3)
    assert phases_v[0] / phases_v[2] == approx(1.02)
    assert seen[Key.P_L1_W] + seen[Key.P_L2_W] + seen[Key.P_L3_W] == approx(4e6)


def test_it_shows_no_more_than_its_resolution():
    section = MeterSection(v_accuracy_pu=0, v_step_v=10, f_step_hz=0.01)
    seen = Meter(section, 10e6, Random(1), PoiState(20_004, 50.0149, 0, 0)).signals()
    assert (seen[Key.V_V], seen[Key.F_HZ]) == approx((20_000, 50.01))


def test_badly_wired_it_counts_the_other_way_or_too_much():
    meter = Meter(MeterSection(accuracy_pu=0, noise_pu=0), 10e6, Random(1), NOW)
    meter.reversed, meter.ratio = True, 2.0
    meter.step(1.0, NOW)
    assert meter.signals()[Key.P_W] == approx(-8e6)
    assert meter.signals()[Key.Q_VAR] == approx(2e6)


def test_without_voltage_it_knows_no_frequency():
    meter = Meter(MeterSection(), 10e6, Random(1), NOW, 20e3)
    assert meter.signals()[Key.F_HZ] == 50.01
    meter.step(1.0, NOW._replace(v_v=100.0))
    assert meter.signals()[Key.F_HZ] == 0.0
