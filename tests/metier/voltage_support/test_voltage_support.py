from math import exp

from hypothesis import given
from hypothesis import strategies as st
from pytest import approx

from ppc.datamodel.envelope import Envelope
from ppc.datamodel.observation import Poi, SystemObs
from ppc.datamodel.rating import ConnectionPoint
from ppc.metier.voltage_support.voltage_support import VoltageSupport

PLANT = ConnectionPoint(
    v_nominal_v=20e3, f_nominal_hz=50.0, p_max_w=10e6, p_min_w=0.0, q_max_var=3.3e6
)


def after(control: VoltageSupport, dt_s: float, cycles: int, v_v: float) -> float:
    for cycle in range(cycles):
        obs = SystemObs(time_s=cycle * dt_s, dt_s=dt_s, poi=Poi(v_v=v_v))
        granted = control.step(obs, Envelope())
    return granted.q_var.low


@given(st.integers(1, 40))
def test_the_response_does_not_depend_on_the_cycle_time(cycles: int):
    control = VoltageSupport(VoltageSupport.Settings(), PLANT)
    q_var = after(control, 1.0 / cycles, cycles, v_v=19.8e3)
    assert q_var == approx(3.3e6 * 0.25 * (1.0 - exp(-1.0 / 0.25)))


def test_q_max_is_the_plants_unless_it_is_set():
    settings = VoltageSupport.Settings(q_max_var=1e6, q_default_var=5e6)
    control = VoltageSupport(settings, PLANT)
    assert after(control, 1.0, 30, v_v=15e3) == approx(1e6)


def test_a_default_beyond_all_its_q_is_clamped():
    settings = VoltageSupport.Settings(q_default_var=5e6, hold_s=0.0)
    control = VoltageSupport(settings, PLANT)
    after(control, 0.1, 1, v_v=20e3)
    for cycle in range(1, 40):
        obs = SystemObs(time_s=float(cycle), dt_s=1.0)
        granted = control.step(obs, Envelope())
    assert granted.q_var.low == approx(3.3e6)
