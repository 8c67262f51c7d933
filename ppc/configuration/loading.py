"""From files to a configuration that is known to be sound, or to all that is not."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ppc.adapter.northbound.register_map import NorthboundMap
from ppc.adapter.profile import DeviceProfile
from ppc.configuration.changes import Changes
from ppc.configuration.crossing import crossings
from ppc.configuration.draft import Draft
from ppc.configuration.findings import ConfigurationError
from ppc.configuration.gridcode import GridCode, Prescription
from ppc.configuration.plant import PlantConfig
from ppc.configuration.ratings import unit_ratings
from ppc.datamodel.rating import ConnectionPoint, UnitRating


@dataclass(frozen=True, slots=True)
class Configuration:
    """Everything the files say, checked.

    `functions`: name and settings, in order. `codes`: the grid code, then the products,
    by name; `prescriptions`: their figures, in that order.
    """

    path: Path
    plant: PlantConfig
    profiles: Mapping[str, DeviceProfile]
    northbound: NorthboundMap
    functions: tuple[tuple[str, Any], ...]
    codes: Mapping[str, GridCode]
    prescriptions: tuple[Prescription, ...]

    @property
    def connection_point(self) -> ConnectionPoint:
        plant = self.plant.plant
        return ConnectionPoint(
            v_nominal_v=plant.v_nominal_v,
            f_nominal_hz=plant.f_nominal_hz,
            p_max_w=plant.p_max_w,
            p_min_w=plant.p_min_w,
            q_max_var=plant.q_max_var,
        )

    @property
    def ratings(self) -> dict[str, UnitRating]:
        """Of every unit, by name of the device."""
        return unit_ratings(self.plant, self.profiles)


def load(path: Path, changes: Changes | None = None) -> Configuration:
    """Read plant.yaml and all it names: profiles/, northbound/, gridcodes/ and
    products/ beside it.

    Raises ConfigurationError with every finding of all files.
    """
    draft = Draft(path, changes or Changes())
    if draft.document.readable:
        draft.document.report(crossings(draft))
    if draft.findings or draft.plant is None or draft.northbound is None:
        raise ConfigurationError(draft.findings)
    return Configuration(
        path,
        draft.plant,
        draft.profiles,
        draft.northbound,
        draft.functions,
        draft.codes,
        draft.prescriptions,
    )
