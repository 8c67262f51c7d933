from math import hypot

from hypothesis import given
from hypothesis import strategies as st
from pytest import approx

from ppc.datamodel.rating import EquipmentType, UnitRating
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
