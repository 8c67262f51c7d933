"""R-ARB: sources come and go in every way, and the orders stay what they must be."""

from dataclasses import fields, replace
from itertools import permutations, product
from math import inf

from hypothesis import given
from hypothesis import strategies as st
from pytest import fixture, mark

from ppc.core.arbitration import Arbiter, Told, alone, arbitrate
from ppc.core.orchestrator import Orchestrator
from ppc.core.poi_loop import PoiLoopSettings
from ppc.datamodel.envelope import Interval
from ppc.datamodel.observation import Orders, Poi, SystemObs, Unit
from ppc.datamodel.rating import ConnectionPoint, EquipmentType, UnitRating
from ppc.metier import FUNCTIONS

PLANT = ConnectionPoint(
    v_nominal_v=20e3, f_nominal_hz=50.0, p_max_w=10e6, p_min_w=-10e6, q_max_var=3.3e6
)
OPERATOR = Orders(p_limit_max_w=6e6, p_limit_min_w=-2e6, q_set_var=1e6)
MARKETER = Orders(p_set_w=8e6, q_set_var=-1e6, p_limit_max_w=9e6)
LOCAL = Orders(p_set_w=1e6, q_set_var=0.0, p_limit_max_w=7e6)
THREE = (
    Told("operator", OPERATOR),
    Told("marketer", MARKETER),
    Told("local", LOCAL, local=True),
)

NUMBER = st.none() | st.floats(-10e6, 10e6) | st.sampled_from([inf, -inf])
CODE = st.none() | st.sampled_from([0.0, 1.0])
ORDERS = st.builds(
    Orders,
    p_set_w=st.none() | st.floats(-10e6, 10e6),
    q_set_var=st.none() | st.floats(-3e6, 3e6),
    v_set_pu=st.none() | st.floats(0.95, 1.05),
    q_mode_code=st.none() | st.sampled_from([0.0, 1.0, 2.0, 4.0]),
    p_limit_max_w=NUMBER,
    p_limit_min_w=NUMBER,
    enable_code=CODE,
    emergency_stop_code=CODE,
    reset_code=CODE,
    run_back_code=st.none() | st.sampled_from([0.0, 1.0, 2.0, 5.0]),
    p_reserve_w=st.none() | st.floats(0.0, 5e6),
)
TOLD = st.lists(st.tuples(ORDERS, st.booleans()), min_size=1, max_size=4).map(
    lambda each: [Told(f"s{i}", o, local=here) for i, (o, here) in enumerate(each)]
)
NAMES = tuple(field.name for field in fields(Orders))


def arranged(order, on):
    """Sources in this order of priority, the others switched off."""
    return [
        each if on[THREE.index(each)] else each._replace(orders=Orders())
        for each in order
    ]


@mark.parametrize("order", list(permutations(THREE)), ids=lambda o: o[0].source)
@mark.parametrize("local_mode", [False, True], ids=["remote", "local"])
@mark.parametrize("on", list(product([False, True], repeat=3)), ids=str)
def test_every_priority_and_every_choice_of_sources(order, on, local_mode):
    told = arranged(order, on)
    orders, asked_by = arbitrate(told, local_mode=local_mode)
    active = [each for each in order if on[THREE.index(each)]]
    bounds = [e.orders.p_limit_max_w for e in active if e.orders.p_limit_max_w]
    assert orders.p_limit_max_w == min(bounds, default=None)  # all of them hold
    for name in ("p_set_w", "q_set_var"):
        allowed = [e for e in active if e.local == local_mode]
        first = next((e for e in allowed if getattr(e.orders, name) is not None), None)
        assert getattr(orders, name) == (first and getattr(first.orders, name))
        assert asked_by.get(name) == (first and first.source)


@given(TOLD, st.booleans())
def test_whatever_is_ordered_has_somebody_who_asked(told, local_mode):
    orders, asked_by = arbitrate(told, local_mode=local_mode)
    given_names = {name for name in NAMES if getattr(orders, name) is not None}
    assert set(asked_by) == given_names
    by_name = {each.source: each.orders for each in told}
    for name, who in asked_by.items():
        assert getattr(by_name[who], name) is not None


@given(TOLD, st.booleans())
def test_limits_never_cross_and_the_highest_source_is_never_overruled(told, local_mode):
    orders, _ = arbitrate(told, local_mode=local_mode)
    low = -inf if orders.p_limit_min_w is None else orders.p_limit_min_w
    high = inf if orders.p_limit_max_w is None else orders.p_limit_max_w
    assert low <= high
    first = told[0].orders
    least = -inf if first.p_limit_min_w is None else first.p_limit_min_w
    most = inf if first.p_limit_max_w is None else first.p_limit_max_w
    if least <= most:
        assert least <= low
        assert high <= most


@given(TOLD, st.booleans(), ORDERS)
def test_a_source_below_never_widens_what_those_above_left(told, local_mode, more):
    before, _ = arbitrate(told, local_mode=local_mode)
    after, _ = arbitrate([*told, Told("below", more)], local_mode=local_mode)

    def band(orders):
        low, high = orders.p_limit_min_w, orders.p_limit_max_w
        return Interval(-inf if low is None else low, inf if high is None else high)

    assert band(before).narrow(band(after)) == band(after)
    for name in ("p_set_w", "q_set_var", "v_set_pu"):
        if getattr(before, name) is not None:
            assert getattr(after, name) == getattr(before, name)
    assert after.enable_code == 0 or before.enable_code != 0
    assert after.emergency_stop_code == 1 or before.emergency_stop_code != 1


@given(TOLD, st.booleans())
def test_set_points_come_from_those_in_charge_only(told, local_mode):
    _, asked_by = arbitrate(told, local_mode=local_mode)
    place = {each.source: each.local for each in told}
    for name in ("p_set_w", "q_set_var", "v_set_pu", "q_mode_code", "reset_code"):
        if name in asked_by:
            assert place[asked_by[name]] == local_mode
    q_masters = {asked_by.get(n) for n in ("q_set_var", "v_set_pu", "q_mode_code")}
    assert len(q_masters - {None}) <= 1


def test_what_cannot_be_met_leaves_the_nearest_point_that_is_allowed():
    told = [
        Told("operator", Orders(p_limit_max_w=5e6)),
        Told("marketer", Orders(p_limit_min_w=7e6)),
    ]
    orders, asked_by = arbitrate(told)
    assert (orders.p_limit_min_w, orders.p_limit_max_w) == (5e6, 5e6)
    assert asked_by == {"p_limit_max_w": "operator", "p_limit_min_w": "marketer"}
    orders, _ = arbitrate(told[::-1])
    assert (orders.p_limit_min_w, orders.p_limit_max_w) == (7e6, 7e6)


def test_the_tightest_limit_names_its_source_and_a_tie_the_higher():
    told = [Told(n, Orders(p_limit_max_w=w)) for n, w in (("a", 5e6), ("b", 5e6))]
    assert arbitrate(told).asked_by == {"p_limit_max_w": "a"}
    told.append(Told("c", Orders(p_limit_max_w=4e6)))
    assert arbitrate(told).asked_by == {"p_limit_max_w": "c"}


def test_no_limit_is_an_order_too_but_loosens_nobody_elses():
    free = Told("a", Orders(p_limit_max_w=inf))
    assert arbitrate([free, Told("b", Orders())]).orders.p_limit_max_w == inf
    bound = Told("b", Orders(p_limit_max_w=3e6))
    assert arbitrate([free, bound]).orders.p_limit_max_w == 3e6


def test_the_more_careful_is_heard():
    told = [
        Told("a", Orders(enable_code=1.0, run_back_code=1.0, p_reserve_w=1e6)),
        Told("b", Orders(enable_code=0.0, run_back_code=4.0, p_reserve_w=5e5)),
    ]
    orders, asked_by = arbitrate(told)
    assert orders.enable_code == 0.0
    assert orders.run_back_code == 5.0
    assert orders.p_reserve_w == 1e6
    assert asked_by["enable_code"] == "b"


def test_a_single_source_is_passed_on_as_it_is():
    crossed = Orders(p_limit_max_w=-1e6, p_limit_min_w=1e6, reset_code=1.0)
    combined = Arbiter().combine([Told("operator", crossed)])
    assert combined.orders is crossed
    assert combined == alone(Told("operator", crossed))
    assert set(combined.asked_by.values()) == {"operator"}


def test_nobody_resets_by_surfacing():
    arbiter = Arbiter()

    def reset(high, low):
        told = [Told("a", Orders(reset_code=high)), Told("b", Orders(reset_code=low))]
        return arbiter.combine(told).orders.reset_code

    assert reset(0.0, 1.0) == 0.0
    assert reset(None, 1.0) is None  # the higher one fell silent
    assert reset(None, 0.0) == 0.0
    assert reset(None, 1.0) == 1.0
    assert reset(1.0, 1.0) is None


@fixture(scope="module")
def rating():
    return UnitRating("b", EquipmentType.BESS, 10e6, 10e6, -10e6, 10e6, 40e6)


@mark.parametrize("order", list(permutations(THREE)), ids=lambda o: o[0].source)
@mark.parametrize("local_mode", [False, True], ids=["remote", "local"])
def test_the_plant_stays_within_all_limits_while_sources_come_and_go(
    order, local_mode, rating
):
    """The smaller counts: the set-point is followed inside the limits."""
    functions = [
        FUNCTIONS[name](FUNCTIONS[name].Settings(), PLANT)
        for name in ("power_limit", "set_point_tracking")
    ]
    loop = PoiLoopSettings(trim_max_w=3e6, trim_max_var=1e6, v_freeze_v=17e3)
    brain = Orchestrator(functions, PLANT, loop=loop, command_life_s=1.0)
    unit = Unit(rating, 0.0, 0.0, 10e6, -10e6, 0.5, 2.0)
    time_s, p_w = 0.0, 0.0
    for on in (*product([False, True], repeat=3), (True, True, True)):
        told = arranged(order, on)
        orders, asked_by = arbitrate(told, local_mode=local_mode)
        for _ in range(150):
            time_s += 0.1
            obs = SystemObs(
                time_s=time_s, dt_s=0.1, poi=Poi(20e3, 50.0, p_w, 0.0),
                bess={"b": unit._replace(p_w=p_w)}, orders=orders, asked_by=asked_by,
            )  # fmt: skip
            p_w = brain.step(obs).p_w
        if orders.p_set_w is not None:
            assert p_w == min(orders.p_set_w, orders.p_limit_max_w or inf)
    assert p_w == (1e6 if local_mode else 6e6)
    assert replace(orders, p_set_w=None).p_limit_max_w == 6e6
