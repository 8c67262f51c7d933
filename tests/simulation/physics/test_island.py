from pytest import approx

from ppc.configuration.simulation import IslandSection
from ppc.simulation.physics.island import Island


def island(**changes):
    section = IslandSection.model_validate({"former": "a"} | changes)
    return Island(section, 0, 5e6, 20e3, 50.0)


def run(device, p_w, for_s):
    for _ in range(round(for_s / 0.02)):
        device.step(p_w, 0.02)
    return device.f_hz


def test_the_frequency_begins_to_fall_with_the_lack_over_the_inertia():
    device = island()
    device.begin(50.0, 0.0)
    device.step(1e6, 0.02)
    rate_hz_per_s = (device.f_hz - 50.0) / 0.02
    assert rate_hz_per_s == approx(-0.2 * 50.0 / (2 * 3.0), rel=1e-6)


def test_it_ends_where_droop_and_damping_meet_the_load():
    device = island(droop_pu=0.05, damping_pu=1.0)
    device.begin(50.0, 0.0)
    f_hz = run(device, 1e6, 60.0)
    assert f_hz == approx(50.0 * (1.0 - 0.2 / (1 / 0.05 + 1.0)), rel=1e-6)
    assert run(device, -1e6, 60.0) > 50.0


def test_it_goes_on_from_where_the_grid_left_it():
    device = island()
    device.begin(50.2, -1e6)
    assert device.f_hz == approx(50.2)
    device.step(-1e6, 0.02)
    assert device.f_hz == approx(50.2, abs=0.01)
