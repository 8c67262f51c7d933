"""The brain without the trade's functions: small ones of our own stand in."""

from collections import deque
from dataclasses import replace
from itertools import pairwise
from math import isfinite

from pytest import approx, mark

from ppc.core.dispatch.settings import DispatchSettings
from ppc.core.orchestrator import Orchestrator
from ppc.core.poi_loop import PoiLoopSettings
from ppc.datamodel.envelope import Envelope, Interval
from ppc.datamodel.observation import Poi, SystemObs, Unit
from ppc.datamodel.rating import ConnectionPoint, EquipmentType, UnitRating

PLANT = ConnectionPoint(
    v_nominal_v=20e3, f_nominal_hz=50.0, p_max_w=10e6, p_min_w=-6e6, q_max_var=3.3e6
)
LOOP = PoiLoopSettings(trim_max_w=3e6, trim_max_var=1e6, v_freeze_v=17e3)


class Says:
    """A control function that does with every envelope what it was built with."""

    Settings = None
    mode = "on"

    def __init__(self, name, act):
        self.name, self.act = name, act

    def step(self, obs, envelope):  # noqa: ARG002
        return self.act(envelope)


def bess(name, **changes):
    rating = UnitRating(name, EquipmentType.BESS, 2.2e6, 2e6, -2e6, 2.2e6, 4e6)
    return Unit(rating, 0.0, 0.0, 2e6, -2e6, 0.5, 2.0)._replace(**changes)


def pv(name, **changes):
    rating = UnitRating(name, EquipmentType.PV, 1.65e6, 1.5e6, 0.0, 1.65e6)
    return Unit(rating, 1e6, 0.0, 1e6, None, None, 2.0)._replace(**changes)


def seen(*units, time_s=0.0, poi=None):
    return SystemObs(
        time_s=time_s,
        dt_s=0.1,
        poi=poi or Poi(20e3, 50.0, sum(u.p_w or 0 for u in units), 0.0),
        bess={u.name: u for u in units if u.rating.e_max_wh},
        pv={u.name: u for u in units if not u.rating.e_max_wh},
    )


ALL = (bess("b1"), bess("b2"), pv("p1"), pv("p2"))


def brain(*acts, **options):
    functions = [Says(f"f{i}", act) for i, act in enumerate(acts, 1)]
    return Orchestrator(functions, PLANT, loop=LOOP, command_life_s=1.0, **options)


def test_when_nobody_chooses_pv_gives_what_there_is_and_batteries_rest():
    decision = brain().step(seen(*ALL))
    assert decision.p_w == approx(2e6)
    assert [c.p_set_w for c in decision.commands] == approx([0, 0, 1e6, 1e6])
    assert decision.q_var == 0.0
    assert (decision.p_limited_by, decision.q_limited_by) == ("", "")


def test_a_function_that_wants_more_than_it_was_given_does_not_get_it():
    wide = Envelope(Interval(-9e9, 9e9), Interval(-9e9, 9e9))
    decision = brain(lambda e: e.limit_p(0, 1e6), lambda _: wide).step(seen(*ALL))
    assert decision.trace[1].envelope.p_w == Interval(0.0, 1e6)
    forgetful = brain(lambda e: e.without("b1"), lambda e: e._replace(out=frozenset()))
    assert forgetful.step(seen(*ALL)).trace[1].envelope.out == {"b1"}


def test_the_first_to_choose_has_chosen():
    decision = brain(lambda e: e.choose_p(1e6), lambda e: e.choose_p(2e6)).step(
        seen(*ALL)
    )
    assert decision.p_w == approx(1e6)


def test_who_limits_is_named():
    decision = brain(
        lambda e: e.limit_p(-6e6, 3e6),
        lambda e: e.limit_p(-6e6, 4e6),
        lambda e: e.choose_p(5e6),
    ).step(seen(*ALL))
    assert decision.p_limited_by == "f1"
    decision = brain(lambda e: e.choose_p(9e6)).step(seen(*ALL))
    assert decision.p_limited_by == "capability"
    decision = brain(lambda e: e.limit_p(0, 1e6)).step(seen(*ALL))  # curtailed PV
    assert (decision.p_w, decision.p_limited_by) == (approx(1e6), "f1")
    decision = brain(lambda e: e.limit_q(-1e5, 1e5), lambda e: e.choose_q(-1e6)).step(
        seen(*ALL)
    )
    assert (decision.q_var, decision.q_limited_by) == (-1e5, "f1")


@mark.parametrize(
    "lost",
    [
        bess("b1", p_w=None),
        bess("b1", p_available_w=None),
        bess("b1", p_available_min_w=None),
        bess("b1", state_code=4.0),
    ],
)
def test_the_others_take_the_share_of_a_lost_unit_in_the_same_step(lost):
    order = brain(lambda e: e.choose_p(4e6))
    order.step(seen(*ALL))
    units = (lost, *ALL[1:])
    poi = Poi(20e3, 50.0, sum(u.p_w or 0.0 for u in units), 0.0)
    decision = order.step(seen(*units, poi=poi))
    given = {c.device: c.p_set_w for c in decision.commands}
    assert given["b1"] == 0.0
    assert sum(given.values()) == approx(4e6, rel=0.01)


def test_a_unit_taken_out_gets_nothing_and_is_told_so():
    decision = brain(lambda e: e.without("p1")).step(seen(*ALL))
    given = {c.device: c.p_set_w for c in decision.commands}
    assert given == approx({"b1": 0, "b2": 0, "p1": 0, "p2": 1e6})


def test_a_narrowed_unit_stays_in_its_range():
    act = lambda e: e.limit_unit_p("b1", 0.0, 3e5).choose_p(4e6)  # noqa: E731
    decision = brain(act).step(seen(*ALL))
    assert decision.commands[0].p_set_w == approx(3e5)
    assert decision.commands[1].p_set_w == approx(1.7e6)


@mark.parametrize(
    "obs",
    [
        seen(),
        seen(*ALL, poi=Poi()),
        seen(*(u._replace(p_w=None) for u in ALL), poi=Poi()),
    ],
)
def test_without_meter_or_units_all_is_still_a_number(obs):
    order = brain(lambda e: e.choose_p(4e6).choose_q(1e6))
    for i in range(5):
        decision = order.step(replace(obs, time_s=0.1 * i))
        figures = (
            decision.p_w,
            decision.q_var,
            decision.p_units_w,
            decision.q_units_var,
        )
        assert all(map(isfinite, figures))
        assert all(
            isfinite(c.p_set_w) and isfinite(c.q_set_var) for c in decision.commands
        )


def test_reactive_power_first_is_a_matter_of_configuration():
    act = lambda e: e.choose_p(2e6).choose_q(3.0e6)  # noqa: E731
    units = pv("p1"), pv("p2")
    poi = Poi(20e3, 50.0, 2e6, 0.0)
    p_first = brain(act, priority="p").step(seen(*units, poi=poi))
    q_first = brain(act, priority="q").step(seen(*units, poi=poi))
    assert sum(c.q_set_var for c in q_first.commands) == approx(3.0e6, rel=0.01)
    assert sum(c.p_set_w for c in p_first.commands) > sum(
        c.p_set_w for c in q_first.commands
    )


def test_a_battery_that_must_charge_does_so_only_beside_its_reactive_power():
    act = lambda e: e.choose_q(9e6)  # noqa: E731
    unit = bess("b1", p_available_w=-1e5)
    decision = brain(act, priority="q").step(seen(unit))
    assert decision.commands[0] == ("b1", 0.0, approx(2.2e6))


class Field:
    """One battery behind a load: dead time 0.1 s, first order, 100 ms cycles."""

    def __init__(self, load_w, tau_s=0.15):
        self.load_w, self.part, self.p_w = load_w, 0.1 / (tau_s + 0.1), 0.0
        self.coming = deque([0.0])

    def follow(self, brain, time_s, v_v=20e3):
        poi = Poi(v_v, 50.0, self.p_w - self.load_w, 0.0)
        unit = bess("b", p_w=self.p_w, p_available_w=8e6, p_available_min_w=-8e6)
        big = unit.rating._replace(s_max_va=9e6, p_max_w=8e6, p_min_w=-8e6)
        decision = brain.step(seen(unit._replace(rating=big), time_s=time_s, poi=poi))
        self.coming.append(decision.commands[0].p_set_w)
        self.p_w += self.part * (self.coming.popleft() - self.p_w)
        return decision


def run(brain, field, seconds, **conditions):
    shown = []
    for i in range(round(seconds / 0.1)):
        field.follow(brain, 0.1 * i, **conditions)
        shown.append(field.p_w - field.load_w)
    return shown


def test_the_loop_takes_a_load_upon_itself_without_overshoot():
    order = brain(lambda e: e.choose_p(2e6))
    shown = run(order, Field(300e3), 20.0)
    assert shown[-1] == approx(2e6, abs=0.005 * 2e6)
    assert max(shown) < 2e6 * 1.05


def test_units_quicker_than_expected_are_not_held_back():
    order = brain(lambda e: e.choose_p(2e6))
    shown = run(order, Field(0.0, tau_s=0.02), 3.0)
    assert min(shown[10:]) > 0.99 * 2e6


def test_a_load_that_steps_is_compensated():
    order, field = brain(lambda e: e.choose_p(2e6)), Field(300e3)
    run(order, field, 10.0)
    field.load_w = 800e3
    assert run(order, field, 15.0)[-1] == approx(2e6, abs=0.005 * 2e6)


def test_a_loop_that_could_not_win_does_not_wind_up():
    wish = [20e6]
    order, field = brain(lambda e: e.choose_p(wish[0])), Field(300e3)
    run(order, field, 600.0)
    wish[0] = 1e6
    shown = run(order, field, 3.0)
    assert shown[-1] == approx(1e6, abs=0.05e6)


def test_a_limit_sees_the_load_while_nobody_chooses():
    order, field = brain(lambda e: e.limit_p(low=-1e6)), Field(300e3)
    assert run(order, field, 5.0)[-1] == approx(-300e3)
    field.load_w = 2.5e6
    assert run(order, field, 15.0)[-1] == approx(-1e6, abs=10e3)
    field.load_w = 300e3
    assert run(order, field, 15.0)[-1] == approx(-300e3)


def test_in_a_dip_the_loop_holds():
    order, field = brain(lambda e: e.choose_p(2e6)), Field(300e3)
    trim = lambda: order._loop.p.trim(order._loop.p._delivered)  # noqa: E731
    run(order, field, 10.0)
    before = trim()
    field.load_w = 2e6
    run(order, field, 2.0, v_v=16e3)
    assert trim() == before
    run(order, field, 1.0, v_v=17.2e3)  # not yet above the hysteresis
    assert trim() == before
    run(order, field, 1.0)
    assert trim() != before


def test_taking_over_makes_no_bump():
    engaged = []
    order = brain(lambda e: e.choose_p(1.2e6) if engaged else e)
    field = Field(300e3)
    field.p_w, field.coming = 1.5e6, deque([1.5e6])
    engaged.append(True)
    shown = run(order, field, 3.0)
    assert max(abs(b - a) for a, b in pairwise(shown)) < 20e3


def test_sun_that_is_missing_winds_nothing_up_where_batteries_only_answer_frequency():
    only = DispatchSettings(split="bess_only_frequency")
    control = brain(lambda e: e.add_p(3e5).choose_p(5e6), dispatch=only)
    units = (bess("b1", p_w=1.5e5), bess("b2", p_w=1.5e5), *ALL[2:])
    for i in range(200):
        decision = control.step(seen(*units, time_s=0.1 * i))
    assert [c.p_set_w for c in decision.commands] == approx([1.5e5, 1.5e5, 1e6, 1e6])
    assert decision.p_shortfall_w == approx(3e6)


def test_what_a_limit_leaves_of_an_answer_is_the_suns_before_it_is_the_batteries():
    only = DispatchSettings(split="bess_only_frequency")
    control = brain(lambda e: e.limit_p(0, 1e6).add_p(3e5).choose_p(1e6), dispatch=only)
    commands = control.step(seen(*ALL)).commands
    assert [c.p_set_w for c in commands] == approx([0, 0, 5e5, 5e5])


def test_a_rehearsal_leaves_no_trace_in_who_runs():
    merit = DispatchSettings(p="merit", rest_after_s=1.0)
    asked = [3e6, *[1e6] * 5, *[1.9e6] * 5]
    given = []
    for rehearsed in (False, True):
        targets = iter(asked)
        control = brain(
            lambda e, t=targets: e.choose_p(next(t)).open_loop(), dispatch=merit
        )
        for i in range(len(asked)):
            for _ in range(rehearsed):
                control.rehearse(seen(*ALL[:2], time_s=10.0 * i))
            decision = control.step(seen(*ALL[:2], time_s=0.1 * i))
            given.append([c.p_set_w for c in decision.commands])
    assert given[: len(asked)] == given[len(asked) :]
    assert given[-1] == approx([0.95e6, 0.95e6])
