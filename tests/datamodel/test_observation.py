from dataclasses import replace

from ppc.datamodel.observation import SystemObs, Unit
from ppc.datamodel.rating import EquipmentType, UnitRating


def unit(name: str, kind: EquipmentType) -> Unit:
    return Unit(UnitRating(name, kind, 1e6, 1e6, 0.0, 1e6))


def test_units_are_batteries_then_pv_put_together_once():
    bess, pv = unit("b", EquipmentType.BESS), unit("p", EquipmentType.PV)
    obs = SystemObs(time_s=0.0, dt_s=0.1, bess={"b": bess}, pv={"p": pv})
    assert list(obs.units) == ["b", "p"]
    assert obs.units is obs.units
    assert list(replace(obs, pv={}).units) == ["b"]
