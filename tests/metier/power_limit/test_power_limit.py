from hypothesis import given
from hypothesis import strategies as st
from pytest import approx, mark

from ppc.datamodel.envelope import Envelope
from ppc.datamodel.observation import Orders, Poi, SystemObs
from ppc.datamodel.rating import ConnectionPoint
from ppc.metier.power_limit.power_limit import PowerLimit

PLANT = ConnectionPoint(
    v_nominal_v=20e3, f_nominal_hz=50.0, p_max_w=10e6, p_min_w=-5e6, q_max_var=3.3e6
)


def after(
    control: PowerLimit, seconds: int, orders: Orders, poi: Poi, start_s: int = 0
) -> Envelope:
    for second in range(start_s, start_s + seconds):
        obs = SystemObs(time_s=second, dt_s=1.0, poi=poi, orders=orders)
        granted = control.step(obs, Envelope())
    return granted


@given(st.floats(0.0, 9e6), st.floats(-100e3, 100e3))
def test_a_noisy_meter_does_not_hasten_a_ramp(limit_w: float, noise_w: float):
    control = PowerLimit(PowerLimit.Settings(rate_w_per_s=1e3), PLANT)
    orders = Orders(p_limit_max_w=limit_w)
    after(control, 1, orders, Poi(p_w=10e6))
    for second in range(1, 20):
        poi = Poi(p_w=10e6 - second * 1e3 + noise_w * (-1) ** second)
        granted = after(control, 1, orders, poi, second)
    assert granted.p_w.high == approx(10e6 - 20e3)


def test_blocked_without_a_meter_the_limits_still_close_to_zero():
    control = PowerLimit(PowerLimit.Settings(), PLANT)
    granted = after(control, 10, Orders(enable_code=0), Poi())
    assert (granted.p_w.low, granted.p_w.high) == (0.0, 0.0)
    assert (granted.q_var.low, granted.q_var.high) == (0.0, 0.0)


@mark.parametrize("p_w", [4e6, -4e6])
def test_a_blocked_plant_is_led_to_zero_from_where_it_is(p_w: float):
    control = PowerLimit(PowerLimit.Settings(rate_w_per_s=1e6), PLANT)
    after(control, 1, Orders(), Poi(p_w=p_w, q_var=1e6))
    granted = after(control, 1, Orders(enable_code=0), Poi(p_w=p_w, q_var=1e6), 1)
    assert abs(granted.p_w.low) == abs(granted.p_w.high) == approx(3e6)
    assert granted.q_var.low == granted.q_var.high == approx(1e6 - 3.3e6 / 5)
