from hypothesis import given
from hypothesis import strategies as st
from pytest import approx

from ppc.datamodel.envelope import Envelope, Interval
from ppc.datamodel.observation import Poi, SystemObs, Unit
from ppc.datamodel.rating import ConnectionPoint, EquipmentType, UnitRating
from ppc.metier.opening import Opening, shut

PLANT = ConnectionPoint(
    v_nominal_v=20e3, f_nominal_hz=50.0, p_max_w=10e6, p_min_w=-5e6, q_max_var=4e6
)
PV = UnitRating("pv1", EquipmentType.PV, 8e6, 8e6, 0.0, 4e6)
OBS = SystemObs(time_s=0.0, dt_s=0.1, pv={"pv1": Unit(PV)})


@given(p_w=st.floats(-5e6, 10e6), q_var=st.floats(-4e6, 4e6))
def test_what_is_in_use_is_not_cut(p_w: float, q_var: float):
    opening = Opening(PLANT)
    opening.follow(Poi(p_w=p_w, q_var=q_var))
    left = opening.limit(Envelope(), OBS, rising=False)
    assert left.p_w.clamp(p_w) == approx(p_w)
    assert left.q_var.clamp(q_var) == approx(q_var)


def test_what_is_not_measured_is_taken_for_used():
    opening = Opening(PLANT)
    opening.follow(Poi(p_w=None, q_var=0.0))
    assert opening.part_pu == 1.0


def test_closing_follows_but_never_opens():
    opening = Opening(PLANT)
    opening.part_pu = 0.2
    opening.follow(Poi(p_w=5e6, q_var=0.0))
    assert opening.part_pu == 0.2


def test_the_whole_way_takes_its_time():
    opening = Opening(PLANT)
    opening.move(0.0, over_s=10.0, dt_s=1.0)
    assert opening.part_pu == approx(0.9)
    opening.move(0.0, over_s=0.0, dt_s=1.0)
    assert opening.part_pu == 0.0


def test_rising_limits_every_unit_and_leaves_q():
    opening = Opening(PLANT)
    opening.part_pu = 0.5
    left = opening.limit(Envelope(), OBS, rising=True)
    assert left.p_w == Interval(-2.5e6, 5e6)
    assert left.unit_p_w == {"pv1": Interval(0.0, 4e6)}
    assert left.q_var == Envelope().q_var


def test_nothing_rides_on_a_limit():
    opening = Opening(PLANT)
    opening.part_pu = 0.5
    left = opening.limit(Envelope().add_p(3e6), OBS, rising=False)
    assert left.choose_p(20e6).p_w.high == 5e6


def test_shut_is_everything_at_nothing():
    left = shut(Envelope().add_p(3e6), OBS).choose_p(5e6).choose_q(1e6)
    assert (left.p_w, left.q_var) == (Interval(0.0, 0.0), Interval(0.0, 0.0))
    assert left.out == {"pv1"}
