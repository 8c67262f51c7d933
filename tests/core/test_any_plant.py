"""The whole brain, all control functions on, under whatever can be seen and ordered.

A thousand histories by default; `PROPERTY_EXAMPLES=100000` for a night.
"""

import os
from dataclasses import fields, replace
from math import hypot, inf, isfinite, sqrt
from typing import get_args

from hypothesis import event, given, settings
from hypothesis import strategies as st

from ppc.core.dispatch.settings import (
    ActivePolicy,
    DispatchSettings,
    ReactivePolicy,
    SplitPolicy,
)
from ppc.core.orchestrator import Orchestrator
from ppc.core.poi_loop import PoiLoopSettings
from ppc.datamodel.envelope import ANY, Interval
from ppc.datamodel.observation import Orders, Poi, SystemObs, Unit
from ppc.datamodel.rating import ConnectionPoint, EquipmentType, UnitRating
from ppc.metier import FUNCTIONS

EXAMPLES = int(os.environ.get("PROPERTY_EXAMPLES", "1000"))
PLANT = ConnectionPoint(
    v_nominal_v=20e3, f_nominal_hz=50.0, p_max_w=10e6, p_min_w=-6e6, q_max_var=3.3e6
)
LOOP = PoiLoopSettings(trim_max_w=3e6, trim_max_var=1e6, v_freeze_v=17e3)
HAIR = 1e-9

POWERS = st.floats(-50e6, 50e6) | st.sampled_from((0.0, 1e6, -1e6, 5e6))
MAYBE = st.none() | POWERS
PARTS = st.sampled_from((0.1, 0.5, 0.9, 1.0, 1.1)) | st.floats(0.1, 1.2)
SIZES_VA = st.sampled_from((1e4, 1e6, 2e6)) | st.floats(1e4, 5e6)


def codes(*allowed):
    return st.none() | st.sampled_from([float(code) for code in allowed])


ORDERS = {
    "p_set_w": MAYBE,
    "q_set_var": MAYBE,
    "v_set_pu": st.none() | st.floats(0.9, 1.1),
    "p_limit_max_w": MAYBE | st.just(inf),
    "p_limit_min_w": MAYBE | st.just(-inf),
    "enable_code": codes(0, 1),
    "q_mode_code": codes(*range(7)),
    "pf_set_pu": st.none() | st.floats(0.0, 1.0),
    "excitation_code": codes(0, 1),
    "run_back_code": codes(*range(4)),
    "p_reserve_w": st.none() | st.floats(0.0, 16e6),
    "emergency_stop_code": codes(0, 1),
    "reset_code": codes(0, 1),
    "bypass_code": codes(0, 1),
    "f_test_hz": st.none() | st.floats(-1.0, 1.0),
    "v_test_pu": st.none() | st.floats(-0.1, 0.1),
}
POI = {
    "v_v": st.none() | st.floats(0.0, 30e3) | st.floats(19e3, 21e3),
    "f_hz": st.none() | st.floats(40.0, 60.0) | st.floats(49.5, 50.5),
    "p_w": MAYBE,
    "q_var": MAYBE,
    "fresh": st.booleans(),
}
UNIT = {
    "p_w": MAYBE,
    "q_var": MAYBE,
    "p_available_w": MAYBE,
    "p_available_min_w": MAYBE,
    "soc_pu": st.none() | st.floats(0.0, 1.0) | st.sampled_from((0.0, 0.05, 0.95)),
    "state_code": codes(*range(5)),
}


def changes(kinds, *where):
    """One of these values, and what it becomes."""
    one_of = [st.tuples(st.just(name), new) for name, new in kinds.items()]
    return st.tuples(*where, st.one_of(one_of))


EVENTS = st.tuples(
    st.sampled_from((0.0, 0.02, 0.1, 0.1, 1.0, 30.0)),
    st.one_of(
        changes(ORDERS, st.just("orders")),
        changes(POI, st.just("poi")),
        changes(UNIT, st.integers(0, 5)),
    ),
)
"""How long after the last, and what changes then of orders, meter or a unit."""
BESS = st.tuples(
    SIZES_VA, PARTS, PARTS, PARTS, st.floats(1e3, 1e7), st.floats(0.0, 1.0)
)
PV = st.tuples(SIZES_VA, PARTS, PARTS)
DISPATCHES = st.builds(
    DispatchSettings,
    p=st.sampled_from(get_args(ActivePolicy)),
    q=st.sampled_from(get_args(ReactivePolicy)),
    split=st.sampled_from(get_args(SplitPolicy)),
    gamma=st.sampled_from((1.0, 1.5, 2.0)),
    minimum_running_units=st.integers(1, 3),
    one_unit_pu=st.sampled_from((0.0, 0.3)),
    rest_after_s=st.sampled_from((0.0, 0.5, 30.0)),
    order=st.sampled_from(({}, {"bess1": 0, "bess0": 1, "pv1": 2})),
)
PLANTS = st.tuples(st.lists(BESS, max_size=3), st.lists(PV, max_size=3))
"""Sizes of batteries and of PV."""


def built(plant):
    """The units, well and at half their power."""
    bess, pv = plant
    for i, (s_va, p, low, q, e_wh, soc_pu) in enumerate(bess):
        sizes = s_va, p * s_va, -low * s_va, q * s_va, e_wh
        rating = UnitRating(f"bess{i}", EquipmentType.BESS, *sizes)
        yield Unit(rating, 0.5 * s_va, 0.0, p * s_va, -low * s_va, soc_pu, 2.0)
    for i, (s_va, p, q) in enumerate(pv):
        rating = UnitRating(f"pv{i}", EquipmentType.PV, s_va, p * s_va, 0.0, q * s_va)
        yield Unit(rating, 0.5 * s_va, 0.0, p * s_va, None, None, 2.0)


def shown(plant, events):
    """What the plant shows, event after event."""
    units, orders = list(built(plant)), Orders()
    poi = Poi(20e3, 50.0, sum(unit.p_w for unit in units), 0.0)
    time_s = 0.0
    for dt_s, (where, (name, value)) in events:
        time_s += dt_s
        if where == "orders":
            orders = replace(orders, **{name: value})
        elif where == "poi":
            poi = poi._replace(**{name: value})
        elif where < len(units):
            units[where] = units[where]._replace(**{name: value})
        yield SystemObs(
            time_s=time_s,
            dt_s=dt_s,
            wall_s=1.8e9 + time_s,
            poi=poi,
            bess={u.name: u for u in units if u.rating.e_max_wh},
            pv={u.name: u for u in units if not u.rating.e_max_wh},
            orders=orders,
        )


def brain(priority, dispatch):
    """With all functions switched on that would be off."""
    functions = []
    for make in FUNCTIONS.values():
        can = "enabled" in {field.name for field in fields(make.Settings)}
        functions.append(
            make(make.Settings(**({"enabled": True} if can else {})), PLANT)
        )
    return Orchestrator(
        functions,
        PLANT,
        loop=LOOP,
        command_life_s=1.0,
        priority=priority,
        dispatch=dispatch,
    )


def serves(unit, out):
    known = unit.p_w, unit.q_var, unit.p_available_w
    if unit.rating.type is EquipmentType.BESS:
        known = *known, unit.p_available_min_w
    return unit.name not in out and None not in known and not unit.faulted


def able(unit):
    """What the unit says it can do, within what it is."""
    rating = unit.rating
    least_w = max(rating.p_min_w, -rating.s_max_va)
    most_w = min(rating.p_max_w, rating.s_max_va)
    rated = Interval(min(least_w, most_w), most_w)
    high_w = rated.clamp(unit.p_available_w)
    return Interval(min(rated.clamp(unit.p_available_min_w or 0.0), high_w), high_w)


def inside(value, limits, scale):
    """To do nothing is always allowed: batteries do not work against each other."""
    hair = HAIR * max(scale, 1.0)
    return min(limits.low, 0.0) - hair <= value <= max(limits.high, 0.0) + hair


def check_units(seen, decision):
    last = decision.trace[-1].envelope
    assert [c.device for c in decision.commands] == list(seen.units)
    for name, p_w, q_var in decision.commands:
        unit = seen.units[name]
        s_va = unit.rating.s_max_va
        if not serves(unit, last.out):
            assert (p_w, q_var) == (0.0, 0.0)
            continue
        assert inside(p_w, last.unit_p_w.get(name, ANY), s_va)
        assert inside(p_w, able(unit), s_va)
        assert abs(q_var) <= unit.rating.q_max_var * (1.0 + HAIR)
        assert hypot(p_w, q_var) <= s_va * (1.0 + HAIR)


def check_sums(seen, decision, priority, split):
    """What is asked is given, or reported missing; and only what cannot be given."""
    last = decision.trace[-1].envelope
    p_w, q_var = decision.p_units_w, decision.q_units_var
    p_short_w, q_short_var = decision.p_shortfall_w, decision.q_shortfall_var
    hair = HAIR * max(1e6, abs(p_w), abs(q_var))
    assert abs(sum(c.p_set_w for c in decision.commands) + p_short_w - p_w) <= hair
    assert (
        abs(sum(c.q_set_var for c in decision.commands) + q_short_var - q_var) <= hair
    )
    low_w = high_w = most_var = 0.0
    for name, p_set_w, q_set_var in decision.commands:
        unit, rating = seen.units[name], seen.units[name].rating
        if not serves(unit, last.out):
            continue
        beside_w, beside_var = (0.0, p_set_w) if priority == "p" else (q_set_var, 0.0)
        left_w = sqrt(max(rating.s_max_va**2 - beside_w**2, 0.0))
        left_var = sqrt(max(rating.s_max_va**2 - beside_var**2, 0.0))
        allowed = last.unit_p_w.get(name, ANY)
        can = Interval(*map(allowed.clamp, (able(unit).low, able(unit).high)))
        if not can.low <= 0.0 <= can.high:
            return  # one that must not stand still may be alone with that
        low_w += max(can.low, -left_w)
        high_w += min(can.high, left_w)
        most_var += min(rating.q_max_var, left_var)
    if low_w <= p_w <= high_w and split != "bess_only_frequency":
        assert abs(p_short_w) <= hair
    if abs(q_var) <= most_var:
        assert abs(q_short_var) <= hair


def check_figures(decision):
    figures = (
        *(decision.p_w, decision.q_var, decision.p_units_w, decision.q_units_var),
        *(decision.p_shortfall_w, decision.q_shortfall_var),
        *(value for c in decision.commands for value in (c.p_set_w, c.q_set_var)),
    )
    assert all(map(isfinite, figures))
    last = decision.trace[-1].envelope
    assert last.p_w.clamp(decision.p_w) == decision.p_w
    assert last.q_var.clamp(decision.q_var) == decision.q_var


@settings(max_examples=EXAMPLES, deadline=None)
@given(
    plant=PLANTS,
    events=st.lists(EVENTS, min_size=1, max_size=12),
    priority=st.sampled_from(("p", "q")),
    dispatch=DISPATCHES,
)
def test_whatever_happens_the_units_are_asked_for_what_they_may_and_can(
    plant, events, priority, dispatch
):
    control = brain(priority, dispatch)
    for seen in shown(plant, events):
        decision = control.step(seen)
        check_figures(decision)
        check_units(seen, decision)
        check_sums(seen, decision, priority, dispatch.split)
        stored_w = [c.p_set_w for c in decision.commands if c.device in seen.bess]
        assert min(stored_w, default=0.0) >= 0.0 or max(stored_w) <= 0.0
        event(f"P limited by {decision.p_limited_by or 'nothing'}")
