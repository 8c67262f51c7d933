from pytest import approx

from ppc.datamodel.envelope import Envelope, Interval
from ppc.datamodel.observation import Poi, SystemObs, Unit
from ppc.datamodel.rating import ConnectionPoint, EquipmentType, UnitRating
from ppc.metier.self_consumption.self_consumption import SelfConsumption

PLANT = ConnectionPoint(
    v_nominal_v=20e3, f_nominal_hz=50.0, p_max_w=10e6, p_min_w=-6e6, q_max_var=3e6
)


BESS = UnitRating("b", EquipmentType.BESS, 9e6, 9e6, -9e6, 2e6, 9e6)


def after(control, cycles, envelope, *, p_w, start_s=0.0):
    """One battery, no load."""
    unit = Unit(BESS, p_w, 0.0, 9e6, -9e6, 0.5, 2.0)
    for i in range(cycles):
        obs = SystemObs(
            time_s=start_s + 0.1 * i, dt_s=0.1, poi=Poi(p_w=p_w), bess={"b": unit}
        )
        granted = control.step(obs, envelope)
    return granted


def test_a_power_chosen_before_stands_and_its_end_makes_no_bump():
    control = SelfConsumption(SelfConsumption.Settings(rate_w_per_s=1e6), PLANT)
    ordered = Envelope().choose_p(-4e6)
    assert after(control, 10, ordered, p_w=-4e6) == ordered
    assert control.mode == "idle"
    freed = after(control, 1, Envelope(), p_w=-4e6, start_s=1.0)
    assert freed.p_w.low == approx(-3.9e6)


def test_it_goes_on_from_what_was_granted():
    control = SelfConsumption(SelfConsumption.Settings(rate_w_per_s=1e6), PLANT)
    limited = Envelope(Interval(-9e6, -4e6))
    after(control, 600, limited, p_w=-4e6)
    freed = after(control, 1, Envelope(), p_w=-4e6, start_s=60.0)
    assert freed.p_w.low == approx(-3.9e6)


def test_what_rides_on_top_is_not_balanced_away():
    control = SelfConsumption(SelfConsumption.Settings(), PLANT)
    granted = after(control, 100, Envelope().add_p(1e6), p_w=1e6)
    assert granted.p_w.low == approx(1e6)
