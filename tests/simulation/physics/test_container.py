from math import exp

from pytest import approx, mark

from ppc.simulation.physics.container import Container

ENERGY_WH = 2.0e6


def run(container, heat_w, for_s, dt_s=10.0):
    for _ in range(round(for_s / dt_s)):
        drawn_w = container.step(heat_w, dt_s)
    return drawn_w


def test_without_cooling_it_warms_with_its_time_constant():
    container = Container(ENERGY_WH, ambient_c=20.0)
    container.cooling = False
    tau_s = 7.3 * ENERGY_WH / 115.0  # 35 h
    run(container, 1150.0, tau_s)
    assert container.temperature_c - 20.0 == approx(10.0 * (1 - exp(-1)), rel=1e-2)


def test_the_air_conditioning_keeps_it_and_costs_power():
    container = Container(ENERGY_WH, ambient_c=40.0)
    drawn_w = run(container, 20e3, 48 * 3600.0)
    assert 25.0 < container.temperature_c < 30.0
    heat_w = 20e3 + 115.0 * (40.0 - container.temperature_c)
    assert drawn_w == approx(heat_w / 3.0, rel=1e-3)


@mark.parametrize(
    ("temperature_c", "charge_pu", "discharge_pu"),
    [(-5, 0, 1), (5, 0.5, 1), (25, 1, 1), (50, 0.5, 0.5), (60, 0, 0)],
)
def test_power_fades_in_cold_and_heat(temperature_c, charge_pu, discharge_pu):
    container = Container(ENERGY_WH, ambient_c=20.0)
    container.temperature_c = temperature_c
    assert container.charge_pu == approx(charge_pu)
    assert container.discharge_pu == approx(discharge_pu)
