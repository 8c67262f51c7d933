from math import hypot, isfinite

from hypothesis import given
from hypothesis import strategies as st
from pytest import approx

from ppc.core.allocation import allocate, share
from ppc.core.capability import Capability, Ready
from ppc.datamodel.envelope import Interval
from ppc.datamodel.rating import EquipmentType

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


def ready(name, kind, low, high, s=2.2e6, above=1e6, room=1e6):
    return Ready(name, kind, 0.0, 0.0, low, high, s, s, above, room)


batteries = st.builds(
    lambda low, high, s, soc: ready(
        "b", EquipmentType.BESS, -low, high, s, soc, 1.0 - soc
    ),
    *(
        st.floats(0.0, 2e6),
        st.floats(0.0, 2e6),
        st.floats(5e5, 2.5e6),
        st.floats(0.0, 1.0),
    ),
)
arrays = st.builds(
    lambda high, s: ready("p", EquipmentType.PV, 0.0, high, s, 0.0, 0.0),
    *(st.floats(0.0, 2e6), st.floats(5e5, 2.5e6)),
)


@given(
    st.lists(batteries | arrays, max_size=8),
    st.floats(-20e6, 20e6),
    st.floats(-20e6, 20e6),
    st.booleans(),
)
def test_every_unit_stays_in_its_range_and_circle(units, p_w, q_var, q_first):
    able = Capability(tuple(units), Interval(0, 0), Interval(0, 0))
    shares = allocate(p_w, q_var, able, q_first=q_first)
    for unit, p, q in zip(units, shares.p_w, shares.q_var, strict=True):
        assert isfinite(p)
        assert isfinite(q)
        assert hypot(p, q) <= unit.s_max_va * (1 + 1e-9)
        most = unit.s_max_va
        assert min(unit.p_low_w, most) - 1 <= p <= unit.p_high_w + 1 or q_first
    assert sum(shares.p_w) + shares.p_shortfall_w == approx(p_w, abs=1.0)
    assert sum(shares.q_var) + shares.q_shortfall_var == approx(q_var, abs=1.0)
    signs = {
        p > 0
        for u, p in zip(units, shares.p_w, strict=True)
        if u.type is EquipmentType.BESS and abs(p) > 1
    }
    assert len(signs) < 2


def plant(*units):
    return Capability(units, Interval(0, 0), Interval(0, 0))


B1 = ready("b1", EquipmentType.BESS, -2e6, 2e6, above=3e6, room=1e6)
B2 = ready("b2", EquipmentType.BESS, -2e6, 2e6, above=1e6, room=3e6)
PV = ready("pv", EquipmentType.PV, 0.0, 1.5e6)


def test_pv_goes_first_and_batteries_give_the_rest_by_what_they_hold():
    assert allocate(2.5e6, 0.0, plant(B1, B2, PV)).p_w == approx(
        [0.75e6, 0.25e6, 1.5e6]
    )


def test_a_surplus_is_stored_by_the_room_there_is_before_pv_is_curtailed():
    assert allocate(0.5e6, 0.0, plant(B1, B2, PV)).p_w == approx(
        [-0.25e6, -0.75e6, 1.5e6]
    )
    full = B1._replace(p_low_w=0.0), B2._replace(p_low_w=0.0)
    assert allocate(0.5e6, 0.0, plant(*full, PV)).p_w == approx([0.0, 0.0, 0.5e6])


def test_reactive_power_is_shared_by_what_the_circle_leaves():
    shares = allocate(1.5e6, 1e6, plant(PV, PV._replace(name="pv2", p_high_w=0.0)))
    left = (2.2e6**2 - 1.5e6**2) ** 0.5
    assert shares.q_var == approx(
        [1e6 * left / (left + 2.2e6), 1e6 * 2.2e6 / (left + 2.2e6)]
    )


def test_what_cannot_be_given_is_said():
    shares = allocate(9e6, 9e6, plant(PV))
    assert shares.p_shortfall_w == approx(7.5e6)
    assert shares.q_shortfall_var == approx(9e6 - (2.2e6**2 - 1.5e6**2) ** 0.5)


def test_with_reactive_power_first_active_power_gives_way():
    shares = allocate(1.5e6, 2.0e6, plant(PV), q_first=True)
    assert shares.q_var == approx([2.0e6])
    assert shares.p_w == approx([(2.2e6**2 - 2.0e6**2) ** 0.5])
