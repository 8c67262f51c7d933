from hypothesis import given, settings
from hypothesis import strategies as st
from pytest import approx, mark

from ppc.configuration.simulation import UnitSection
from ppc.datamodel.rating import UnitRating
from ppc.keys import DeviceState, Key
from ppc.simulation.physics.battery import (
    CELL_EFFICIENCY_PU,
    STANDBY_PU,
    Battery,
    charge_dc_pu,
    discharge_dc_pu,
)

DT_S = 0.02


def battery(rating: UnitRating, soc_pu: float = 0.5, **unit: float) -> Battery:
    section = UnitSection.model_validate({"soc_pu": soc_pu, "ageing_speed": 0} | unit)
    return Battery(rating, section, 20e3, watchdog_s=None)


def run(device: Battery, p_set_w: float, for_s: float, dt_s: float = DT_S) -> None:
    """Against a network that takes whatever it is given."""
    device.inverter.set_points.write(p_set_w=p_set_w)
    for _ in range(round(for_s / dt_s)):
        device.settle(device.step(dt_s).s_va, dt_s)


@mark.parametrize(
    ("p_pu", "efficiency_pu"), [(1.0, 0.976), (0.5, 0.980), (0.15, 0.962), (0.1, 0.946)]
)
def test_the_converter_is_as_efficient_as_the_fit_says(
    p_pu: float, efficiency_pu: float
):
    assert p_pu / discharge_dc_pu(p_pu) == approx(efficiency_pu, abs=1e-3)
    assert charge_dc_pu(p_pu) / p_pu == approx(efficiency_pu, abs=0.02)


def test_energy_given_is_energy_gone(bess: UnitRating):
    device = battery(bess)
    run(device, 2.5e6, 1.0)
    before_pu = device.soc_pu
    run(device, 2.5e6, 600.0, dt_s=1.0)
    drawn_w = 5e6 * (discharge_dc_pu(0.5) / CELL_EFFICIENCY_PU + STANDBY_PU)
    assert (before_pu - device.soc_pu) * 10e6 == approx(drawn_w / 6, rel=1e-6)


def test_there_and_back_costs_what_such_systems_cost(bess: UnitRating):
    device = battery(bess)
    out_wh = back_wh = 0.0
    for _ in range(3600):
        run(device, 2.5e6, 1.0, dt_s=1.0)
        out_wh += device.inverter.p_w / 3600
    while device.soc_pu < 0.5:
        run(device, -2.5e6, 1.0, dt_s=1.0)
        back_wh -= device.inverter.p_w / 3600
    assert 0.88 < out_wh / back_wh < 0.94


def test_an_idle_battery_lives_on_its_store(bess: UnitRating):
    device = battery(bess)
    run(device, 0.0, 3600.0, dt_s=1.0)
    assert 0.5 - device.soc_pu == approx(STANDBY_PU * 5e6 / 10e6)


@settings(max_examples=30)
@given(
    start_pu=st.floats(0, 1),
    orders_w=st.lists(st.floats(-9e6, 9e6), min_size=1, max_size=10),
)
def test_the_charge_stays_between_empty_and_full(start_pu: float, orders_w: list):
    rating = UnitRating("b", "bess", 5e6, 5e6, -5e6, 5e6, 1e6)
    device = battery(rating, start_pu)
    for p_w in orders_w:
        run(device, p_w, 400.0, dt_s=2.0)
        low_w, high_w = device.limits_w
        assert 0.0 <= device.soc_pu <= 1.0
        assert low_w <= device.step(DT_S).s_va.real <= high_w


def test_the_limits_fade_toward_both_ends(bess: UnitRating):
    assert battery(bess, 0.5).limits_w == (-5e6, 5e6)
    assert battery(bess, 0.025).limits_w == approx((-5e6, 2.5e6))
    assert battery(bess, 0.99).limits_w == approx((-1e6, 5e6))
    assert battery(bess, 0.0).limits_w[1] == battery(bess, 1.0).limits_w[0] == 0.0


def test_nothing_happens_in_the_dead_time_then_it_follows_with_its_lag(
    bess: UnitRating,
):
    device = battery(bess, ramp_pu_per_s=1e3)
    seen = []
    device.inverter.set_points.write(p_set_w=1e6)
    for _ in range(50):
        s_va = device.step(0.01).s_va
        device.settle(s_va, 0.01)
        seen.append(s_va.real)
    assert seen[:4] == [0.0] * 4
    assert seen[4 + 8 - 1] == approx(1e6 * (1 - 2.718281828**-1), rel=1e-3)
    assert seen[-1] == approx(1e6, rel=0.01)


def test_the_state_word_tells_what_it_does(bess: UnitRating):
    device = battery(bess)
    assert device.state is DeviceState.STANDBY
    run(device, 1e6, 1.0)
    assert device.state is DeviceState.RUNNING
    device.soc_pu = 0.04
    run(device, 1e6, 0.02)
    assert device.state is DeviceState.DERATED


def test_the_limits_are_reported_a_little_late(bess: UnitRating):
    device = battery(bess)
    device.soc_pu = 0.0
    device.settle(0j, 0.0)
    device.step(1.0)
    assert device.signals()[Key.P_AVAILABLE_W] == approx(5e6 * 2.718281828**-1)
    for _ in range(10):
        device.step(1.0)
    assert device.signals()[Key.P_AVAILABLE_W] < 1e3


def test_heat_stops_it_and_it_says_so(bess: UnitRating):
    device = battery(bess)
    device.container.temperature_c = 50.0
    run(device, 5e6, 2.0)
    assert device.inverter.p_w == approx(2.5e6, rel=0.02)
    assert device.state is DeviceState.DERATED


def test_cold_stops_charging_only(bess: UnitRating):
    device = battery(bess)
    device.container.cooling = False
    device.container.temperature_c = device.container.ambient_c = -5.0
    run(device, -5e6, 2.0)
    assert device.inverter.p_w == approx(0.0, abs=1e3)
    run(device, 5e6, 2.0)
    assert device.inverter.p_w == approx(5e6, rel=1e-3)


def test_hard_work_warms_it(bess: UnitRating):
    device = battery(bess, soc_pu=0.9)
    run(device, 5e6, 1800.0, dt_s=0.5)
    lost_wh = (5e6 * discharge_dc_pu(1.0)) * (1 / CELL_EFFICIENCY_PU - 1) / 2
    warmer_k = lost_wh * 3600 / (7.3 * 10e6)
    assert device.container.temperature_c - 20.0 == approx(warmer_k, rel=0.1)


def test_an_aged_battery_holds_less(bess: UnitRating):
    gone_pu = []
    for soh_pu in (1.0, 0.8):
        device = battery(bess, soh_pu=soh_pu)
        run(device, 2.5e6, 600.0, dt_s=1.0)
        gone_pu.append(0.5 - device.soc_pu)
    assert gone_pu[1] == approx(gone_pu[0] / 0.8, rel=1e-6)


def test_time_can_be_made_to_age_it_faster(bess: UnitRating):
    device = battery(bess, ageing_speed=1e6)
    run(device, 2.5e6, 60.0, dt_s=0.5)
    assert 0.5 < device.ageing.soh_pu < 0.99


def test_the_charge_it_tells_is_stepped_and_may_be_wrong(bess: UnitRating):
    device = battery(bess, soc_pu=0.5037, soc_step_pu=0.01)
    assert device.signals()[Key.SOC_PU] == approx(0.50)
    device.soc_error_pu = 0.05
    assert device.signals()[Key.SOC_PU] == approx(0.55)
    device.soc_error_pu = 0.9
    assert device.signals()[Key.SOC_PU] == 1.0


def test_a_bms_that_allows_nothing_stops_it(bess: UnitRating):
    device = battery(bess)
    run(device, 5e6, 1.0)
    device.bms_pu = 0.0
    run(device, 5e6, 1.0)
    assert device.inverter.p_w == approx(0.0, abs=1.0)
