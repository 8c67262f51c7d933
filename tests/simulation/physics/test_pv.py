# ruff: noqa: S311 (chance to test with keeps no secret)

from collections.abc import Callable
from random import Random
from statistics import fmean, pstdev

from pytest import approx, mark

from ppc.configuration.simulation import SkySection, UnitSection
from ppc.datamodel.rating import UnitRating
from ppc.keys import DeviceState, Key
from ppc.simulation.physics.plant import Plant
from ppc.simulation.physics.pv import Pv
from ppc.simulation.physics.sky import Sky

Make = Callable[..., Plant]


def run(plant: Plant, for_s: float, dt_s: float = 0.02) -> dict[Key, float]:
    for _ in range(round(for_s / dt_s)):
        plant.step(dt_s)
    return plant.signals("pv")


def test_left_alone_it_gives_all_there_is(make_plant: Make):
    seen = run(make_plant(start_h=9.0), 3.0)
    assert 0 < seen[Key.P_W] < 5e6
    assert seen[Key.P_W] == approx(seen[Key.P_AVAILABLE_W], rel=1e-3)


def test_more_sun_than_the_inverter_takes_is_clipped(make_plant: Make):
    plant = make_plant(start_h=12.0)
    plant.sky.override_pu = 1.2
    seen = run(plant, 3.0)
    assert seen[Key.P_W] == approx(5e6, rel=1e-3)
    assert seen[Key.P_AVAILABLE_W] == 5e6


@mark.parametrize("index_pu", [0.25, 0.5])
def test_power_follows_sun_and_cell_temperature(make_plant: Make, index_pu: float):
    plant = make_plant()  # noon: 950 W/m2
    plant.sky.override_pu = index_pu
    sun_w_per_m2 = 950 * index_pu
    cell_c = 20 + sun_w_per_m2 / (25 + 6.84 * 2)
    expected_w = 0.96 * 1.2 * 5e6 * sun_w_per_m2 / 1000 * (1 - 0.0035 * (cell_c - 25))
    assert run(plant, 3.0)[Key.P_W] == approx(expected_w, rel=1e-3)
    assert plant.units["pv"].cell_c == approx(cell_c, rel=1e-3)


def test_who_does_not_tell_what_it_could_give_shows_nothing(make_plant: Make):
    plant = make_plant(units={"pv": {"tells_available": False}})
    assert Key.P_AVAILABLE_W not in run(plant, 1.0)


def test_a_limit_is_kept_after_its_lag_and_availability_still_told(make_plant: Make):
    plant = make_plant()
    run(plant, 3.0)
    plant.command("pv", {Key.P_SET_W: 1e6})
    assert run(plant, 0.08)[Key.P_W] > 4e6
    seen = run(plant, 2.0)
    assert seen[Key.P_W] == approx(1e6, rel=1e-3)
    assert seen[Key.P_AVAILABLE_W] > 4e6


@mark.parametrize("start_h", [0.0, 2.0, 22.0])
def test_by_night_it_gives_only_reactive_power(make_plant: Make, start_h: float):
    plant = make_plant(start_h=start_h)
    seen = run(plant, 3.0)
    assert seen[Key.P_AVAILABLE_W] == 0.0
    assert seen[Key.P_W] == approx(-0.0005 * 5.5e6, rel=1e-3)
    assert seen[Key.STATE_CODE] == DeviceState.STANDBY
    plant.command("pv", {Key.Q_SET_VAR: 2e6})
    seen = run(plant, 3.0)
    assert seen[Key.Q_VAR] == approx(2e6, rel=1e-3)
    assert seen[Key.STATE_CODE] == DeviceState.RUNNING


def test_forgotten_it_lifts_the_limit_and_stops_reactive_power(make_plant: Make):
    plant = make_plant(watchdog_s=5.0)
    plant.command("pv", {Key.P_SET_W: 1e6, Key.Q_SET_VAR: 1e6})
    assert run(plant, 4.0)[Key.Q_VAR] == approx(1e6, rel=1e-3)
    seen = run(plant, 4.0)
    assert seen[Key.P_W] == approx(seen[Key.P_AVAILABLE_W], rel=1e-3)
    assert seen[Key.Q_VAR] == approx(0.0, abs=1e3)


def test_each_array_has_a_sky_a_little_different(pv: UnitRating):
    sky = Sky(SkySection(), 9.0, Random(1), (700.0, 700.0))
    one, other = (
        Pv(pv, UnitSection(), 20e3, None, sky, Random(seed)) for seed in (2, 3)
    )
    ratio = []
    for _ in range(5000):
        sky.step(1.0)
        for array in (one, other):
            array.settle(0j, 1.0)
        ratio.append(one.p_available_w / other.p_available_w)
    assert fmean(ratio) == approx(1.0, abs=0.02)
    assert 0.01 < pstdev(ratio) < 0.1
