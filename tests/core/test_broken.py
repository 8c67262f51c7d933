"""A control function that breaks does not leave the plant worse off."""

from dataclasses import replace

from pytest import fixture, mark, raises

from ppc.core.orchestrator import FAILED, Orchestrator
from ppc.core.poi_loop import PoiLoopSettings
from ppc.datamodel.observation import Orders, Poi, SystemObs, Unit
from ppc.datamodel.rating import ConnectionPoint, EquipmentType, UnitRating
from ppc.metier import FUNCTIONS, INDISPENSABLE

PLANT = ConnectionPoint(
    v_nominal_v=20e3, f_nominal_hz=50.0, p_max_w=10e6, p_min_w=-10e6, q_max_var=3e6
)
BESS = UnitRating("b", EquipmentType.BESS, 12e6, 10e6, -10e6, 10e6, 10e6)
OBS = SystemObs(
    time_s=1.0,
    dt_s=0.1,
    poi=Poi(20e3, 50.0, 0.0, 0.0),
    bess={"b": Unit(BESS, 0.0, 0.0, 10e6, -10e6, 0.5, 2.0)},
    orders=Orders(p_set_w=6e6, p_limit_max_w=2e6),
)


class Breaks:
    """Stands in for one function of the list, and raises."""

    Settings = None
    mode = "on"

    def __init__(self, name):
        self.name = name

    def step(self, obs, envelope):  # noqa: ARG002
        raise ZeroDivisionError("a bug")


@fixture
def brain(request):
    functions = [
        Breaks(name) if name == request.param else kind(kind.Settings(), PLANT)
        for name, kind in FUNCTIONS.items()
    ]
    loop = PoiLoopSettings(trim_max_w=3e6, trim_max_var=1e6)
    return Orchestrator(functions, PLANT, loop=loop, command_life_s=1.0)


@mark.parametrize("brain", sorted(FUNCTIONS.keys() - INDISPENSABLE), indirect=True)
def test_one_that_can_be_spared_is_passed_over_and_limits_hold(brain):
    for i in range(100):
        decision = brain.step(replace(OBS, time_s=0.1 * i))
    ((name, error),) = decision.broken.items()
    assert error == "ZeroDivisionError: a bug"
    assert decision.modes[name] == FAILED
    assert decision.p_w <= 2e6


@mark.parametrize("brain", sorted(INDISPENSABLE), indirect=True)
def test_one_that_cannot_takes_the_step_with_it(brain):
    with raises(ZeroDivisionError):
        brain.step(OBS)


def test_all_that_is_indispensable_exists():
    assert FUNCTIONS.keys() > INDISPENSABLE
