"""Decisions of the real brain, and of small functions that do one thing each."""

from dataclasses import replace

from pytest import fixture, mark

from ppc.application.explaining import explain, verdicts
from ppc.application.figures import vars_, watts
from ppc.core.orchestrator import Orchestrator
from ppc.core.poi_loop import PoiLoopSettings
from ppc.datamodel.observation import Orders, Poi, SystemObs, Unit
from ppc.datamodel.rating import ConnectionPoint, EquipmentType, UnitRating
from ppc.metier import FUNCTIONS

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


def bess(name, soc_pu=0.5):
    rating = UnitRating(name, EquipmentType.BESS, 2.2e6, 2e6, -2e6, 2.2e6, 4e6)
    return Unit(rating, 0.0, 0.0, 2e6, -2e6, soc_pu, 2.0)


def pv(name):
    rating = UnitRating(name, EquipmentType.PV, 1.65e6, 1.5e6, 0.0, 1.65e6)
    return Unit(rating, 1e6, 0.0, 1e6, None, None, 2.0)


OBS = SystemObs(
    time_s=0.0,
    dt_s=0.1,
    poi=Poi(20.1e3, 50.002, 2e6, 0.0),
    bess={f"b{i}": bess(f"b{i}") for i in range(8)},
    pv={"p1": pv("p1"), "p2": pv("p2")},
)


def said(*acts, obs=OBS):
    """What is said of functions that act so, one after the other."""
    functions = [Says(f"f{i}", act) for i, act in enumerate(acts, 1)]
    brain = Orchestrator(functions, PLANT, loop=LOOP, command_life_s=1.0)
    decision = brain.step(obs)
    return verdicts(obs, decision), explain(obs, decision, PLANT)


@fixture
def brain():
    """The functions of the demonstration plant, and more."""
    functions = [make(make.Settings(), PLANT) for make in FUNCTIONS.values()]
    return Orchestrator(functions, PLANT, loop=LOOP, command_life_s=1.0)


@mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0 W"),
        (-0.4, "0 W"),
        (12.34, "12.34 W"),
        (527e3, "527.0 kW"),
        (-4e5, "-400.0 kW"),
        (999.96e3, "1000 kW"),
        (6e6, "6.000 MW"),
        (123.456e6, "123.5 MW"),
    ],
)
def test_powers_have_four_digits(value, text):
    assert watts(value) == text
    assert vars_(value) == text.replace("W", "var")


@mark.parametrize(
    ("act", "says"),
    [
        (lambda e: e, ()),
        (lambda e: e.limit_p(-90e6, 90e6), ()),
        (lambda e: e.limit_p(high=6e6), ("P at most 6.000 MW (was 18.00 MW)",)),
        (lambda e: e.limit_p(low=-1e6), ("P at least -1.000 MW (was -16.00 MW)",)),
        (
            lambda e: e.limit_p(-1e6, 6e6).limit_q(-1e6),
            (
                "P at most 6.000 MW (was 18.00 MW)",
                "P at least -1.000 MW (was -16.00 MW)",
                "Q at least -1.000 Mvar (was -20.22 Mvar)",
            ),
        ),
        (
            lambda e: e.limit_q(0, 0),
            ("Q exactly 0 var (was -20.22 Mvar to 20.22 Mvar)",),
        ),
        (lambda e: e.choose_q(1.2e6), ("chose Q = 1.200 Mvar",)),
        (lambda e: e.choose_p(30e6), ("chose P = 18.00 MW, wished 30.00 MW",)),
        (lambda e: e.add_p(-4e5), ("adds -400.0 kW to P",)),
        (
            lambda e: e.add_p(-4e5).choose_p(5e6),
            (
                "adds -400.0 kW to P",
                "chose P = 4.600 MW",
                "5.000 MW of its own, -400.0 kW added",
            ),
        ),
    ],
)  # fmt: skip
def test_each_act_has_its_words(act, says):
    (verdict,), _ = said(act)
    assert verdict.says == says
    assert str(verdict) == f"f1: on, {'; '.join(says) or 'nothing'}"


def test_units_are_named_with_what_is_left_to_them():
    (verdict,), _ = said(
        lambda e: e.limit_unit_p("b2", high=0).limit_unit_p("b1", 0, 0)
    )
    assert verdict.says[:2] == ("b2 at most 0 W", "b1 exactly 0 W")
    assert verdict.says[2] == "P at most 14.00 MW (was 18.00 MW)"
    (verdict,), _ = said(lambda e: e.without("p1"))
    assert verdict.says[0] == "takes p1 out of service"
    # what it still gives while it goes down comes on top of the others
    assert verdict.says[1] == "P at least -15.00 MW (was -16.00 MW)"


def test_many_units_are_counted():
    def narrow(envelope):
        for name in OBS.bess:
            envelope = envelope.limit_unit_p(name, high=1e6)
        return envelope

    (verdict, again), _ = said(narrow, narrow)
    assert verdict.says[0] == "b0, b1, b2, b3, b4 and 3 more at most 1.000 MW"
    assert again.says == ()


def test_a_later_function_is_judged_by_what_it_was_given():
    (first, second, third), _ = said(
        lambda e: e.limit_p(high=6e6),
        lambda e: e.limit_p(high=7e6),
        lambda e: e.limit_p(high=5e6),
    )
    assert first.says == ("P at most 6.000 MW (was 18.00 MW)",)
    assert second.says == ()
    assert third.says == ("P at most 5.000 MW (was 6.000 MW)",)


def test_who_is_in_the_way_of_whom():
    obs = replace(OBS, orders=Orders(p_set_w=7.5e6, p_limit_max_w=6e6))
    acts = (lambda e: e.limit_p(high=6e6), lambda e: e.choose_p(7.5e6))
    _, words = said(*acts, obs=obs)
    assert words.limits == (
        "P: f1 keeps it at 6.000 MW, ordered by SCADA",
        "P: f2 wished 7.500 MW, ordered by SCADA",
        "Q: nothing limits it",
        "Q: nobody chose it: none",
    )
    assert words.aim[0] == "P = 6.000 MW, Q = 0 var at the connection point"
    obs = replace(OBS, orders=Orders(p_set_w=8e6, p_limit_max_w=7e6))
    _, words = said(*acts, obs=obs)  # a ramp that is not there yet
    assert words.limits[0] == "P: f1 keeps it at 6.000 MW"
    assert words.limits[1] == "P: f2 wished 7.500 MW; SCADA ordered 8.000 MW"
    _, words = said(*acts)  # no order is in force: it is their own idea
    assert "SCADA" not in " ".join(words.limits)


def test_each_order_names_its_source():
    asked_by = {"p_set_w": "marketer", "p_limit_max_w": "operator"}
    orders = Orders(p_set_w=7.5e6, p_limit_max_w=6e6, q_set_var=1e6)
    obs = replace(OBS, orders=orders, asked_by=asked_by)
    acts = (lambda e: e.limit_p(high=6e6), lambda e: e.choose_p(7.5e6).choose_q(5e5))
    _, words = said(*acts, obs=obs)
    assert words.ordered == (
        *("P = 7.500 MW, by marketer", "Q = 1.000 Mvar"),
        "P at most 6.000 MW, by operator",
    )
    assert words.limits == (
        "P: f1 keeps it at 6.000 MW, ordered by operator",
        "P: f2 wished 7.500 MW, ordered by marketer",
        "Q: nothing limits it",
        "Q: f2 wished 500.0 kvar; SCADA ordered 1.000 Mvar",
    )


def test_an_order_that_something_rides_on_is_still_known_as_one():
    obs = replace(OBS, orders=Orders(p_set_w=5e6, p_limit_max_w=4e6))
    _, words = said(
        lambda e: e.add_p(-4e5).limit_p(high=4e6), lambda e: e.choose_p(5e6), obs=obs
    )
    assert words.limits[0] == "P: f1 keeps it at 3.600 MW, ordered by SCADA"
    assert words.limits[1] == "P: f2 wished 5.000 MW, ordered by SCADA"


def test_what_the_units_cannot_do_is_said():
    _, words = said(lambda e: e.choose_p(30e6).choose_q(30e6))
    assert words.limits[0] == "P: the units that serve can do no more than 18.00 MW"
    short = next(line for line in words.limits if "miss" in line)
    assert short.startswith("Q: the units miss what is asked of them by ")


def test_when_nobody_chooses_it_says_what_happens_then():
    _, words = said()
    assert words.limits[1] == "P: nobody chose it: all PV there is, batteries idle"
    assert words.verdicts == ()


def test_what_is_seen_and_ordered():
    orders = Orders(
        p_set_w=3e6, v_set_pu=1.01, p_limit_max_w=float("inf"), enable_code=0.0,
        q_mode_code=2.0, run_back_code=1.0,
    )  # fmt: skip
    _, words = said(obs=replace(OBS, orders=orders))
    assert words.measured == (
        *("P = 2.000 MW", "Q = 0 var"),
        *("U = 20.100 kV (1.0050 pu)", "f = 50.002 Hz"),
    )
    assert words.ordered == (
        *("P = 3.000 MW", "U = 1.0100 pu", "P not limited, at most"),
        *("blocked: P and Q to 0", "Q by volt_var", "run_back_code = 1"),
    )
    _, words = said(obs=replace(OBS, poi=Poi()))
    assert words.measured == tuple(f"{name} not known" for name in ("P", "Q", "U", "f"))
    assert words.ordered == ()


def test_all_functions_together_have_a_word_each(brain):
    units = {**OBS.bess, "b0": bess("b0", soc_pu=0.01)}
    obs = replace(
        OBS,
        bess=units,
        poi=Poi(20.1e3, 50.5, 6e6, 0.0),
        orders=Orders(p_set_w=5e6, p_limit_max_w=4e6),
    )
    well = replace(obs, time_s=-0.1, poi=obs.poi._replace(f_hz=50.0))
    brain.step(well)  # a start at 50.5 Hz would wait
    for i in range(40):
        decision = brain.step(replace(obs, time_s=0.1 * i))
    told = {v.function: v for v in verdicts(obs, decision)}
    assert list(told) == list(FUNCTIONS)
    assert told["enter_service"].mode == "in_service"
    assert told["equipment_watchdog"].says == ()
    assert told["state_of_charge"].says[0] == "b0 at most 0 W"
    lfsm = told["limited_frequency_sensitive_mode"]
    assert (lfsm.mode, lfsm.says[0][:6]) == ("over", "adds -")
    assert "P at most" in told["power_limit"].says[0]
    assert told["volt_var"].says[0].startswith("chose Q = ")
