from hypothesis import given
from hypothesis import strategies as st
from pytest import approx, raises

from ppc.datamodel.envelope import Envelope, Interval

watts = st.floats(-20e6, 20e6)
intervals = st.tuples(watts, watts).map(lambda p: Interval(*sorted(p)))
envelopes = st.builds(
    lambda p, q, bias, out: Envelope(p, q, bias, out=out),
    *(intervals, intervals, watts, st.frozensets(st.sampled_from("abc"))),
)


def inside(inner, outer):
    return outer.low <= inner.low <= inner.high <= outer.high


def test_what_is_no_interval_is_refused():
    for low, high in ((1.0, 0.0), (float("nan"), 0.0), (0.0, float("nan"))):
        with raises(ValueError, match="not an interval"):
            Interval(low, high)


@given(envelopes, watts, intervals, watts)
def test_no_bias_and_no_choice_leaves_the_limits_set_before(
    envelope, bias_w, later, wish_w
):
    chosen = envelope.add_p(bias_w).limit_p(later.low, later.high).choose_p(wish_w)
    assert inside(chosen.p_w, envelope.p_w)
    assert chosen.p_w.low == chosen.p_w.high


@given(envelopes, intervals, watts)
def test_the_same_holds_for_reactive_power(envelope, later, wish_var):
    chosen = envelope.limit_q(later.low, later.high).choose_q(wish_var)
    assert inside(chosen.q_var, envelope.q_var)
    assert chosen.choose_q(-wish_var) == chosen


@given(envelopes, envelopes)
def test_what_is_asked_is_granted_only_within(envelope, asked):
    granted = envelope.within(asked)
    assert inside(granted.p_w, envelope.p_w)
    assert inside(granted.q_var, envelope.q_var)
    assert granted.out >= envelope.out | asked.out
    assert envelope.within(envelope) == envelope


@given(intervals, intervals)
def test_a_unit_is_only_ever_narrowed(first, second):
    narrowed = Envelope().limit_unit_p("a", first.low, first.high)
    again = narrowed.within(narrowed.limit_unit_p("a", second.low, second.high))
    assert inside(again.unit_p_w["a"], first)
    assert narrowed.within(Envelope()).unit_p_w == narrowed.unit_p_w


def test_frequency_response_adds_to_a_set_point_it_does_not_know():
    free = Envelope(Interval(0.0, 20e6), Interval(0.0, 0.0))
    over_frequency = free.add_p(-3e6)
    assert over_frequency.choose_p(10e6).p_w.low == approx(7e6)
    assert over_frequency.limit_p(0, 5e6).choose_p(10e6).p_w.low == approx(2e6)
