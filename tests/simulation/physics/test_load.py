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


def load(**changes: object) -> Load:
    section = {"p_w": 1e6, "q_var": 2e5, "noise_pu": 0.0} | changes
    return Load(LoadSection.model_validate(section), 20e3, Random(1))


def test_it_follows_voltage_and_frequency():
    device = load(v_exponent=1.5, f_factor=2.0)
    device.v_pu, device.f_pu = 0.9, 1.01
    drawn_va = -device.step(0.02).s_va
    assert drawn_va == approx(complex(1e6, 2e5) * 0.9**1.5 * 1.02)


def test_it_has_a_day():
    device = load(day_pu=(0.0, 1.0, 2.0, 1.0))  # at 0, 6, 12, 18 h
    seen = []
    for time_h in (0.0, 3.0, 6.0, 12.0, 21.0, 24.0):
        device.time_h = time_h
        seen.append(-device.step(0.02).s_va.real / 1e6)
    assert seen == approx([0.0, 0.5, 1.0, 2.0, 0.5, 0.0])


def test_a_motor_starts_with_an_inrush_and_stays():
    device = load()
    device.start_motor(1e5, 5e4)
    size_va = abs(complex(1e5, 5e4))
    inrush_va = -device.step(0.02).s_va - complex(1e6, 2e5)
    assert abs(inrush_va) == approx(6 * size_va)
    assert inrush_va.imag > 3 * inrush_va.real
    for _ in range(150):
        running_va = -device.step(0.02).s_va - complex(1e6, 2e5)
    assert running_va == approx(complex(1e5, 5e4))
