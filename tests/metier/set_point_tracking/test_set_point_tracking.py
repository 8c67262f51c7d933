from pytest import approx

from ppc.datamodel.envelope import Envelope, Interval
from ppc.datamodel.observation import Orders, Poi, SystemObs
from ppc.datamodel.rating import ConnectionPoint
from ppc.metier.set_point_tracking.set_point_tracking import SetPointTracking

PLANT = ConnectionPoint(
    v_nominal_v=20e3, f_nominal_hz=50.0, p_max_w=10e6, p_min_w=-5e6, q_max_var=3.3e6
)
WIDE = Envelope(Interval(-20e6, 20e6), Interval(-20e6, 20e6))
AT_REST = Poi(p_w=0.0, q_var=0.0)


def tracking(**options: object) -> SetPointTracking:
    return SetPointTracking(SetPointTracking.Settings(**options), PLANT)


def after(
    control: SetPointTracking,
    cycles: int,
    orders: Orders,
    *,
    start_s: float = 0.0,
    poi: Poi = AT_REST,
    envelope: Envelope = WIDE,
) -> Envelope:
    for cycle in range(cycles):
        time_s = start_s + cycle * 0.1
        obs = SystemObs(time_s=time_s, dt_s=0.1, poi=poi, orders=orders)
        granted = control.step(obs, envelope)
    return granted


def test_unless_set_a_ramp_takes_five_seconds_for_the_whole_range():
    granted = after(tracking(), 25, Orders(p_set_w=10e6, q_set_var=3.3e6))
    assert granted.p_w.low == approx(5e6)
    assert granted.q_var.low == approx(1.65e6)


def test_with_fallback_hold_the_last_order_counts_for_good_and_is_still_reached():
    control = tracking(fallback="hold", hold_s=0.0, p_default_w=0.0)
    after(control, 5, Orders(p_set_w=4e6))
    granted = after(control, 1000, Orders(), start_s=1.0)
    assert (granted.p_w.low, control.mode) == (approx(4e6), "fallback")


def test_without_a_default_everything_is_left_to_others_after_the_hold():
    control = tracking(hold_s=1.0)
    after(control, 5, Orders(p_set_w=4e6))
    granted = after(control, 30, Orders(), start_s=1.0)
    assert (granted, control.mode) == (WIDE, "idle")


def test_a_set_point_starts_beneath_the_bias_that_is_measured_with_it():
    biased = WIDE.add_p(1e6)
    granted = after(
        tracking(), 1, Orders(p_set_w=2e6), poi=Poi(p_w=3e6), envelope=biased
    )
    assert granted.p_w.low == approx(3e6)


def test_the_mode_tells_of_a_fallback_before_it_tells_of_an_order_followed():
    control = tracking(hold_s=100.0)
    after(control, 1, Orders(p_set_w=1e6, q_set_var=1e6))
    after(control, 1, Orders(p_set_w=1e6), start_s=0.1)
    assert control.mode == "fallback"
