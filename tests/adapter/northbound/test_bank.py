"""A source's set-points: what it wrote, what of it counts, why the rest does not."""

from math import isnan

from pytest import fixture, mark

from ppc.adapter.northbound.order_code import OrderCode
from ppc.adapter.northbound.register_map import ORDERABLE
from ppc.adapter.northbound.set_points import SET_POINTS
from ppc.keys import Key
from tests.adapter.northbound.source import Source


@fixture
def source():
    return Source()


@fixture
def careful():
    return Source(rules={"take": "commit"})


def test_a_set_point_counts_when_it_is_written(source):
    source.write(p_set_w=4e6)
    assert source.counts == {"p_set_w": 4e6}
    assert source.shown("p_set_received_w") == source.shown("p_accepted_w") == 4e6
    assert source.shown("p_set_reject_code") == OrderCode.NONE
    assert source.shown("p_set_left_s") == 60.0


def test_nothing_counts_before_its_sequence_number(careful):
    careful.write(p_set_w=4e6, p_limit_max_w=5e6)
    careful.write(q_set_var=1e6)
    assert careful.counts == {}
    assert careful.shown("p_set_w") == careful.shown("p_set_received_w") == 4e6
    assert isnan(careful.shown("p_accepted_w"))
    assert careful.shown("p_set_reject_code") == OrderCode.NOT_COMMITTED
    careful.write(sequence_code=17)
    assert careful.counts == {"p_set_w": 4e6, "p_limit_max_w": 5e6, "q_set_var": 1e6}
    assert careful.shown("accepted_sequence_code") == 17
    assert careful.shown("p_set_reject_code") == OrderCode.NONE


def test_a_value_and_its_sequence_number_may_come_together(careful):
    careful.write(p_set_w=4e6, sequence_code=1)
    assert careful.counts == {"p_set_w": 4e6}
    careful.write(p_set_w=5e6)
    assert careful.counts == {"p_set_w": 4e6}


@mark.parametrize(
    ("key", "value"),
    [("enable_code", 0.0), ("emergency_stop_code", 1.0), ("run_back_code", 2.0)],
)
def test_caution_does_not_wait(careful, key, value):
    careful.write(p_set_w=4e6)
    careful.write(**{key: value})
    assert careful.counts == {key: value}


def test_what_is_withdrawn_does_not_come_by_a_later_commit(careful):
    careful.write(p_set_w=4e6)
    careful.write(withdraw_code=1)
    careful.write(sequence_code=2)
    assert careful.counts == {}


@mark.parametrize("each", SET_POINTS, ids=lambda each: each.value)
def test_every_set_point_can_be_switched_off_and_on(each):
    source, value = Source(), 0.96
    source.write(**{each.value: value})
    assert source.counts == {each.value: value}
    source.write(**{each.enable: 0})
    assert abs(source.counts.get(each.value, float("inf"))) == float("inf")
    assert source.shown(each.enable) == 0
    assert source.shown(each.reject) == OrderCode.DISABLED
    source.write(**{each.value: 0.97})
    assert abs(source.counts.get(each.value, float("inf"))) == float("inf")
    source.write(**{each.enable: 1})
    assert source.counts == {each.value: 0.97}
    assert source.shown(each.accepted) == source.shown(each.received) == 0.97


def test_one_that_is_on_is_not_renewed_by_being_switched_on(source):
    source.write(p_set_w=4e6)
    source.now_s = 61.0
    source.write(p_set_enable_code=1)
    assert source.counts == {}
    assert source.shown("p_set_reject_code") == OrderCode.EXPIRED
    source.write(p_set_enable_code=0)
    source.write(p_set_enable_code=1)
    assert source.counts == {"p_set_w": 4e6}


@mark.parametrize("each", SET_POINTS, ids=lambda each: each.value)
def test_every_set_point_can_have_a_validity_of_its_own(each):
    source = Source()
    source.write(**{each.validity_s: 300, each.value: 0.96})
    assert source.shown(each.left_s) == 300.0
    source.now_s = 299.9
    assert source.counts == {each.value: 0.96}
    source.now_s = 300.1
    assert source.counts == {}
    assert source.shown(each.reject) == OrderCode.EXPIRED
    assert source.shown(each.left_s) == 0.0
    source.write(**{each.value: 0.96})
    assert source.shown(each.left_s) == 300.0
    source.write(**{each.validity_s: 0})
    assert source.shown(each.left_s) == 300.0  # it is for the next one
    source.write(**{each.value: 0.96})
    assert source.shown(each.left_s) == 60.0


def test_the_heartbeat_ends_what_would_be_valid_for_longer(source):
    source.write(heartbeat_in=1)
    source.write(p_set_validity_s=300, p_set_w=4e6, q_set_validity_s=5, q_set_var=1e6)
    source.now_s = 5.1
    assert source.counts == {"p_set_w": 4e6}
    source.now_s = 10.1
    assert source.counts == {}


def test_a_limit_that_said_how_long_it_holds_is_not_held_for_longer():
    source = Source({"fallback": "limits"})
    source.write(heartbeat_in=1)
    source.write(p_limit_max_validity_s=30, p_limit_max_w=3e6, p_limit_min_w=-1e6)
    source.now_s = 20.0  # silent since 10 s: its limits stand on
    assert source.counts == {"p_limit_max_w": 3e6, "p_limit_min_w": -1e6}
    source.now_s = 30.1
    assert source.counts == {"p_limit_min_w": -1e6}


def test_it_reverts_to_what_is_configured_and_says_so_before():
    source = Source({"fallback": "default", "default": {Key.P_LIMIT_MAX_W: 2e6}})
    source.write(p_limit_max_validity_s=30, p_limit_max_w=3e6)
    assert source.shown("p_limit_max_revert_w") == 2e6
    assert isnan(source.shown("p_set_revert_w"))
    source.now_s = 30.1
    assert source.counts == {"p_limit_max_w": 2e6}


def test_in_local_mode_set_points_of_others_are_kept_but_do_not_count(source):
    source.write(p_set_w=4e6, p_limit_max_w=5e6)
    shown = [
        source.shown(f"{name}_reject_code", in_charge=False)
        for name in ("p_set", "p_limit_max")
    ]
    assert shown == [OrderCode.LOCAL_MODE, OrderCode.NONE]  # limits hold in both


def test_who_must_be_steady_first_is_told():
    source = Source({"reset_s": 20.0})
    source.write(heartbeat_in=1, p_set_w=4e6)
    source.now_s = 15.0
    source.write(heartbeat_in=2, p_set_w=3e6)
    assert source.counts == {}
    assert source.shown("p_set_reject_code") == OrderCode.NOT_STEADY
    assert source.shown("p_set_left_s") == 0.0
    for second in range(16, 36):
        source.now_s = float(second)
        source.write(heartbeat_in=second)
    assert source.counts == {"p_set_w": 3e6}
    assert source.shown("p_set_reject_code") == OrderCode.NONE


def test_who_takes_charge_goes_on_with_what_is_in_force():
    in_force = {Key.P_SET_W: 3e6, Key.V_SET_PU: 1.01, Key.P_LIMIT_MAX_W: 5e6}
    source = Source(adopt=lambda: in_force)
    source.write(local_code=1)
    assert source.counts == {"p_set_w": 3e6, "v_set_pu": 1.01}
    source.write(p_set_w=2e6)
    source.write(local_code=1)  # he has charge already
    assert source.counts == {"p_set_w": 2e6, "v_set_pu": 1.01}


def test_his_own_orders_go_first_of_a_kind():
    in_force = {Key.P_SET_W: 3e6, Key.V_SET_PU: 1.01}
    source = Source(adopt=lambda: in_force)
    source.write(q_set_var=1e5)
    source.write(local_code=1)
    assert source.counts == {"p_set_w": 3e6, "q_set_var": 1e5}


def test_rights_are_those_to_the_value():
    source = Source(allowed=frozenset({Key.P_SET_W}))
    may = {key for key in Key if source.bank.may_write(key)}
    assert {Key.P_SET_W, Key.P_SET_ENABLE_CODE, Key.P_SET_VALIDITY_S} <= may
    assert {Key.SEQUENCE_CODE, Key.HEARTBEAT_IN, Key.WITHDRAW_CODE} <= may
    assert not {Key.Q_SET_VAR, Key.Q_SET_ENABLE_CODE, Key.Q_SET_VALIDITY_S} & may
    assert not may.intersection(set(ORDERABLE) - {Key.P_SET_W})


def test_lives_are_told(careful):
    careful.write(p_set_w=4e6)
    careful.write(sequence_code=1)
    careful.write(p_set_w=4e6, sequence_code=2)  # the same again is no other order
    careful.write(p_set_w=5e6)
    careful.refused(OrderCode.OUT_OF_RANGE, p_set_w=11e6)
    careful.write(withdraw_code=1)
    assert careful.lived == [
        ("p_set_w", 1, 4e6, "received"),
        ("p_set_w", 1, 4e6, "accepted"),
        ("p_set_w", 2, 5e6, "received"),
        ("p_set_w", 3, 11e6, "received"),
        ("p_set_w", 3, 11e6, "refused"),
        ("p_set_w", 2, 5e6, "withdrawn"),
        ("p_set_w", 1, 4e6, "withdrawn"),
    ]
    assert careful.steps[4].reason == "out of range"
