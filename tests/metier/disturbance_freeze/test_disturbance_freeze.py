"""Without anything to hold, and settings that contradict each other."""

from pytest import raises

from ppc.datamodel.envelope import Envelope
from ppc.datamodel.observation import Aim, Poi, SystemObs
from ppc.datamodel.rating import ConnectionPoint
from ppc.metier.disturbance_freeze.disturbance_freeze import DisturbanceFreeze

PLANT = ConnectionPoint(
    v_nominal_v=20e3, f_nominal_hz=50.0, p_max_w=10e6, p_min_w=-10e6, q_max_var=3e6
)


def in_a_dip(aim: Aim | None, **settings: object) -> Envelope:
    function = DisturbanceFreeze(DisturbanceFreeze.Settings(**settings), PLANT)
    obs = SystemObs(time_s=1.0, dt_s=0.1, poi=Poi(v_v=10e3), aim=aim)
    return function.step(obs, Envelope())


def test_a_plant_that_starts_in_a_dip_has_nothing_to_hold():
    assert in_a_dip(None) == Envelope()


def test_what_was_aimed_at_is_held_from_the_first_cycle_of_a_dip():
    assert in_a_dip(Aim(1e6, 0.0)).p_w.low == 1e6


def test_it_cannot_end_below_where_it_begins():
    with raises(ValueError, match=r"^v_return_pu 0.8 is below"):
        DisturbanceFreeze.Settings(v_return_pu=0.8)
