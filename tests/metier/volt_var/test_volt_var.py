from hypothesis import given
from hypothesis import strategies as st
from pytest import approx

from ppc.datamodel.envelope import Envelope
from ppc.datamodel.observation import Poi, SystemObs
from ppc.datamodel.rating import ConnectionPoint
from ppc.metier.volt_var.volt_var import VoltVar

PLANT = ConnectionPoint(
    v_nominal_v=20e3, f_nominal_hz=50.0, p_max_w=10e6, p_min_w=0.0, q_max_var=4.4e6
)


def after(control: VoltVar, dt_s: float, cycles: int, v_v: float) -> Envelope:
    for cycle in range(cycles):
        obs = SystemObs(time_s=cycle * dt_s, dt_s=dt_s, poi=Poi(v_v=v_v))
        granted = control.step(obs, Envelope())
    return granted


@given(st.integers(1, 60))
def test_the_response_does_not_depend_on_the_cycle_time(cycles: int):
    control = VoltVar(VoltVar.Settings(response_s=5.0), PLANT)
    granted = after(control, 5.0 / cycles, cycles, v_v=19e3)
    assert granted.q_var.low == approx(0.9 * 2.2e6)


def test_until_the_first_mean_is_there_q_is_left_to_others():
    control = VoltVar(VoltVar.Settings(average_s=10.0, response_s=0.0), PLANT)
    assert after(control, 0.1, 90, v_v=19e3).q_wish_var is None
    control = VoltVar(VoltVar.Settings(average_s=10.0, response_s=0.0), PLANT)
    assert after(control, 0.1, 91, v_v=19e3).q_var.low == approx(2.2e6)


def test_an_offset_is_added_to_the_curve():
    control = VoltVar(VoltVar.Settings(q_offset_pu=0.1, response_s=0.0), PLANT)
    assert after(control, 0.1, 1, v_v=19e3).q_var.low == approx(3.2e6)
    assert after(control, 0.1, 1, v_v=16e3).q_var.low == approx(4.4e6)


def test_an_autonomous_reference_lets_go_of_q():
    control = VoltVar(VoltVar.Settings(v_reference_tau_s=300.0), PLANT)
    assert after(control, 1.0, 20, v_v=21e3).q_var.low < -1.5e6
    assert after(control, 1.0, 3000, v_v=21e3).q_var.low == approx(0.0, abs=1e3)


def test_a_default_beyond_all_its_q_is_clamped():
    settings = VoltVar.Settings(q_default_var=9e6, hold_s=0.0, response_s=0.0)
    control = VoltVar(settings, PLANT)
    after(control, 0.1, 1, v_v=20e3)
    for time_s in (1.0, 2.0):
        granted = control.step(SystemObs(time_s=time_s, dt_s=1.0), Envelope())
    assert granted.q_var.low == approx(4.4e6)
