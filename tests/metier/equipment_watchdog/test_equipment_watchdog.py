from pytest import mark

from ppc.datamodel.envelope import Envelope
from ppc.datamodel.observation import Poi, SystemObs, Unit
from ppc.datamodel.rating import ConnectionPoint, EquipmentType, UnitRating
from ppc.keys import DeviceState
from ppc.metier.equipment_watchdog.equipment_watchdog import EquipmentWatchdog

PLANT = ConnectionPoint(
    v_nominal_v=20e3, f_nominal_hz=50.0, p_max_w=10e6, p_min_w=-5e6, q_max_var=3.3e6
)
BESS = UnitRating("bess1", EquipmentType.BESS, 2e6, 2e6, -2e6, 2e6, 4e6)
PV = UnitRating("pv1", EquipmentType.PV, 2e6, 2e6, 0.0, 2e6)
WELL = {"p_w": 0.0, "p_available_w": 1e6, "p_available_min_w": -1e6}


def out(rating: UnitRating, **values: float | None) -> frozenset[str]:
    control = EquipmentWatchdog(EquipmentWatchdog.Settings(), PLANT)
    units = {rating.name: Unit(rating, **values)}
    part = "bess" if rating is BESS else "pv"
    obs = SystemObs(time_s=0.0, dt_s=0.1, poi=Poi(v_v=2e4, p_w=0.0), **{part: units})
    granted = control.step(obs, Envelope())
    assert granted.out == control.out
    return control.out


@mark.parametrize("missing", WELL)
def test_a_battery_that_keeps_one_of_its_figures_to_itself_is_out(missing: str):
    assert out(BESS, **WELL | {missing: None}) == {"bess1"}


def test_pv_need_not_tell_how_much_it_could_take():
    assert out(PV, **WELL | {"p_available_min_w": None}) == frozenset()


@mark.parametrize("state", DeviceState)
def test_what_a_unit_says_of_itself_counts(state: DeviceState):
    unable = state in (DeviceState.OFF, DeviceState.FAULT)
    assert bool(out(PV, **WELL, state_code=float(state))) is unable


def test_who_was_taken_out_by_others_stays_out_and_is_not_ours():
    control = EquipmentWatchdog(EquipmentWatchdog.Settings(), PLANT)
    obs = SystemObs(time_s=0.0, dt_s=0.1, pv={"pv1": Unit(PV, **WELL)})
    granted = control.step(obs, Envelope().without("pv1"))
    assert (granted.out, control.out) == ({"pv1"}, frozenset())


def test_a_plant_without_units_has_none_in_service():
    control = EquipmentWatchdog(EquipmentWatchdog.Settings(), PLANT)
    control.step(SystemObs(time_s=0.0, dt_s=0.1), Envelope())
    assert control.mode == "lost"
