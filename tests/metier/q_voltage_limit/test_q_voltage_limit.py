from hypothesis import given
from hypothesis import strategies as st
from pytest import approx

from ppc.datamodel.envelope import Envelope
from ppc.datamodel.observation import Orders, Poi, SystemObs
from ppc.datamodel.rating import ConnectionPoint
from ppc.metier.q_voltage_limit.q_voltage_limit import QVoltageLimit

PLANT = ConnectionPoint(
    v_nominal_v=20e3, f_nominal_hz=50.0, p_max_w=10e6, p_min_w=0.0, q_max_var=3.3e6
)


@given(st.integers(1, 60))
def test_the_response_does_not_depend_on_the_cycle_time(cycles: int):
    control = QVoltageLimit(QVoltageLimit.Settings(response_s=5.0), PLANT)
    dt_s = 5.0 / cycles
    for cycle in range(cycles):
        obs = SystemObs(
            time_s=cycle * dt_s,
            dt_s=dt_s,
            poi=Poi(v_v=21e3),
            orders=Orders(q_set_var=1e6),
        )
        granted = control.step(obs, Envelope())
    assert granted.q_var.high == approx(3.3e6 - 0.9 * 4.95e6)
    assert granted.choose_q(1e6).q_var.low == approx(granted.q_var.high)


def test_limits_reach_as_far_as_their_points_when_the_plant_has_less_q():
    settings = QVoltageLimit.Settings(
        points_pu=((0.9, 0.5), (0.95, 0.0), (1.05, 0.0), (1.1, -0.5)), response_s=0.0
    )
    obs = SystemObs(
        time_s=0.0, dt_s=0.1, poi=Poi(v_v=22e3), orders=Orders(q_set_var=1e6)
    )
    granted = QVoltageLimit(settings, PLANT).step(obs, Envelope())
    assert granted.q_var.high == approx(-5e6)
