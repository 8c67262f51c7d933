"""Test mode: what SCADA adds to f and U ends by itself, and only then."""

from pytest import approx, mark

from ppc.core.injection import Injection, Stage
from ppc.datamodel.observation import Orders, Poi

TEST = Orders(f_test_hz=0.5, v_test_pu=-0.1)
POI = Poi(20e3, 50.0, 1e6, 0.0)


def begun():
    injection = Injection(900.0)
    injection.step(TEST, 0.0, shut=False)
    return injection


def test_what_is_ordered_is_added_to_f_and_u_and_nothing_else():
    poi = begun().added(POI, TEST, 20e3)
    assert poi == approx((18e3, 50.5, 1e6, 0.0, True))


def test_what_is_not_known_stays_unknown():
    assert begun().added(Poi(), TEST, 20e3) == Poi()


def test_it_ends_by_itself_and_must_be_withdrawn_first():
    injection = begun()
    assert injection.left_s(100.0) == 800.0
    injection.step(Orders(f_test_hz=0.0), 899.0, shut=False)
    assert injection.stage is Stage.TESTING
    for time_s in (900.0, 901.0, 5000.0):
        injection.step(TEST, time_s, shut=False)
        assert injection.stage is Stage.OVER
        assert injection.added(POI, TEST, 20e3) == POI
    injection.step(Orders(), 5001.0, shut=False)
    injection.step(TEST, 5002.0, shut=False)
    assert injection.stage is Stage.TESTING


@mark.parametrize("stop", [{"enable_code": 0}, {"emergency_stop_code": 1}])
def test_a_plant_ordered_to_stop_is_not_tested(stop):
    orders = Orders(f_test_hz=0.5, **stop)
    injection = begun()
    injection.step(orders, 1.0, shut=False)
    assert injection.stage is Stage.OVER
    injection.step(TEST, 2.0, shut=False)
    assert injection.stage is Stage.OVER


def test_none_begins_while_no_unit_may_run_but_one_that_shut_them_goes_on():
    injection = Injection(900.0)
    injection.step(TEST, 0.0, shut=True)
    assert injection.stage is Stage.OVER
    tripped = begun()
    tripped.step(TEST, 1.0, shut=True)
    assert tripped.stage is Stage.TESTING


def test_an_order_of_zero_begins_nothing():
    injection = Injection(900.0)
    injection.step(Orders(f_test_hz=0.0), 0.0, shut=False)
    assert injection.stage is Stage.OFF
