from collections.abc import Callable
from time import perf_counter

from pytest import approx, raises

from ppc.configuration.simulation import SimulationConfig
from ppc.keys import Key
from ppc.simulation.physics.plant import Plant

Make = Callable[..., Plant]


def run(plant: Plant, for_s: float) -> Plant:
    for _ in range(round(for_s / 0.02)):
        plant.step(0.02)
    return plant


def dark(make_plant: Make, **sections: object) -> Plant:
    """Without PV power."""
    plant = make_plant(start_h=0.0, **sections)
    return run(plant, 1.0)


def test_every_setting_has_a_default():
    assert SimulationConfig() == SimulationConfig.model_validate({})


def test_the_poi_carries_what_the_units_feed_less_load_and_losses(make_plant: Make):
    plant = make_plant(load={"p_w": 4e5}, collector={"r_pu": 0.01, "x_pu": 0.06})
    plant.command("bess", {Key.P_SET_W: 2e6})
    run(plant, 3.0)
    fed_w = plant.signals("bess")[Key.P_W] + plant.signals("pv")[Key.P_W]
    lost_w = fed_w - 4e5 - plant.truth.p_w
    assert lost_w == approx(0.01 * (fed_w - 4e5) ** 2 / 10e6, rel=0.05)


def test_reactive_power_moves_the_voltage_both_ways(make_plant: Make):
    plant = dark(make_plant)
    for q_var in (2e6, -2e6):
        plant.command("bess", {Key.Q_SET_VAR: q_var})
        run(plant, 2.0)
        x_ohm = plant.grid.z_ohm.imag
        risen_v = plant.truth.v_v - 20e3
        assert risen_v == approx(x_ohm * q_var / 20e3, rel=0.03)


def test_a_step_of_the_grid_reaches_the_meter_in_one_refresh(make_plant: Make):
    plant = dark(make_plant)
    plant.grid.v_pu, plant.grid.f_set_hz = 0.98, 49.8
    plant.step(0.02)
    seen = plant.signals("meter")
    assert seen[Key.V_V] == approx(19.6e3, rel=1e-3)
    assert seen[Key.F_HZ] == approx(49.8)


def test_without_noise_and_errors_the_meter_shows_the_truth(make_plant: Make):
    plant = run(make_plant(), 2.0)
    assert tuple(plant.signals("meter").values()) == plant.truth


def test_a_forgotten_battery_goes_to_zero(make_plant: Make):
    plant = make_plant(watchdog_s=5.0, start_h=0.0)
    plant.command("bess", {Key.P_SET_W: 3e6, Key.Q_SET_VAR: 1e6})
    run(plant, 4.9)
    assert plant.signals("bess")[Key.P_W] == approx(3e6, rel=1e-3)
    run(plant, 2.0)
    assert plant.signals("bess")[Key.P_W] == approx(0.0, abs=1e3)
    assert plant.signals("bess")[Key.Q_VAR] == approx(0.0, abs=1e3)


def noisy(seed: int, make_plant: Make) -> list[float]:
    plant = make_plant(
        seed=seed,
        grid={"v_noise_pu": 0.01, "f_noise_hz": 0.01},
        meter={"noise_pu": 0.001, "accuracy_pu": 0.005},
        sky={"clouds": True},
    )
    plant.command("bess", {Key.P_SET_W: 1e6})
    run(plant, 5.0)
    return [
        value
        for device in ("meter", "bess", "pv")
        for value in plant.signals(device).values()
    ]


def test_equal_seeds_give_equal_plants_to_the_last_bit(make_plant: Make):
    assert noisy(1, make_plant) == noisy(1, make_plant)
    assert noisy(1, make_plant) != noisy(2, make_plant)


def test_speed_hurries_sun_and_charge_but_not_the_inverters(make_plant: Make):
    slow, fast = (make_plant(start_h=9.0, speed=s) for s in (1.0, 60.0))
    for plant in (slow, fast):
        plant.command("bess", {Key.P_SET_W: 2e6})
        run(plant, 0.2)
    assert fast.signals("bess")[Key.P_W] == approx(
        slow.signals("bess")[Key.P_W], rel=1e-3
    )
    gone_fast = 0.5 - run(fast, 10.0).signals("bess")[Key.SOC_PU]
    gone_slow = 0.5 - run(slow, 10.0).signals("bess")[Key.SOC_PU]
    assert gone_fast == approx(60 * gone_slow, rel=1e-3)
    assert fast.sky.time_h - 9.0 == approx(60 * (slow.sky.time_h - 9.0))


def test_an_own_setting_of_a_unit_holds_for_it_alone(make_plant: Make):
    plant = make_plant(units={"bess": {"soc_pu": 0.8, "response_s": 1.0}})
    assert plant.signals("bess")[Key.SOC_PU] == 0.8
    with raises(ValueError, match="no such unit: bess9"):
        make_plant(units={"bess9": {"soc_pu": 0.8}})


def test_loss_of_the_grid_stays_finite(make_plant: Make):
    plant = run(make_plant(load={"p_w": 4e5}), 1.0)
    plant.grid.v_pu = 0.0
    run(plant, 1.0)
    assert plant.truth.v_v < 0.3 * 20e3
    plant.grid.v_pu = 1.0
    run(plant, 1.0)
    assert plant.truth.v_v == approx(20e3, rel=0.05)


def test_a_step_is_quick_enough_for_long_runs(make_plant: Make):
    plant = make_plant(sky={"clouds": True})
    start_s = perf_counter()
    run(plant, 20.0)
    assert (perf_counter() - start_s) / 1000 < 1e-3


def test_without_the_grid_the_plant_dies_and_comes_back_slowly(make_plant: Make):
    protection = {"restart_s": 5.0, "precharge_s": 1.0, "release_pu_per_s": 0.5}
    plant = make_plant(units={"bess": {"protection": protection}})
    plant.command("bess", {Key.P_SET_W: 2e6})
    run(plant, 3.0)
    plant.open_poi()
    run(plant, 3.0)
    assert plant.truth[0] == plant.truth[2] == 0.0
    assert plant.signals("meter")[Key.F_HZ] == 0.0
    plant.close_poi()
    run(plant, 5.0)
    assert plant.signals("bess")[Key.P_W] == 0.0
    run(plant, 5.0)
    assert plant.signals("bess")[Key.P_W] == approx(2e6, rel=1e-3)


def test_a_battery_that_forms_the_grid_carries_the_load(make_plant: Make):
    plant = make_plant(load={"p_w": 1e6}, start_h=0.0, island={"former": "bess"})
    run(plant, 1.0)
    plant.open_poi()
    run(plant, 30.0)
    assert plant.truth.v_v == approx(20e3, rel=0.02)
    assert plant.units["bess"].inverter.p_w == approx(1e6, rel=0.01)
    assert plant.truth.f_hz == approx(50 * (1 - 0.2 / 21), abs=0.01)
    plant.units["bess"].inverter.machine.trip()
    run(plant, 1.0)
    assert plant.truth.v_v == 0.0


def test_energy_is_conserved_over_an_hour(make_plant: Make):
    """What the battery lost is what the grid, the load, the lines and heat got."""
    plant = make_plant(start_h=0.0, collector={"r_pu": 0.01, "x_pu": 0.06})
    plant.command("bess", {Key.P_SET_W: 1e6})
    run(plant, 1.0)
    soc_pu, out_wh = plant.units["bess"].soc_pu, plant.meter.e_export_wh
    fed_wh = 0.0
    for _ in range(3600):
        plant.step(0.02)
        fed_wh += plant.units["bess"].inverter.p_w * 0.02 / 3600
    stored_wh = (soc_pu - plant.units["bess"].soc_pu) * 10e6
    grid_wh = plant.meter.e_export_wh - out_wh
    assert grid_wh < fed_wh < stored_wh
    assert grid_wh == approx(fed_wh, rel=0.01)
    assert fed_wh / stored_wh == approx(0.96 * 0.97, abs=0.06)
