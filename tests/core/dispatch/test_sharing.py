from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from pytest import approx

from ppc.core.dispatch.sharing import in_order, proportional, share

powers = st.floats(-5e6, 5e6)


def brute(total, weights, lows, highs):
    """The level by bisection, as slowly as one likes."""

    def given_at(level):
        return [
            min(max(level * w, lo), hi)
            for w, lo, hi in zip(weights, lows, highs, strict=True)
        ]

    low, high = -1e9, 1e9
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if sum(given_at(middle)) < total else (low, middle)
    return given_at(high)


ranges = st.tuples(st.floats(0.1, 10.0), powers, powers).map(
    lambda t: (t[0], min(t[1:]), max(t[1:]))
)


@given(st.lists(ranges, min_size=1, max_size=8), powers)
def test_the_water_level_is_that_of_bisection(units, total):
    weights, lows, highs = map(list, zip(*units, strict=True))
    shared = share(total, weights, lows, highs)
    assert sum(shared) == approx(min(max(total, sum(lows)), sum(highs)), abs=1.0)
    if sum(lows) < total < sum(highs):
        assert shared == approx(brute(total, weights, lows, highs), abs=1.0)


@given(st.lists(ranges, min_size=1, max_size=8), powers, st.integers(0, 7))
def test_whoever_has_no_weight_gives_only_what_the_others_cannot(units, total, which):
    weights, lows, highs = map(list, zip(*units, strict=True))
    weights[which % len(units)] = 0.0
    shared = share(total, weights, lows, highs)
    assert sum(shared) == approx(min(max(total, sum(lows)), sum(highs)), abs=1.0)


@given(st.lists(ranges, min_size=2, max_size=6), powers)
def test_the_order_of_the_units_does_not_matter(units, total):
    weights, lows, highs = map(list, zip(*units, strict=True))
    forth = share(total, weights, lows, highs)
    back = share(total, weights[::-1], lows[::-1], highs[::-1])
    assert forth == approx(back[::-1], abs=1.0)


def test_nobody_shares_nothing():
    assert share(5.0, [], [], []) == []


@given(st.lists(ranges, min_size=1, max_size=8), powers)
def test_in_order_nobody_begins_before_the_one_ahead_gives_its_all(units, total):
    _, lows, highs = map(list, zip(*units, strict=True))
    order = list(range(len(units)))[::-1]
    given_w = in_order(total, order, lows, highs)
    assert sum(given_w) == approx(min(max(total, sum(lows)), sum(highs)), abs=1.0)
    nearest = [min(max(0.0, low), high) for low, high in zip(lows, highs, strict=True)]
    ends = highs if total > sum(nearest) else lows
    for ahead, i in pairwise(order):
        if abs(given_w[i] - nearest[i]) > 1.0:
            assert given_w[ahead] == approx(ends[ahead])


def test_in_order_by_hand():
    assert in_order(5.0, [1, 0], [0.0, 0.0], [4.0, 3.0]) == [2.0, 3.0]
    assert in_order(-5.0, [1, 0], [-4.0, -3.0], [4.0, 3.0]) == [-2.0, -3.0]


def test_in_proportion_all_are_used_alike():
    assert proportional(-3.0, [4.0, 2.0]) == [-2.0, -1.0]
    assert proportional(9.0, [4.0, 2.0]) == [4.0, 2.0]
    assert proportional(9.0, [0.0]) == [0.0]
