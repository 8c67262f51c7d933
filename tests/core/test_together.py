"""Control functions together: what one of them does to the state of another."""

from dataclasses import replace

from pytest import approx, mark

from ppc.core.orchestrator import Orchestrator
from ppc.core.poi_loop import PoiLoopSettings
from ppc.datamodel.observation import Orders, Poi, SystemObs, Unit
from ppc.datamodel.rating import ConnectionPoint, EquipmentType, UnitRating
from ppc.metier import FUNCTIONS

PLANT = ConnectionPoint(
    v_nominal_v=20e3, f_nominal_hz=50.0, p_max_w=10e6, p_min_w=-6e6, q_max_var=3.3e6
)
LOOP = PoiLoopSettings(trim_max_w=3e6, trim_max_var=1e6, v_freeze_v=17e3)
DT_S = 0.1
BESS = UnitRating("bess", EquipmentType.BESS, 6.6e6, 6e6, -6e6, 6.6e6, 8e6)
PV = UnitRating("pv", EquipmentType.PV, 11e6, 10e6, 0.0, 11e6)
TWO_MW = Orders(p_set_w=2e6)


class Plant:
    """Units that do at once what they are told, and functions with their settings."""

    def __init__(self, *, soc_pu=0.5, bess=True, **functions):
        built = [FUNCTIONS[n](FUNCTIONS[n].Settings(**o), PLANT)
                 for n, o in functions.items()]  # fmt: skip
        self.brain = Orchestrator(built, PLANT, loop=LOOP, command_life_s=1.0)
        self.units = [Unit(PV, 6e6, 0.0, 6e6, None, None, 2.0)]
        if bess:
            self.units.append(Unit(BESS, 0.0, 0.0, 6e6, -6e6, soc_pu, 2.0))
        self.time_s = 0.0

    def run(self, for_s, orders=None, *, f_hz=50.0, v_pu=1.0, feeds=1.0, meter=True):
        """The power aimed at in the end; `feeds` is the part that arrives in a dip."""
        for _ in range(round(for_s / DT_S)):
            self.time_s += DT_S
            fed = [u._replace(p_w=feeds * u.p_w) for u in self.units]
            poi = Poi(v_pu * 20e3, f_hz, sum(u.p_w for u in fed), 0.0)
            obs = SystemObs(
                time_s=self.time_s,
                dt_s=DT_S,
                wall_s=1.8e9 + self.time_s,
                poi=poi if meter else Poi(fresh=False),
                bess={u.name: u for u in fed if u.rating is BESS},
                pv={u.name: u for u in fed if u.rating is PV},
                orders=orders or Orders(),
            )
            decision = self.decision = self.brain.step(obs)
            told = {c.device: c.p_set_w for c in decision.commands}
            self.units = [u._replace(p_w=told[u.name]) for u in self.units]
        return decision.p_w


def test_a_frequency_answer_without_room_leaves_no_ramp_behind():
    """All the sun there is was fed before, and is fed at once afterwards."""
    plant = Plant(bess=False, frequency_sensitive_mode={}, ramp_rate_limit={})
    assert plant.run(5.0) == approx(6e6)
    assert plant.run(3.0, f_hz=49.9) == approx(6e6)
    assert plant.run(0.1) == approx(6e6)


def test_a_held_base_leaves_the_frequency_sensitive_mode_its_answer():
    plant = Plant(
        limited_frequency_sensitive_mode={"base_hold_hz": 0.04},
        frequency_sensitive_mode={"reserve_pu": 0.1},
        set_point_tracking={},
    )
    plant.run(10.0, TWO_MW)
    assert plant.run(1.0, replace(TWO_MW, p_set_w=5e6), f_hz=49.9) == approx(2.5e6)
    assert plant.decision.p_limited_by == "limited_frequency_sensitive_mode"
    assert plant.run(5.0, TWO_MW) == approx(2e6)


def test_a_held_base_does_not_count_a_reserve_twice():
    """The frequency comes back and falls again while the reserve still stays."""
    plant = Plant(
        fast_frequency_reserve={"reserve_pu": 0.1},
        limited_frequency_sensitive_mode={"base_hold_hz": 0.1},
        set_point_tracking={},
    )
    plant.run(10.0, TWO_MW)
    plant.run(1.0, TWO_MW, f_hz=49.65)
    assert plant.run(1.0, TWO_MW) == approx(3e6, rel=0.01)
    assert plant.run(1.0, TWO_MW, f_hz=49.85) == approx(3e6, rel=0.01)
    assert plant.run(20.0, TWO_MW, f_hz=49.85) == approx(2e6, rel=0.01)


def test_a_base_is_not_held_at_a_power_that_was_never_seen():
    plant = Plant(
        limited_frequency_sensitive_mode={"base_hold_hz": 0.04}, set_point_tracking={}
    )
    began_w = plant.run(0.5, TWO_MW, meter=False)
    assert began_w > 0.0
    assert plant.run(5.0, TWO_MW, f_hz=49.95) == approx(began_w)


@mark.parametrize(
    ("name", "settings"),
    [
        ("pv_smoothing", {}),
        ("schedule", {"every_day_w": ((0.0, 5e6),)}),
        ("capacity_firming", {"plan_w": ((0.0, 5e6), (24.0, 5e6))}),
        ("self_consumption", {"exchange_w": 5e6}),
        ("set_point_tracking", {"p_default_w": 5e6}),
    ],
)
def test_after_a_dip_the_plant_goes_on_from_before_it(name, settings):
    """What the units still feed while they recover is no power to begin from."""
    plant = Plant(disturbance_freeze={}, **{name: settings})
    before_w = plant.run(100.0)
    assert plant.run(0.3, v_pu=0.3, feeds=0.2) == approx(before_w)
    assert plant.run(0.3, feeds=0.2) == approx(before_w, rel=0.02)
    assert plant.run(1.0) == approx(before_w, rel=0.02)


def test_a_frequency_answer_that_ends_in_a_dip_is_not_kept_as_a_set_point():
    plant = Plant(
        disturbance_freeze={}, frequency_sensitive_mode={}, set_point_tracking={}
    )
    plant.run(10.0, TWO_MW)
    answered_w = plant.run(1.0, TWO_MW, f_hz=49.8)
    assert answered_w == approx(3e6)
    assert plant.run(0.3, TWO_MW, v_pu=0.3) == approx(answered_w)
    plant.run(0.1, TWO_MW)
    assert plant.run(0.2, TWO_MW) == approx(2e6)


def test_short_term_answers_use_all_of_the_connection():
    """The plant charges all it may; the reserve is given, then taken back."""
    plant = Plant(
        soc_pu=0.06,
        frequency_sensitive_mode={"reserve_pu": 0.2},
        energy_management={"reserve_pu": 0.2, "short_term": True},
        set_point_tracking={},
    )
    charge = Orders(p_set_w=-6e6)
    assert plant.run(30.0, charge) == approx(-6e6)
    assert plant.run(1.0, charge, f_hz=49.8) == approx(-4e6, rel=0.01)
    assert plant.run(249.0, charge, f_hz=49.8) < -5.5e6


def test_a_lost_order_is_followed_as_long_as_it_counts_before_batteries_are_charged():
    plant = Plant(
        peak_shaving={"peak_w": 4e6, "recharge_w": 2e6, "order_hold_s": 10.0},
        set_point_tracking={"hold_s": 10.0},
    )
    plant.run(10.0, TWO_MW)
    assert plant.run(9.5) == approx(2e6)
    assert plant.run(10.0) < 0.0


def test_a_reserve_there_was_no_room_for_is_not_taken_back():
    plant = Plant(bess=False, fast_frequency_reserve={"recover_pu": 0.25})
    plant.run(1.0)
    assert plant.run(12.0, f_hz=49.65) == approx(6e6)
    for _ in range(8):
        assert plant.run(5.0) == approx(6e6)


@mark.parametrize(
    ("fall_back", "for_s", "in_the_end_var"),
    [
        ({"hold_s": 5.0}, 4.8, 0.825e6),
        ({"hold_s": 5.0, "q_default_var": -2e6}, 4.8, -2e6),
        ({"fallback": "hold"}, 60.0, -1e6),
        ({"hold_s": 0.0}, 0.0, 0.825e6),
    ],
)
def test_an_expired_q_is_held_before_a_law_of_q_takes_over(
    fall_back, for_s, in_the_end_var
):
    """In the order of `FUNCTIONS`. The voltage asks for a quarter of all Q."""
    given = {"voltage_support": {"scr_pu": 1000.0}, "set_point_tracking": fall_back}
    plant = Plant(**{name: given[name] for name in FUNCTIONS if name in given})
    plant.run(10.0, Orders(q_set_var=-1e6), v_pu=0.99)
    for _ in range(round(for_s / DT_S)):
        plant.run(DT_S, v_pu=0.99)
        assert plant.decision.q_var == approx(-1e6)
    plant.run(20.0, v_pu=0.99)
    assert plant.decision.q_var == approx(in_the_end_var, rel=0.02)
