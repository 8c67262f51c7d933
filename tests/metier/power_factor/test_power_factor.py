from math import exp, log

from hypothesis import given
from hypothesis import strategies as st
from pytest import approx

from ppc.datamodel.envelope import Envelope
from ppc.datamodel.observation import Poi, SystemObs
from ppc.datamodel.rating import ConnectionPoint
from ppc.metier.power_factor.power_factor import PowerFactor

PLANT = ConnectionPoint(
    v_nominal_v=20e3, f_nominal_hz=50.0, p_max_w=10e6, p_min_w=-10e6, q_max_var=3.3e6
)


def after(control: PowerFactor, dt_s: float, *p_w: float) -> float:
    for cycle, each in enumerate(p_w):
        obs = SystemObs(time_s=cycle * dt_s, dt_s=dt_s, poi=Poi(p_w=each))
        granted = control.step(obs, Envelope())
    return granted.q_var.low


@given(st.integers(1, 40))
def test_the_response_does_not_depend_on_the_cycle_time(cycles: int):
    settings = PowerFactor.Settings(pf_set_pu=0.8, response_s=2.0, q_rate_var_per_s=1e9)
    control = PowerFactor(settings, PLANT)
    q_var = after(control, 1.0 / cycles, *[2e6] * cycles)
    assert q_var == approx(1.5e6 * (1.0 - exp(-0.5 * log(10.0))))


def test_by_default_it_is_there_at_once_and_works_at_any_power():
    control = PowerFactor(PowerFactor.Settings(pf_set_pu=0.8), PLANT)
    assert after(control, 0.1, 0.0, 0.1e6) == approx(0.075e6)


def test_little_power_leaves_q_as_it_was_where_that_is_wished():
    settings = PowerFactor.Settings(pf_set_pu=0.8, p_min_pu=0.1, low_power="hold")
    control = PowerFactor(settings, PLANT)
    assert after(control, 1.0, 2e6, 0.5e6, 0.0) == approx(1.5e6)
    assert control.mode == "low_power"


def test_a_most_q_of_its_own_goes_before_that_of_the_plant():
    settings = PowerFactor.Settings(pf_set_pu=0.8, q_max_var=1e6)
    assert after(PowerFactor(settings, PLANT), 1.0, 9e6, 9e6, 9e6) == approx(1e6)
