from math import inf

from pytest import approx, mark, raises

from ppc.datamodel.envelope import ANY, Envelope
from ppc.datamodel.observation import Poi, SystemObs
from ppc.datamodel.rating import ConnectionPoint
from ppc.metier.reactive_capability.reactive_capability import ReactiveCapability

PLANT = ConnectionPoint(
    v_nominal_v=20e3, f_nominal_hz=50.0, p_max_w=10e6, p_min_w=-6e6, q_max_var=3.3e6
)
RAMP = ((0.0, 0.0), (0.2, 0.33))


def after(control: ReactiveCapability, dt_s: float, cycles: int, **poi) -> Envelope:
    for cycle in range(cycles):
        obs = SystemObs(time_s=cycle * dt_s, dt_s=dt_s, poi=Poi(**poi))
        granted = control.step(obs, Envelope())
    return granted


def test_without_a_polygon_it_limits_nothing_and_needs_no_meter():
    control = ReactiveCapability(ReactiveCapability.Settings(), PLANT)
    assert after(control, 0.1, 3).q_var == ANY
    assert control.mode == "free"


@mark.parametrize("cycles", [1, 4, 20])
def test_a_limit_moves_as_fast_whatever_the_cycle_time(cycles: int):
    control = ReactiveCapability(
        ReactiveCapability.Settings(q_max_by_p_pu=RAMP, q_rate_var_per_s=1e6), PLANT
    )
    after(control, 1.0, 1, p_w=5e6)
    granted = after(control, 1.0 / cycles, cycles, p_w=0.0)
    assert granted.q_var.high == approx(2.3e6)
    assert granted.q_var.low == -inf


def test_one_side_over_voltage_needs_the_voltage_alone():
    settings = ReactiveCapability.Settings(q_min_by_v_pu=((0.9, 0.0), (0.925, -0.33)))
    control = ReactiveCapability(settings, PLANT)
    assert after(control, 0.1, 1, v_v=18e3).q_var.low == approx(0.0)
    assert control.mode == "limiting"
    assert after(control, 10.0, 3, v_v=20e3).q_var.low == approx(-3.3e6)
    assert control.mode == "free"


@mark.parametrize("points", [((0.2, 0.3), (0.1, 0.1)), ((0.0, 0.3),), 0.3])
def test_what_is_no_curve_is_refused(points):
    with raises(ValueError, match="q_max_by_p_pu"):
        ReactiveCapability.Settings(q_max_by_p_pu=points)
