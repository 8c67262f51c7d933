from math import exp, log

from hypothesis import given
from hypothesis import strategies as st
from pytest import approx, mark, raises

from ppc.datamodel.envelope import Envelope
from ppc.datamodel.observation import Poi, SystemObs
from ppc.datamodel.rating import ConnectionPoint
from ppc.metier.watt_var.watt_var import WattVar

PLANT = ConnectionPoint(
    v_nominal_v=20e3, f_nominal_hz=50.0, p_max_w=10e6, p_min_w=-10e6, q_max_var=3.3e6
)


def after(control: WattVar, dt_s: float, cycles: int, p_w: float) -> float:
    for cycle in range(cycles):
        obs = SystemObs(time_s=cycle * dt_s, dt_s=dt_s, poi=Poi(p_w=p_w))
        granted = control.step(obs, Envelope())
    return granted.q_var.low


@given(st.integers(1, 40))
def test_the_response_does_not_depend_on_the_cycle_time(cycles: int):
    control = WattVar(WattVar.Settings(response_s=2.0), PLANT)
    q_var = after(control, 1.0 / cycles, cycles, p_w=7.5e6)
    assert q_var == approx(-2.2e6 * (1.0 - exp(-0.5 * log(10.0))))


@mark.parametrize(("p_w", "q_var"), [(10e6, -1e6), (-10e6, 1e6)])
def test_a_most_q_of_its_own_goes_before_that_of_the_plant(p_w: float, q_var: float):
    control = WattVar(WattVar.Settings(q_max_var=1e6), PLANT)
    assert after(control, 10.0, 30, p_w=p_w) == approx(q_var)


@mark.parametrize("points", [[[0.5, 0.0]], [[1.0, 0.0], [0.5, 0.1]], [[0, 0], [1, 2]]])
def test_points_that_make_no_curve_are_refused(points):
    with raises(ValueError, match=r"^points_pu "):
        WattVar.Settings(points_pu=points)
