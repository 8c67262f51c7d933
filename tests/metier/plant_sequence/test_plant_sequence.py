from hypothesis import given
from hypothesis import strategies as st
from pytest import approx

from ppc.datamodel.envelope import Envelope, Interval
from ppc.datamodel.observation import Orders, Poi, SystemObs, Unit
from ppc.datamodel.rating import ConnectionPoint, EquipmentType, UnitRating
from ppc.metier.plant_sequence.plant_sequence import PlantSequence

PLANT = ConnectionPoint(
    v_nominal_v=20e3, f_nominal_hz=50.0, p_max_w=10e6, p_min_w=-5e6, q_max_var=3.3e6
)
PV = UnitRating("pv1", EquipmentType.PV, 10e6, 10e6, 0.0, 5e6)
UNITS = {"pv1": Unit(PV, 6e6, 0.0, 8e6)}


def seen(time_s: float, p_w: float | None = None, **orders: float) -> SystemObs:
    return SystemObs(
        time_s=time_s,
        dt_s=0.1,
        poi=Poi(p_w=p_w, q_var=0.0),
        pv=UNITS,
        orders=Orders(**orders),
    )


def test_a_reset_also_starts_the_plant_if_it_is_set_so():
    control = PlantSequence(PlantSequence.Settings(start_after_reset=True), PLANT)
    control.step(seen(0.1, enable_code=1, emergency_stop_code=1), Envelope())
    control.step(seen(0.2, enable_code=1, reset_code=0), Envelope())
    control.step(seen(0.3, enable_code=1, reset_code=1), Envelope())
    assert control.mode == "stopped"
    control.step(seen(0.4, enable_code=1, reset_code=1), Envelope())
    assert control.mode == "starting"


def test_it_stops_without_a_measurement_too():
    control = PlantSequence(PlantSequence.Settings(stop_s=10.0), PLANT)
    high_w = [
        control.step(seen(n / 10, enable_code=0), Envelope()).p_w.high
        for n in range(1, 102)
    ]
    assert high_w[49] == approx(5e6)
    assert high_w[-1] == 0.0


@given(p_w=st.floats(-5e6, 10e6))
def test_a_stop_does_not_jump(p_w: float):
    control = PlantSequence(PlantSequence.Settings(stop_s=10.0), PLANT)
    last_w = p_w
    for n in range(1, 102):
        left = control.step(seen(n / 10, p_w, enable_code=0), Envelope())
        now_w = left.p_w.clamp(p_w)
        assert abs(now_w - last_w) <= 0.1e6 + 1.0
        last_w = now_w
    assert last_w == approx(0.0, abs=1e-6)


def test_an_emergency_stop_leaves_nothing_to_ride_on():
    control = PlantSequence(PlantSequence.Settings(), PLANT)
    left = control.step(seen(0.1, emergency_stop_code=1), Envelope().add_p(2e6))
    assert left.choose_p(5e6).p_w == Interval(0.0, 0.0)
    assert left.out == {"pv1"}


def test_units_that_others_took_out_do_not_serve():
    control = PlantSequence(PlantSequence.Settings(interlock_s=0.0), PLANT)
    control.step(seen(0.1), Envelope().without("pv1"))
    assert control.mode == "stopped"
