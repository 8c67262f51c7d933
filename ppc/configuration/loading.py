"""From files to a configuration that is known to be sound, or to all that is not."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from ppc.adapter.northbound import NorthboundMap
from ppc.adapter.profile import DeviceProfile
from ppc.communication.driver import DRIVERS
from ppc.configuration.crossing import crossings
from ppc.configuration.findings import (
    ConfigurationError,
    Finding,
    build,
    explain,
    read_yaml,
)
from ppc.configuration.plant import PlantConfig
from ppc.configuration.ratings import unit_ratings
from ppc.datamodel.rating import ConnectionPoint, UnitRating
from ppc.metier import FUNCTIONS

ModelT = TypeVar("ModelT", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Configuration:
    """Everything the files say, checked. `functions`: name and settings, in order."""

    path: Path
    plant: PlantConfig
    profiles: Mapping[str, DeviceProfile]
    northbound: NorthboundMap
    functions: tuple[tuple[str, Any], ...]

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


def load(path: Path) -> Configuration:
    """Read plant.yaml and all it names: profiles/ and northbound/ beside it.

    Raises ConfigurationError with every finding of all files.
    """
    findings: list[Finding] = []
    plant = _model(PlantConfig, path, findings)
    if plant is None:
        raise ConfigurationError(findings)
    names = sorted({device.profile for device in plant.devices.values()})
    profiles = {
        name: profile
        for name in names
        if (profile := _named(DeviceProfile, path, "profiles", name, findings))
    }
    northbound = _named(NorthboundMap, path, "northbound", plant.scada.map, findings)
    functions = tuple(_functions(plant, str(path), findings))
    findings += _drivers(plant, str(path))
    findings += crossings(plant, profiles, str(path))
    if findings or northbound is None:
        raise ConfigurationError(findings)
    return Configuration(path, plant, profiles, northbound, functions)


def _model(kind: type[ModelT], path: Path, findings: list[Finding]) -> ModelT | None:
    try:
        return kind.model_validate(read_yaml(path))
    except ConfigurationError as error:
        findings += error.findings
    except ValidationError as error:
        findings += explain(error, str(path))
    return None


def _named(
    kind: type[ModelT], plant: Path, folder: str, name: str, findings: list[Finding]
) -> ModelT | None:
    path = plant.parent / folder / f"{name}.yaml"
    if path.exists():
        return _model(kind, path, findings)
    known = ", ".join(sorted(p.stem for p in path.parent.glob("*.yaml"))) or "none"
    findings.append(Finding(str(path), "", f"there is no such file; there is {known}"))
    return None


def _functions(
    plant: PlantConfig, file: str, findings: list[Finding]
) -> Iterator[tuple[str, Any]]:
    """Name and settings of each control function that can be built."""
    for i, entry in enumerate(plant.functions):
        if len(entry) != 1:
            reason = "write one function per entry: `- name: {settings}`"
            findings.append(Finding(file, f"functions.{i}", reason))
            continue
        ((name, options),) = entry.items()
        place = f"functions.{i}.{name}"
        if name not in FUNCTIONS:
            reason = f"there is no such function; there is {', '.join(FUNCTIONS)}"
            findings.append(Finding(file, place, reason))
            continue
        settings = FUNCTIONS[name].Settings
        built = _tried(partial(build, settings, options or {}), file, place)
        if isinstance(built, list):
            findings += built
        else:
            yield name, built


def _drivers(plant: PlantConfig, file: str) -> Iterator[Finding]:
    for name, device in plant.devices.items():
        place = f"devices.{name}.connection"
        driver = device.connection.driver
        if driver not in DRIVERS:
            reason = f"there is no driver {driver!r}; there is {', '.join(DRIVERS)}"
            yield Finding(file, f"{place}.driver", reason)
            continue
        kind, options = DRIVERS[driver].Settings, device.connection.settings
        built = _tried(partial(build, kind, options), file, place)
        if isinstance(built, list):
            yield from built


def _tried(make: Callable[[], Any], file: str, place: str) -> Any:  # noqa: ANN401
    """What `make` makes, or the list of findings that says why it cannot."""
    try:
        return make()
    except ValidationError as error:
        return list(explain(error, file, place))
    except ValueError as error:
        return [Finding(file, place, str(error))]
