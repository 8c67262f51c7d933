from hypothesis import given
from hypothesis import strategies as st
from pytest import approx, mark

from ppc.core.dispatch.split import Asked, made_up, reach, split
from ppc.datamodel.envelope import Interval

PV = Interval(0.0, 6.0)
BESS = Interval(-3.0, 3.0)
powers = st.floats(-20.0, 20.0)
biases = st.floats(-4.0, 4.0)
ranges = st.tuples(st.floats(0.0, 9.0), st.floats(0.0, 5.0), st.floats(0.0, 5.0)).map(
    lambda t: (Interval(0.0, t[0]), Interval(-t[1], t[2]))
)


def asked(p_w, bias_w=0.0, wish_w=None):
    return Asked(p_w, 0.0, p_w if wish_w is None else wish_w, bias_w)


@given(powers, biases, powers, ranges)
def test_all_is_given_that_can_be(p_w, bias_w, wish_w, plant):
    pv, bess = plant
    for policy in ("pv_first", "curtail_first"):
        pv_w, bess_w = split(policy, asked(p_w, bias_w, wish_w), pv, bess)
        assert pv.low <= pv_w <= pv.high
        given_w = pv_w + bess.clamp(bess_w)
        most = reach(policy, bias_w, pv, bess)
        assert given_w == approx(most.clamp(p_w), abs=1e-9)


@given(powers, powers, ranges)
def test_without_an_answer_curtailment_first_is_pv_first(p_w, wish_w, plant):
    one, other = (
        split(policy, asked(p_w, 0.0, wish_w), *plant)
        for policy in ("pv_first", "curtail_first")
    )
    assert one == other


@given(powers, st.floats(-4.0, -0.001), ranges)
def test_curtailment_first_charges_no_more_than_without_the_answer(p_w, bias_w, plant):
    pv, bess = plant
    before = split("pv_first", asked(p_w - bias_w), pv, bess)
    pv_w, bess_w = split("curtail_first", asked(p_w, bias_w), pv, bess)
    assert bess_w >= min(before.bess_w, 0.0) - 1e-9 or pv_w == pv.low


@given(powers, biases, ranges, st.sampled_from(("pv_first", "curtail_first")))
def test_a_little_more_asked_is_a_little_more_given(p_w, bias_w, plant, policy):
    one = split(policy, asked(p_w, bias_w), *plant)
    other = split(policy, asked(p_w + 1e-6, bias_w), *plant)
    swayed = split(policy, asked(p_w, bias_w + 1e-6), *plant)
    assert other == approx(one, abs=1e-5)
    assert swayed == approx(one, abs=1e-5)


@given(powers, biases, powers, ranges)
def test_batteries_that_answer_frequency_do_nothing_else(p_w, bias_w, wish_w, plant):
    pv, bess = plant
    pv_w, bess_w = split("bess_only_frequency", asked(p_w, bias_w, wish_w), pv, bess)
    assert pv.low <= pv_w <= pv.high
    assert min(bias_w, 0.0) <= bess_w <= max(bias_w, 0.0)


@mark.parametrize(
    ("p_w", "bias_w", "wish_w", "pv_w", "bess_w"),
    [
        (5.0, 0.0, 5.0, 5.0, 0.0),
        (6.0, 1.0, 6.0, 5.0, 1.0),
        (4.0, -1.0, 4.0, 5.0, -1.0),
        (9.0, 1.0, 13.0, 6.0, 1.0),
        (9.0, -1.0, 11.0, 6.0, -1.0),
        (7.0, -1.0, 7.0, 6.0, -1.0),
        (5.0, 1.0, 6.0, 5.0, 0.0),
        (9.0, 5.0, 9.0, 6.0, 3.0),
        (2.0, -4.0, 2.0, 5.0, -3.0),
        (7.5, 1.0, 7.0, 6.0, 1.0),
        (5.0, 1.0, 4.0, 4.0, 1.0),
        (-2.0, 0.0, -2.0, 0.0, 0.0),
    ],
    ids=[
        "set-point",
        "too slow",
        "too fast",
        "all the sun ordered, too slow",
        "all the sun ordered, too fast",
        "more than the sun ordered, too fast",
        "at a limit, too slow",
        "more than batteries can give",
        "more than batteries can take",
        "a lower limit above all",
        "a lower limit, and sun enough",
        "an order to draw",
    ],
)
def test_the_answer_comes_on_top_of_what_the_sun_gives(
    p_w, bias_w, wish_w, pv_w, bess_w
):
    given_w = split("bess_only_frequency", asked(p_w, bias_w, wish_w), PV, BESS)
    assert given_w == approx((pv_w, bess_w))


@given(biases, ranges, powers)
def test_what_is_given_is_within_reach(bias_w, plant, set_w):
    pv, bess = plant
    pv_w, bess_w = split("bess_only_frequency", asked(set_w + bias_w, bias_w), pv, bess)
    within = reach("bess_only_frequency", bias_w, pv, bess)
    assert within.low - 1e-9 <= pv_w + bess_w <= within.high + 1e-9


@given(powers, st.floats(0.0, 9.0), ranges)
def test_only_what_pv_is_asked_for_and_will_not_deliver_is_made_up(p_w, late_w, plant):
    pv, bess = plant
    late_w = min(late_w, pv.high)
    pv_w, _ = split("pv_first", asked(p_w), pv, bess)
    more_w = made_up("pv_first", late_w, pv_w, pv)
    assert pv_w - more_w == approx(min(pv_w, pv.high - late_w), abs=1e-9)
    assert made_up("bess_only_frequency", late_w, pv_w, pv) == 0.0
