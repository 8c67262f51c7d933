"""The function among others, and what a curve may ask for."""

from pytest import approx

from ppc.datamodel.envelope import Envelope
from ppc.datamodel.observation import Poi, SystemObs
from ppc.datamodel.rating import ConnectionPoint
from ppc.metier.volt_watt.volt_watt import VoltWatt

PLANT = ConnectionPoint(
    v_nominal_v=20e3, f_nominal_hz=50.0, p_max_w=10e6, p_min_w=-10e6, q_max_var=3e6
)


def at(v_pu: float, **settings: object) -> Envelope:
    function = VoltWatt(VoltWatt.Settings(response_s=0.0, **settings), PLANT)
    obs = SystemObs(time_s=1.0, dt_s=0.1, poi=Poi(v_pu * 20e3, 50.0, 9e6, 0.0))
    return function.step(obs, Envelope())


def test_a_later_answer_to_frequency_does_not_go_beyond_it():
    assert at(1.08).add_p(2e6).choose_p(9e6).p_w.high == approx(6e6)


def test_a_battery_may_be_told_to_charge():
    points = ((1.06, 1.0), (1.1, -0.5))
    assert at(1.1, points_pu=points).p_w.high == approx(-5e6)
