"""Whom the function blames, and whom it does not."""

from pytest import mark

from ppc.datamodel.observation import Setpoint, Unit
from ppc.datamodel.rating import EquipmentType, UnitRating
from ppc.metier.unit_compliance.policy import UnitComplianceSettings, obeys

BESS = UnitRating("b", EquipmentType.BESS, 2e6, 2e6, -2e6, 2e6, 4e6)
PV = UnitRating("p", EquipmentType.PV, 2e6, 2e6, 0.0, 2e6)


@mark.parametrize(
    ("unit", "asked", "good"),
    [
        (Unit(BESS, 1e6, 0.0, 2e6, -2e6), Setpoint(1e6, 0.0), True),
        (Unit(BESS, -1e6, 0.0, 2e6, -2e6), Setpoint(1e6, 0.0), False),
        (Unit(BESS, 5e5, 0.0, 5e5, -2e6), Setpoint(1e6, 0.0), True),
        (Unit(BESS, None, 0.0, 2e6, -2e6), Setpoint(1e6, 0.0), True),
        (Unit(BESS, 0.0, 2e5, 2e6, -2e6), Setpoint(0.0, 1e6), True),
        (Unit(BESS, 0.0, -1e6, 2e6, -2e6), Setpoint(0.0, 1e6), False),
        (Unit(PV, 5e5, 0.0, 1.5e6), Setpoint(1.5e6, 0.0), True),
        (Unit(PV, 1.5e6, 0.0, 1.5e6), Setpoint(5e5, 0.0), False),
    ],
)
def test_who_follows(unit, asked, good):
    assert obeys(unit, asked, UnitComplianceSettings()) is good
