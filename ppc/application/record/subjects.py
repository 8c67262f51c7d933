"""Everything that is recorded of one plant, by the part that makes the rows."""

from typing import NamedTuple

from ppc.adapter.plant_view import PlantView
from ppc.adapter.reader import Slots
from ppc.application.aggregation import Aggregation
from ppc.application.device import FieldDevice
from ppc.application.record.alarms import Alarms
from ppc.application.record.commands import Commands
from ppc.application.record.door import Record, Row
from ppc.application.record.energy_book import EnergyBook
from ppc.application.record.links import Links
from ppc.application.record.samples import PoiSampler, UnitSampler
from ppc.application.record.verdicts import Verdicts
from ppc.datamodel.rating import ConnectionPoint, EquipmentType

_TABLES = {EquipmentType.BESS: "bess", EquipmentType.PV: "pv"}


class Subjects(NamedTuple):
    """What the rows are about."""

    poi: PoiSampler
    units: dict[str, tuple[str, UnitSampler]]
    """Table and sampler, by name."""
    energy: EnergyBook
    links: Links
    commands: Commands
    verdicts: Verdicts
    alarms: Alarms

    def unit_rows(self, view: PlantView, wall_s: float) -> dict[str, list[Row]]:
        """A sample of every unit, by table."""
        commands = {command.device: command for command in view.decision.commands}
        units = view.obs.units
        found: dict[str, list[Row]] = {}
        for name, (table, sampler) in self.units.items():
            row = sampler.row(units[name], commands.get(name), view, wall_s)
            found.setdefault(table, []).append(row)
        return found


def subjects(field: Aggregation, plant: ConnectionPoint, record: Record) -> Subjects:
    """All of a plant; energy goes on from the counters of the record."""
    meters = [field.meter, *((field.second,) if field.second else ())]
    units = {unit.name: (unit, unit.rating) for unit in field.units if unit.rating}
    return Subjects(
        poi=PoiSampler(field.meter.slots),
        units={
            name: (_TABLES[rating.type], UnitSampler(_slots(field, unit)))
            for name, (unit, rating) in units.items()
        },
        energy=EnergyBook(
            [meter.slots for meter in meters],
            {
                name: (unit.slots, rating.type is EquipmentType.PV)
                for name, (unit, rating) in units.items()
            },
            record.counted,
        ),
        links=Links(field.devices),
        commands=Commands(unit for unit, _ in units.values()),
        verdicts=Verdicts(plant),
        alarms=Alarms(),
    )


def _slots(field: Aggregation, unit: FieldDevice) -> Slots:
    """Where a unit tells its values, and its battery."""
    bms = field.batteries.get(unit.name)
    return [*unit.slots, *(bms.slots if bms else ())]
