"""How far, how fast, and what a number cannot mean."""

from math import nan

from pytest import approx, mark, raises

from ppc.adapter.northbound.order_code import OrderCode, OrderRefused
from ppc.keys import Key
from tests.adapter.northbound.source import Source


@mark.parametrize(
    ("values", "why"),
    [
        ({"p_set_w": 10.1e6}, OrderCode.OUT_OF_RANGE),
        ({"p_set_w": nan}, OrderCode.NOT_FINITE),
        ({"q_set_var": float("inf")}, OrderCode.NOT_FINITE),
        ({"enable_code": 2}, OrderCode.OUT_OF_RANGE),
        ({"p_set_enable_code": 2}, OrderCode.OUT_OF_RANGE),
    ],
)
@mark.parametrize("policy", ["reject", "clamp"])
def test_what_cannot_be_meant_is_refused(values, why, policy):
    source = Source(rules={"policy": policy})
    if policy == "clamp" and values == {"p_set_w": 10.1e6}:
        source.write(**values)
        assert source.counts == {"p_set_w": 10e6}
        assert source.shown("p_set_received_w") == 10.1e6
        assert source.shown("p_set_reject_code") == OrderCode.CLAMPED
        return
    source.refused(why, **values)
    assert source.bank.last_refusal == (why, 400)


def test_a_refused_value_says_why_until_another_is_taken():
    source = Source()
    source.write(p_set_w=4e6)
    source.refused(OrderCode.OUT_OF_RANGE, p_set_w=11e6)
    assert source.shown("p_set_reject_code") == OrderCode.OUT_OF_RANGE
    assert source.shown("p_set_received_w") == 11e6
    assert source.shown("p_accepted_w") == 4e6
    source.write(p_set_w=5e6)
    assert source.shown("p_set_reject_code") == OrderCode.NONE
    assert source.shown("reject_code") == OrderCode.OUT_OF_RANGE  # of the last refused
    assert source.shown("reject_address_code") == 400


@mark.parametrize("policy", ["reject", "clamp"])
@mark.parametrize("take", ["write", "commit"])
def test_successive_values_may_be_so_far_apart(policy, take):
    rules = {"take": take, "policy": policy, "rate_pu_per_s": {Key.P_SET_W: 0.05}}
    source = Source(rules=rules)

    def order(p_w):
        source.write(p_set_w=p_w)
        if take == "commit":
            source.write(sequence_code=1)

    order(8e6)  # the first one has none before it
    source.now_s = 2.0
    order(7e6)
    assert source.counts == {"p_set_w": 7e6}
    source.now_s = 3.0
    if policy == "reject":
        with raises(OrderRefused) as refusal:
            order(6e6)
        assert refusal.value.why is OrderCode.TOO_FAST
        assert source.counts == {"p_set_w": 7e6}
        assert source.shown("p_set_reject_code") == OrderCode.TOO_FAST
        source.now_s = 4.0
        order(6e6)
        assert source.counts == {"p_set_w": 6e6}
    else:
        order(6e6)
        assert source.counts == {"p_set_w": approx(6.5e6, rel=1e-5)}
        assert source.shown("p_set_reject_code") == OrderCode.CLAMPED
    source.now_s += 0.1
    source.write(q_set_var=3e6, sequence_code=2)
    source.now_s += 0.1
    source.write(q_set_var=-3e6, sequence_code=3)  # no rate was said
    assert source.counts["q_set_var"] == -3e6


def test_a_refused_commit_commits_nothing():
    rules = {"take": "commit", "rate_pu_per_s": {Key.P_SET_W: 0.05}}
    source = Source(rules=rules)
    source.write(p_set_w=8e6, sequence_code=1)
    source.now_s = 1.0
    source.write(p_set_w=0.0, q_set_var=1e6)
    source.refused(OrderCode.TOO_FAST, sequence_code=2)
    assert source.shown("accepted_sequence_code") == 1
    source.write(p_set_w=7.9e6)
    source.write(sequence_code=3)
    assert source.counts == {"p_set_w": 7.9e6, "q_set_var": 1e6}


def test_to_take_a_value_back_is_no_way_around_the_rate():
    source = Source(rules={"rate_pu_per_s": {Key.P_SET_W: 0.01}})
    source.write(p_set_w=1e6)
    source.write(withdraw_code=1)
    source.refused(OrderCode.TOO_FAST, p_set_w=9e6)
    assert source.counts == {}
    source.write(p_set_w=1e6)
