from math import hypot

from hypothesis import given
from hypothesis import strategies as st
from pytest import approx

from ppc.datamodel.rating import EquipmentType, UnitRating
from ppc.keys import DeviceState
from ppc.simulation.physics.inverter import Inverter, q_room_var
from ppc.simulation.physics.response import Dynamics

RATING = UnitRating("bess", EquipmentType.BESS, 5.0, 5.0, -5.0, 4.5)
FAST = Dynamics(dead_time_s=0.0, response_s=0.05, ramp_pu_per_s=10.0)
powers = st.floats(-20, 20)


def inverter() -> Inverter:
    return Inverter(RATING, FAST, 1.0, p_default_w=0.0)


@given(st.lists(st.tuples(powers, powers), min_size=1, max_size=20))
def test_it_never_leaves_its_circle_not_even_on_the_way(orders: list):
    device = inverter()
    for p_w, q_var in orders:
        device.set_points.write(p_set_w=p_w, q_set_var=q_var)
        for _ in range(3):
            s_va, i_max_a = device.step(-5.0, 5.0, 0.02)
            assert abs(s_va) <= 5.0 * (1 + 1e-9)
            assert abs(s_va.imag) <= 4.5
            assert i_max_a == approx(5.5)


def test_active_power_goes_before_reactive():
    device = inverter()
    device.set_points.write(p_set_w=4.0, q_set_var=4.0)
    for _ in range(100):
        s_va = device.step(-5.0, 5.0, 0.02).s_va
    assert s_va == approx(4 + 3j)


def test_a_source_that_fails_is_felt_at_once():
    device = inverter()
    device.set_points.write(p_set_w=4.0)
    for _ in range(100):
        device.step(-5.0, 5.0, 0.02)
    assert device.step(0.0, 1.0, 0.02).s_va.real == 1.0


def test_the_room_for_reactive_power_closes_the_circle():
    assert hypot(4.0, q_room_var(RATING, 4.0)) == approx(5.0)
    assert q_room_var(RATING, 0.0) == 4.5
    assert q_room_var(RATING, 6.0) == 0.0


def settled(device: Inverter, **orders: float) -> complex:
    device.set_points.write(**orders)
    for _ in range(200):
        s_va = device.step(-5.0, 5.0, 0.02).s_va
    return s_va


def test_with_priority_for_q_it_is_p_that_gives_way():
    device = Inverter(RATING, FAST, 1.0, p_default_w=0.0, priority="q")
    assert settled(device, p_set_w=5.0, q_set_var=4.0) == approx(3 + 4j)


def test_its_size_falls_with_voltage_and_derating_but_does_not_rise():
    device = inverter()
    device.v_pu = 0.8
    assert settled(device, p_set_w=5.0).real == approx(4.0)
    device.v_pu = 1.1
    assert settled(device, p_set_w=5.0).real == approx(5.0)
    device.derate_pu = 0.5
    assert settled(device, p_set_w=5.0).real == approx(2.5)
    assert device.state is DeviceState.DERATED


def test_tripped_it_gives_nothing_and_says_so():
    device = inverter()
    assert settled(device, p_set_w=4.0) == approx(4.0)
    device.machine.trip()
    assert device.step(-5.0, 5.0, 0.02).s_va == 0j
    assert device.state is DeviceState.FAULT
    device.machine.open()
    assert device.state is DeviceState.OFF


def test_disorders_show_in_its_answer():
    device = inverter()
    settled(device, p_set_w=1.0)
    device.disorder.frozen = True
    assert settled(device, p_set_w=4.0) == approx(1.0)
    device = inverter()
    device.disorder.q_share = 0.1
    assert settled(device, q_set_var=4.0).imag == approx(0.45)
    device = inverter()
    device.disorder.droop_pu, device.v_pu = 0.04, 0.98
    assert settled(device).imag == approx(2.25)
    device = inverter()
    device.disorder.swing_pu, device.disorder.swing_s = 0.1, 1.0
    seen = [device.step(-5.0, 5.0, 0.02).s_va.real for _ in range(50)]
    assert max(seen) == approx(0.5, rel=0.01)
    assert min(seen) == approx(-0.5, rel=0.01)
