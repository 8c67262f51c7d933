"""What goes through, and what the plant's release has to say."""

from ppc.datamodel.envelope import Envelope, Interval
from ppc.datamodel.observation import Orders, SystemObs
from ppc.datamodel.rating import ConnectionPoint
from ppc.metier.bypass.bypass import Bypass

PLANT = ConnectionPoint(
    v_nominal_v=20e3, f_nominal_hz=50.0, p_max_w=10e6, p_min_w=-10e6, q_max_var=3e6
)


def granted(orders: Orders, envelope: Envelope, **settings: object) -> Envelope:
    function = Bypass(Bypass.Settings(**settings), PLANT)
    return function.step(SystemObs(time_s=1.0, dt_s=0.1, orders=orders), envelope)


def test_the_loop_at_the_poi_is_opened():
    passed = granted(Orders(bypass_code=1, p_set_w=4e6), Envelope())
    assert not passed.closed_loop
    assert passed.p_w == Interval(4e6, 4e6)


def test_what_is_more_binding_still_holds():
    left = Envelope(p_w=Interval(-1e6, 1e6))
    assert granted(Orders(bypass_code=1, p_set_w=4e6), left).p_w.high == 1e6


def test_a_disabled_plant_lets_nothing_through():
    assert granted(Orders(bypass_code=1, enable_code=0), Envelope()) == Envelope()
