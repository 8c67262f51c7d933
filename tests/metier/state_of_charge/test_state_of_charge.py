from ppc.datamodel.envelope import Envelope, Interval
from ppc.datamodel.observation import SystemObs, Unit
from ppc.datamodel.rating import ConnectionPoint, EquipmentType, UnitRating
from ppc.metier.state_of_charge.state_of_charge import StateOfCharge

PLANT = ConnectionPoint(
    v_nominal_v=20e3, f_nominal_hz=50.0, p_max_w=10e6, p_min_w=-5e6, q_max_var=3.3e6
)
RATING = UnitRating("bess1", EquipmentType.BESS, 2e6, 2e6, -2e6, 2e6, 4e6)


def seen(soc_pu: float | None, time_s: float = 0.0) -> SystemObs:
    bess = {"bess1": Unit(RATING, soc_pu=soc_pu)}
    return SystemObs(time_s=time_s, dt_s=0.1, bess=bess)


def test_what_others_allowed_a_battery_is_narrowed_not_replaced():
    control = StateOfCharge(StateOfCharge.Settings(), PLANT)
    before = Envelope().limit_unit_p("bess1", -0.5e6, 0.5e6).limit_unit_p("pv1", 0, 1)
    granted = control.step(seen(0.0), before)
    assert granted.unit_p_w == {
        "bess1": Interval(-0.5e6, 0.0),
        "pv1": Interval(0, 1),
    }


def test_a_battery_out_of_service_is_neither_limited_nor_blind():
    control = StateOfCharge(StateOfCharge.Settings(), PLANT)
    envelope = Envelope().without("bess1")
    assert control.step(seen(None), envelope) is envelope
    assert control.mode == "normal"


def test_its_state_of_charge_ages_while_it_is_out_of_service():
    control = StateOfCharge(StateOfCharge.Settings(hold_s=60.0), PLANT)
    control.step(seen(0.5), Envelope())
    control.step(seen(None, 50.0), Envelope().without("bess1"))
    control.step(seen(None, 61.0), Envelope())
    assert control.mode == "blind"
