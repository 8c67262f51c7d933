from math import inf

from pytest import fixture

from ppc.adapter.orders import Belief, OperatorOrders
from ppc.keys import Key


@fixture
def orders():
    return OperatorOrders(Belief(heartbeat_timeout_s=10.0, order_life_s=60.0))


def test_an_order_without_heartbeat_lives_for_its_life(orders):
    orders.take({Key.P_SET_W: 1e6}, 0.0)
    assert orders.at(60.0).p_set_w == 1e6
    assert orders.at(60.1).p_set_w is None


def test_while_the_heartbeat_moves_orders_live(orders):
    orders.take({Key.P_SET_W: 1e6}, 0.0)
    for beat in range(1, 100):
        orders.take({Key.HEARTBEAT_IN: float(beat)}, 5.0 * beat)
    assert orders.at(500.0).p_set_w == 1e6


def test_all_orders_expire_when_the_heartbeat_stands_still(orders):
    orders.take({Key.P_SET_W: 1e6, Key.HEARTBEAT_IN: 1.0}, 0.0)
    orders.take({Key.HEARTBEAT_IN: 1.0}, 9.0)  # written, but the same
    assert orders.at(10.0).p_set_w == 1e6
    assert orders.at(10.1).p_set_w is None


def test_what_has_expired_does_not_come_back_with_the_heartbeat(orders):
    orders.take({Key.P_SET_W: 1e6, Key.HEARTBEAT_IN: 1.0}, 0.0)
    orders.take({Key.HEARTBEAT_IN: 2.0}, 20.0)
    assert orders.at(20.0).p_set_w is None


def test_an_order_written_after_the_heartbeat_was_lost_has_its_own_life(orders):
    orders.take({Key.HEARTBEAT_IN: 1.0}, 0.0)
    orders.take({Key.Q_SET_VAR: 1e5}, 30.0)
    assert orders.at(89.0).q_set_var == 1e5
    assert orders.at(91.0).q_set_var is None


def test_orders_can_be_taken_back_one_by_one(orders):
    orders.take({Key.P_SET_W: 1.0, Key.Q_SET_VAR: 2.0, Key.V_SET_PU: 1.01}, 0.0)
    orders.take({Key.WITHDRAW_CODE: 2.0 + 4.0}, 1.0)
    assert orders.at(1.0).p_set_w == 1.0
    assert orders.at(1.0).q_set_var is None
    assert orders.at(1.0).v_set_pu is None


def test_limits_taken_back_are_no_limits_rather_than_expired_ones(orders):
    orders.take({Key.P_LIMIT_MAX_W: 5e6}, 0.0)
    orders.take({Key.WITHDRAW_CODE: 8.0}, 1.0)
    assert orders.at(1.0).p_limit_max_w == inf
    assert orders.at(1.0).p_limit_min_w == -inf


def test_the_time_left_is_that_of_the_first_to_expire(orders):
    assert orders.left_s(0.0) is None
    orders.take({Key.P_SET_W: 1.0}, 0.0)
    orders.take({Key.Q_SET_VAR: 1.0}, 20.0)
    assert orders.left_s(30.0) == 30.0
