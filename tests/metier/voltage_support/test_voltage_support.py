from math import exp

from hypothesis import given, settings
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


def settled(ratio: float, **chosen: object) -> tuple[float, float]:
    """Voltage and Q [pu of q_max] on a grid 2 % too low, a cycle late, after 60 s."""
    control = VoltageSupport(VoltageSupport.Settings(**chosen), PLANT)
    q_var = coming = 0.0
    for cycle in range(600):
        v_pu = 0.98 + q_var / PLANT.p_max_w / ratio
        poi = Poi(v_v=v_pu * 20e3, p_w=5e6, q_var=q_var)
        obs = SystemObs(time_s=0.1 * cycle, dt_s=0.1, poi=poi)
        q_var, coming = coming, control.step(obs, Envelope()).q_var.low
    return v_pu, q_var / PLANT.q_max_var


@given(st.sampled_from(("droop", "pi")), st.floats(5.0, 50.0))
@settings(max_examples=20, deadline=None)
def test_both_laws_end_on_the_slope(law: str, ratio: float):
    v_pu, q_pu = settled(ratio, law=law)
    assert q_pu == approx((1.0 - v_pu) / 0.04, abs=1e-3)


def test_the_far_end_of_a_line_is_what_is_held():
    v_pu, q_pu = settled(10.0, line_x_pu=0.05)
    far_pu = v_pu - 0.05 * q_pu * 0.33 / v_pu
    assert q_pu == approx((1.0 - far_pu) / 0.04, abs=0.01)


def test_without_a_power_the_far_end_is_not_known():
    control = VoltageSupport(VoltageSupport.Settings(line_x_pu=0.05), PLANT)
    obs = SystemObs(time_s=0.0, dt_s=0.1, poi=Poi(v_v=20e3))
    control.step(obs, Envelope())
    assert control.mode == "off"
