from math import inf

from pytest import fixture, mark

from ppc.adapter.northbound.orders import Belief, OperatorOrders
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


def source(**belief):
    usual = {"heartbeat_timeout_s": 10.0, "order_life_s": 60.0}
    return OperatorOrders(Belief(**(usual | belief)))


def test_held_the_last_orders_go_on_counting_until_they_are_taken_back():
    held = source(fallback="hold")
    held.take({Key.P_SET_W: 1e6, Key.HEARTBEAT_IN: 1.0}, 0.0)
    assert held.at(1000.0).p_set_w == 1e6
    assert held.left_s(1000.0) is None
    held.take({Key.HEARTBEAT_IN: 2.0}, 2000.0)
    assert held.at(2001.0).p_set_w == 1e6
    held.take({Key.WITHDRAW_CODE: 1.0}, 2001.0)
    assert held.at(2001.0).p_set_w is None
    assert held.at(9000.0).p_set_w is None


def test_limits_and_a_block_are_held_without_the_set_points():
    held = source(fallback="limits")
    values = {Key.P_SET_W: 1e6, Key.P_LIMIT_MAX_W: 2e6, Key.ENABLE_CODE: 0.0}
    held.take(values, 0.0)
    last = held.at(1000.0)
    assert (last.p_set_w, last.p_limit_max_w, last.enable_code) == (None, 2e6, 0.0)
    held.take({Key.ENABLE_CODE: 1.0}, 1000.0)
    assert held.at(2000.0).enable_code is None  # a release is not held


def test_defaults_stand_in_from_the_start_and_for_what_expired():
    orders = source(fallback="default", default={Key.P_LIMIT_MAX_W: 1e6})
    assert orders.at(0.0).p_limit_max_w == 1e6
    orders.take({Key.P_LIMIT_MAX_W: 5e6, Key.HEARTBEAT_IN: 1.0}, 0.0)
    assert orders.at(5.0).p_limit_max_w == 5e6
    assert orders.at(11.0).p_limit_max_w == 1e6
    orders.take({Key.HEARTBEAT_IN: 2.0}, 12.0)
    assert orders.at(12.0).p_limit_max_w == 1e6  # until it is ordered anew


def beats(orders, first, last, values):
    """A heartbeat each second."""
    for second in range(first, last + 1):
        orders.take({Key.HEARTBEAT_IN: float(second), **values}, float(second))


@mark.parametrize("fallback", ["none", "hold", "default"])
def test_after_a_loss_the_heartbeat_must_be_steady_first(fallback):
    default = {Key.P_SET_W: 7.0} if fallback == "default" else {}
    orders = source(reset_s=30.0, fallback=fallback, default=default)
    instead = {"none": None, "hold": 1.0, "default": 7.0}[fallback]
    orders.take({Key.HEARTBEAT_IN: 1.0, Key.P_SET_W: 1.0}, 0.0)
    assert orders.at(10.0).p_set_w == 1.0
    assert orders.at(11.0).p_set_w == instead
    orders.take({Key.P_SET_W: 2.0}, 15.0)  # without heartbeat
    assert orders.at(15.0).p_set_w == instead
    beats(orders, 20, 39, {Key.P_SET_W: 2.0})
    assert orders.at(39.0).p_set_w == instead
    beats(orders, 55, 84, {Key.P_SET_W: 2.0})  # it had stood still again
    assert orders.at(84.0).p_set_w == instead
    beats(orders, 85, 85, {})
    assert orders.at(85.0).p_set_w == 2.0
    assert orders.at(95.5).p_set_w == (2.0 if fallback == "hold" else instead)


def test_the_first_heartbeat_ever_need_not_be_waited_for():
    orders = source(reset_s=30.0)
    orders.take({Key.HEARTBEAT_IN: 1.0, Key.P_SET_W: 1.0}, 0.0)
    assert orders.at(0.0).p_set_w == 1.0


CAREFUL = [
    {Key.EMERGENCY_STOP_CODE: 1.0},
    {Key.ENABLE_CODE: 0.0},
    {Key.RUN_BACK_CODE: 2.0},
]


@mark.parametrize("stop", CAREFUL)
def test_a_stop_counts_at_once_also_of_a_source_that_was_lost(stop):
    orders = source(reset_s=30.0)
    orders.take({Key.HEARTBEAT_IN: 1.0}, 0.0)
    orders.take(stop, 15.0)  # without heartbeat
    assert orders.received(15.0) == stop
    assert orders.received(75.0) == stop
    assert orders.received(75.1) == {}
    orders.take({Key.HEARTBEAT_IN: 2.0} | stop, 80.0)  # not steady yet
    assert orders.received(80.0) == stop
    assert orders.received(90.1) == {}


def test_to_let_go_waits_for_a_steady_heartbeat():
    orders = source(reset_s=30.0, fallback="limits")
    orders.take({Key.HEARTBEAT_IN: 1.0}, 0.0)
    beats(orders, 20, 20, {Key.ENABLE_CODE: 0.0})
    beats(orders, 21, 49, {Key.ENABLE_CODE: 1.0})
    assert orders.at(49.0).enable_code == 0
    beats(orders, 50, 50, {})
    assert orders.at(50.0).enable_code == 1


def dated(power, at_s):
    return {Key.P_NEXT_W: power, Key.P_NEXT_AT_S: at_s}


def test_set_points_sent_ahead_are_taken_one_after_the_other(orders):
    """As for aFRR: one each 4 s, 8 s ahead."""
    for i in range(10):
        orders.take(
            {Key.HEARTBEAT_IN: i + 1.0, **dated(float(i), 1000.0 + 4 * i + 8)},
            4.0 * i,
            next_due_s=4.0 * i + 8.0,
        )
        assert orders.following(4.0 * i) == (max(i - 1.0, 0.0), 1004.0 + 4 * max(i, 1))
        assert orders.at(4.0 * i).p_set_w == (i - 2.0 if i > 1 else None)
        assert orders.at(4.0 * i + 3.9).p_set_w == (i - 2.0 if i > 1 else None)


def test_a_set_point_written_later_goes_before_one_whose_time_has_passed(orders):
    orders.take(dated(5.0, 1010.0), 0.0, next_due_s=10.0)
    orders.take({Key.P_SET_W: 1.0}, 5.0)
    assert orders.at(9.9).p_set_w == 1.0
    assert orders.at(10.0).p_set_w == 5.0
    orders.take({Key.P_SET_W: 2.0}, 12.0)
    assert orders.at(12.0).p_set_w == 2.0
    assert orders.following(12.0) is None


def test_the_same_date_again_replaces_the_first(orders):
    orders.take(dated(5.0, 1010.0), 0.0, next_due_s=10.0)
    orders.take(dated(6.0, 1010.0), 1.0, next_due_s=10.01)
    assert orders.following(1.0) == (6.0, 1010.0)
    assert orders.at(11.0).p_set_w == 6.0


def test_dated_set_points_die_with_the_heartbeat_and_are_taken_back_with_p(orders):
    beat = {Key.HEARTBEAT_IN: 1.0}
    orders.take({**beat, **dated(5.0, 1020.0)}, 0.0, next_due_s=20.0)
    assert orders.following(9.0) == (5.0, 1020.0)
    assert orders.at(21.0).p_set_w is None
    orders.take({Key.HEARTBEAT_IN: 2.0}, 15.0)
    assert orders.at(21.0).p_set_w is None
    orders.take(dated(5.0, 1030.0), 16.0, next_due_s=30.0)
    orders.take({Key.WITHDRAW_CODE: 1.0, Key.HEARTBEAT_IN: 3.0}, 25.0)
    assert orders.at(31.0).p_set_w is None


def test_without_heartbeat_a_dated_one_lives_from_its_time_on(orders):
    orders.take(dated(5.0, 5000.0), 0.0, next_due_s=4000.0)
    assert orders.at(4060.0).p_set_w == 5.0
    assert orders.at(4061.0).p_set_w is None


def test_only_so_many_are_kept(orders):
    for i in range(100):
        assert not orders.full()
        orders.take(dated(1.0, 1100.0 + i), 0.0, next_due_s=100.0 + i)
    assert orders.full()


def test_written_in_any_order_the_latest_date_that_has_passed_counts(orders):
    orders.take(dated(2.0, 1020.0), 0.0, next_due_s=20.0)
    orders.take(dated(1.0, 1010.0), 1.0, next_due_s=10.0)
    assert orders.following(1.0) == (1.0, 1010.0)
    assert orders.at(15.0).p_set_w == 1.0
    assert orders.at(21.0).p_set_w == 2.0
