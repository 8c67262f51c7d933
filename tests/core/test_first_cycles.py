"""A controller that starts finds a plant that runs: it begins where that stands."""

from pytest import approx, mark

from ppc.core.orchestrator import Orchestrator
from ppc.core.poi_loop import PoiLoopSettings
from ppc.datamodel.command import Decision
from ppc.datamodel.observation import Orders, Poi, SystemObs, Unit
from ppc.datamodel.rating import ConnectionPoint, EquipmentType, UnitRating
from ppc.metier import FUNCTIONS

PLANT = ConnectionPoint(
    v_nominal_v=20e3, f_nominal_hz=50.0, p_max_w=10e6, p_min_w=-6e6, q_max_var=3.3e6
)
LOOP = PoiLoopSettings(trim_max_w=3e6, trim_max_var=1e6, v_freeze_v=17e3)
RATING = UnitRating("bess", EquipmentType.BESS, 12e6, 10e6, -6e6, 6.6e6, 8e6)
RUNS = Unit(RATING, 8e6, 2e6, 10e6, -6e6, 0.5, 2.0)
SILENT = Unit(RATING)
METER = Poi(20e3, 50.0, 8e6, 2e6)
NONE = Poi(fresh=False)
DT_S = 0.1

FROM = {
    "set_point_tracking": (
        {"p_ramp_down_w_per_s": 1e6, "q_ramp_var_per_s": 1e6},
        Orders(p_set_w=0.0, q_set_var=0.0),
    ),
    "schedule": ({"every_day_w": [[0, 0]], "rate_w_per_s": 1e6}, Orders()),
    "ramp_rate_limit": ({"p_up_w_per_s": 1e6, "p_down_w_per_s": 1e6}, Orders()),
}
"""Functions that go to 0 by 0.1 MW a cycle; the last lets the plant that rests."""


class Start:
    """A brain that has decided nothing yet."""

    def __init__(self, name: str) -> None:
        options, self.orders = FROM[name]
        function = FUNCTIONS[name](FUNCTIONS[name].Settings(**options), PLANT)
        self.brain = Orchestrator([function], PLANT, loop=LOOP, command_life_s=1.0)
        self.time_s = 0.0

    def cycle(self, unit: Unit, poi: Poi) -> Decision:
        self.time_s += DT_S
        obs = SystemObs(
            time_s=self.time_s,
            dt_s=DT_S,
            wall_s=1.8e9 + self.time_s,
            poi=poi,
            bess={"bess": unit},
            orders=self.orders,
        )
        return self.brain.step(obs)


@mark.parametrize("name", FROM)
@mark.parametrize("poi", [NONE, METER], ids=["units", "meter"])
def test_the_first_cycle_begins_at_what_flows(name: str, poi: Poi):
    decision = Start(name).cycle(RUNS, poi)
    assert decision.p_w == approx(7.9e6)


@mark.parametrize("name", FROM)
@mark.parametrize("poi", [NONE, METER], ids=["units", "meter"])
def test_while_nothing_is_known_it_waits(name: str, poi: Poi):
    start = Start(name)
    for _ in range(20):
        decision = start.cycle(SILENT, NONE)
    assert (decision.p_w, decision.trace[0].mode) == (0.0, "blind")
    assert start.cycle(RUNS, poi).p_w == approx(7.9e6)
    assert start.cycle(RUNS, poi).p_w == approx(7.8e6)


@mark.parametrize("poi", [NONE, METER], ids=["units", "meter"])
def test_so_does_reactive_power(poi: Poi):
    start = Start("set_point_tracking")
    for _ in range(20):
        start.cycle(SILENT, NONE)
    assert start.cycle(RUNS, poi).q_var == approx(1.9e6)
