from itertools import pairwise
from math import hypot, isfinite
from random import Random
from typing import get_args

from hypothesis import given
from hypothesis import strategies as st
from pytest import approx, mark

from ppc.core.allocation import Dispatch
from ppc.core.capability import Capability, Ready
from ppc.core.dispatch.settings import (
    ActivePolicy,
    DispatchSettings,
    ReactivePolicy,
    SplitPolicy,
)
from ppc.core.dispatch.split import Asked
from ppc.datamodel.envelope import Interval
from ppc.datamodel.rating import EquipmentType


def ready(name, kind, low, high, s=2.2e6, above=1e6, room=1e6):
    return Ready(name, kind, 0.0, 0.0, low, high, s, s, above, room)


def able(*units):
    return Capability(
        units,
        Interval(sum(u.p_low_w for u in units), sum(u.p_high_w for u in units)),
        Interval(0, 0),
    )


def allocate(p_w, q_var, units, *, q_first=False, bias_w=0.0, **settings):
    """What a new dispatch makes of it."""
    dispatch = Dispatch(DispatchSettings(**settings), q_first=q_first)
    return dispatch.allocate(Asked(p_w, q_var, p_w, bias_w), units, time_s=0.0)


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
settings = st.builds(
    DispatchSettings,
    p=st.sampled_from(get_args(ActivePolicy)),
    q=st.sampled_from(get_args(ReactivePolicy)),
    split=st.sampled_from(get_args(SplitPolicy)),
    gamma=st.floats(1.0, 2.0),
    soc_hysteresis_pu=st.floats(0.0, 0.2),
    minimum_running_units=st.integers(1, 4),
    one_unit_pu=st.floats(0.0, 1.0),
    efficient_pu=st.floats(0.1, 1.0),
    hysteresis_pu=st.floats(0.0, 0.5),
    rest_after_s=st.floats(0.0, 60.0),
    order=st.dictionaries(
        st.sampled_from([f"u{i}" for i in range(8)]), st.integers(0, 9)
    ),
)
powers = st.floats(-20e6, 20e6)
cycles = st.lists(
    st.tuples(
        powers,
        powers,
        powers,
        st.floats(-3e6, 3e6),
        st.just(0.0) | st.floats(0.0, 3e6),
        st.lists(batteries | arrays, max_size=8),
        st.floats(0.0, 100.0),
    ),
    min_size=1,
    max_size=6,
)


@given(settings, st.booleans(), cycles)
def test_under_every_policy_all_stay_in_their_ranges_and_sums_are_exact(
    settings, q_first, cycles
):
    dispatch, time_s = Dispatch(settings, q_first=q_first), 0.0
    for p_w, q_var, wish_w, bias_w, late_w, units, dt_s in cycles:
        time_s += dt_s
        here = able(*(u._replace(name=f"u{i}") for i, u in enumerate(units)))
        shares = dispatch.allocate(
            Asked(p_w, q_var, wish_w, bias_w, late_w), here, time_s=time_s
        )
        check_units(here.units, shares)
        assert 0.0 <= shares.p_late_w <= late_w
        given_w = sum(shares.p_w) - shares.p_late_w
        assert given_w + shares.p_shortfall_w == approx(p_w, abs=1.0)
        assert sum(shares.q_var) + shares.q_shortfall_var == approx(q_var, abs=1.0)
        if not q_first:
            check_only_the_impossible_is_missing(
                settings, p_w, q_var, here.units, shares
            )
        reach = dispatch.reach(here, bias_w=bias_w)
        assert here.p_w.low - 1 <= reach.low
        assert reach.high <= here.p_w.high + 1


def check_units(units, shares):
    for unit, p_w, q_var in zip(units, shares.p_w, shares.q_var, strict=True):
        assert isfinite(p_w)
        assert isfinite(q_var)
        assert hypot(p_w, q_var) <= unit.s_max_va * (1 + 1e-9)
        assert abs(q_var) <= unit.q_max_var * (1 + 1e-9)
        assert unit.p_low_w - 1e-6 <= p_w <= unit.p_high_w + 1e-6
        if unit.type is EquipmentType.PV:
            assert p_w >= 0.0
    signs = {
        p_w > 0
        for u, p_w in zip(units, shares.p_w, strict=True)
        if u.type is EquipmentType.BESS and p_w != 0.0
    }
    assert len(signs) < 2


def check_only_the_impossible_is_missing(settings, p_w, q_var, units, shares):
    low_w = sum(max(u.p_low_w, -u.s_max_va) for u in units)
    high_w = sum(min(u.p_high_w, u.s_max_va) for u in units)
    if settings.split != "bess_only_frequency":
        given_w = min(max(p_w, low_w), high_w - shares.p_late_w)
        assert shares.p_shortfall_w == approx(p_w - given_w, abs=1.0)
    most_var = sum(u.q_limit_var(p) for u, p in zip(units, shares.p_w, strict=True))
    given_var = min(max(q_var, -most_var), most_var)
    assert shares.q_shortfall_var == approx(q_var - given_var, abs=1.0)


B1 = ready("b1", EquipmentType.BESS, -2e6, 2e6, above=3e6, room=1e6)
B2 = ready("b2", EquipmentType.BESS, -2e6, 2e6, above=1e6, room=3e6)
PV = ready("pv", EquipmentType.PV, 0.0, 1.5e6)


def test_pv_goes_first_and_batteries_give_the_rest_by_what_they_hold():
    assert allocate(2.5e6, 0.0, able(B1, B2, PV)).p_w == approx([0.75e6, 0.25e6, 1.5e6])


def test_a_surplus_is_stored_by_the_room_there_is_before_pv_is_curtailed():
    assert allocate(0.5e6, 0.0, able(B1, B2, PV)).p_w == approx(
        [-0.25e6, -0.75e6, 1.5e6]
    )
    full = B1._replace(p_low_w=0.0), B2._replace(p_low_w=0.0)
    assert allocate(0.5e6, 0.0, able(*full, PV)).p_w == approx([0.0, 0.0, 0.5e6])


def test_reactive_power_is_shared_by_what_the_circle_leaves():
    shares = allocate(1.5e6, 1e6, able(PV, PV._replace(name="pv2", p_high_w=0.0)))
    left = (2.2e6**2 - 1.5e6**2) ** 0.5
    assert shares.q_var == approx(
        [1e6 * left / (left + 2.2e6), 1e6 * 2.2e6 / (left + 2.2e6)]
    )


def test_what_cannot_be_given_is_said():
    shares = allocate(9e6, 9e6, able(PV))
    assert shares.p_shortfall_w == approx(7.5e6)
    assert shares.q_shortfall_var == approx(9e6 - (2.2e6**2 - 1.5e6**2) ** 0.5)


def test_with_reactive_power_first_active_power_gives_way():
    shares = allocate(1.5e6, 2.0e6, able(PV), q_first=True)
    assert shares.q_var == approx([2.0e6])
    assert shares.p_w == approx([(2.2e6**2 - 2.0e6**2) ** 0.5])


def test_by_availability_all_give_the_same_part_of_what_they_could():
    weak = B2._replace(p_high_w=1e6)
    assert allocate(1.5e6, 0.0, able(B1, weak), p="availability").p_w == approx(
        [1e6, 0.5e6]
    )


def test_equal_is_the_same_part_of_the_rating():
    small = B2._replace(s_max_va=1.1e6, q_max_var=1.1e6)
    shares = allocate(1.5e6, 0.9e6, able(B1, small), p="equal", q="equal")
    assert shares.p_w == approx([1e6, 0.5e6])
    assert shares.q_var == approx([0.6e6, 0.3e6])


def test_by_merit_the_first_run_and_pv_is_curtailed_from_the_last():
    order = {"b2": 0, "b1": 1, "pv": 2, "pv2": 3}
    options = {"p": "merit", "q": "merit", "order": order}
    assert allocate(1e6, 3e6, able(B1, B2), **options).p_w == [0.0, 1e6]
    assert allocate(1e6, 3e6, able(B1, B2), **options).q_var == approx(
        [3e6 - (2.2e6**2 - 1e6**2) ** 0.5, (2.2e6**2 - 1e6**2) ** 0.5]
    )
    assert allocate(3e6, 0.0, able(B1, B2), **options).p_w == approx([1.5e6, 1.5e6])
    pv = able(PV._replace(name="pv2"), PV)
    assert allocate(2e6, 0.0, pv, **options).p_w == approx([0.5e6, 1.5e6])


def test_for_efficiency_as_many_run_as_work_well_the_fullest_first():
    third = B2._replace(name="b3", above_wh=2e6, room_wh=2e6)
    options = {"p": "efficiency", "efficient_pu": 0.5}
    plant = able(B1, B2, third)
    assert allocate(1e6, 0.0, plant, **options).p_w == [1e6, 0.0, 0.0]
    assert allocate(2.4e6, 0.0, plant, **options).p_w == approx([1.2e6, 0.0, 1.2e6])
    assert allocate(-1e6, 0.0, plant, **options).p_w == [0.0, -1e6, 0.0]


def test_whoever_rests_helps_before_anything_is_missing():
    plant = able(B1, B2)
    shares = allocate(3.9e6, 0.0, plant, p="efficiency", efficient_pu=1.0)
    assert sum(shares.p_w) == approx(3.9e6)


def test_whoever_must_be_charged_waits_while_others_are_discharged():
    must = B1._replace(p_high_w=-1e6)
    for p in get_args(ActivePolicy):
        assert allocate(1e6, 0.0, able(must, B2), p=p).p_w == approx([0, 1e6])


def test_gamma_empties_the_fullest_faster():
    assert allocate(1e6, 0.0, able(B1, B2), gamma=2.0).p_w == approx([0.9e6, 0.1e6])


def test_batteries_that_only_answer_frequency_do_not_make_good_for_the_sun():
    options = {"split": "bess_only_frequency"}
    plant = able(B1, B2, PV)
    assert allocate(1e6, 0.0, plant, **options).p_w == approx([0, 0, 1e6])
    dark = allocate(2e6, 0.0, plant, **options)
    assert dark.p_w == approx([0, 0, 1.5e6])
    assert dark.p_shortfall_w == approx(0.5e6)
    answer = allocate(1.4e6, 0.0, plant, bias_w=0.4e6, **options)
    assert answer.p_w == approx([0.3e6, 0.1e6, 1e6])


def test_with_curtailment_first_too_high_a_frequency_charges_nothing():
    plant = able(B1, B2, PV)
    shares = allocate(1e6, 0.0, plant, bias_w=-0.5e6, split="curtail_first")
    assert shares.p_w == approx([0, 0, 1e6])
    assert sum(allocate(1e6, 0.0, plant, bias_w=-0.5e6).p_w[:2]) == approx(-0.5e6)


def noisy(unit, pick, noise_pu=0.009):
    """The same battery, whose state of charge is not quite known."""
    whole_wh = unit.above_wh + unit.room_wh
    soc_pu = unit.above_wh / whole_wh + pick.uniform(-noise_pu, noise_pu)
    return unit._replace(above_wh=soc_pu * whole_wh, room_wh=(1 - soc_pu) * whole_wh)


@mark.parametrize("p", get_args(ActivePolicy))
def test_equally_charged_batteries_do_not_hunt_when_that_is_not_quite_known(p):
    """After every one has shown the whole of its noise, nothing moves any more."""
    pick = Random(1)  # noqa: S311
    units = [B1._replace(name=f"b{i}", above_wh=2e6, room_wh=2e6) for i in range(4)]
    dispatch = Dispatch(DispatchSettings(p=p))
    seen = []
    for i in range(2000):
        here = able(*(noisy(unit, pick) for unit in units))
        asked = Asked(1.9e6 + 1e3 * pick.uniform(-1, 1), 0.0, 2e6)
        seen.append(dispatch.allocate(asked, here, time_s=0.1 * i).p_w)
    moved = [abs(b - a) for x, y in pairwise(seen) for a, b in zip(x, y, strict=True)]
    assert max(moved) < 3e3
    assert len({tuple(p_w > 0 for p_w in shares) for shares in seen}) == 1


@mark.parametrize("p", ["merit", "efficiency"])
def test_power_about_the_edge_of_another_unit_starts_it_once(p):
    pick = Random(2)  # noqa: S311
    dispatch = Dispatch(DispatchSettings(p=p))
    plant = able(B1, B2._replace(above_wh=3e6, room_wh=1e6))
    running = []
    for i in range(3000):
        asked_w = (2e6 if p == "merit" else 2.2e6) + 5e4 * pick.uniform(-1, 1)
        asked = Asked(asked_w, 0.0, asked_w)
        shares = dispatch.allocate(asked, plant, time_s=0.1 * i)
        running.append(sum(p_w > 0 for p_w in shares.p_w))
    assert sum(a != b for a, b in pairwise(running)) <= 1


def test_over_hours_batteries_take_turns_and_end_alike():
    dispatch = Dispatch(DispatchSettings(p="efficiency"))
    units = [B1._replace(above_wh=3e6, room_wh=1e6), B2._replace(above_wh=2.9e6)]
    units[1] = units[1]._replace(room_wh=1.1e6)
    turns = []
    for i in range(7200):
        p_w = dispatch.allocate(Asked(1e6, 0.0, 1e6), able(*units), time_s=i).p_w
        units = [
            u._replace(above_wh=u.above_wh - p / 3600, room_wh=u.room_wh + p / 3600)
            for u, p in zip(units, p_w, strict=True)
        ]
        turns.append(p_w[0] > 0)
    assert 5 <= sum(a != b for a, b in pairwise(turns)) <= 30
    assert units[0].above_wh == approx(units[1].above_wh, abs=0.05 * 4e6)
