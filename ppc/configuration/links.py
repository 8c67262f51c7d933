"""What the models of device ask of the connections they stand on."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from typing import Any

from ppc.adapter.profile import DeviceProfile, Timing
from ppc.communication.driver import DRIVERS
from ppc.configuration.plant import ConnectionSection, PlantConfig

_ASKED = tuple(name for name in Timing.model_fields if name.endswith("_s"))


def link_defaults(
    plant: PlantConfig, profiles: Mapping[str, DeviceProfile]
) -> dict[str, dict[str, float]]:
    """Settings of each connection, by its key, where plant.yaml says nothing else."""
    behind: dict[str, list[Timing]] = {}
    drivers: dict[str, str] = {}
    for device in plant.devices.values():
        key = device.connection.key
        drivers[key] = device.connection.driver
        behind.setdefault(key, []).append(profiles[device.variant].timing)
    return {key: _strictest(drivers[key], asked) for key, asked in behind.items()}


def with_defaults(
    section: ConnectionSection, defaults: Mapping[str, Any]
) -> dict[str, Any]:
    """The settings of plant.yaml, and those of `defaults` that its driver knows."""
    known = {field.name for field in fields(DRIVERS[section.driver].Settings)}
    own = {name: value for name, value in defaults.items() if name in known}
    return own | section.settings


def _strictest(driver: str, asked: Iterable[Timing]) -> dict[str, float]:
    """The longest of each time; who asks nothing is content with the driver's own."""
    usual = {field.name: field.default for field in fields(DRIVERS[driver].Settings)}
    found: dict[str, float] = {}
    for timing in (asked := list(asked)):
        for name in _ASKED:
            if getattr(timing, name) is not None:
                given = (getattr(each, name) for each in asked)
                times = (usual.get(name) if t is None else t for t in given)
                found[name] = max(t for t in times if isinstance(t, int | float))
    return found


def crowded(plant: PlantConfig, profiles: Mapping[str, DeviceProfile]) -> Iterator[str]:
    """Devices that serve fewer connections than they are given."""
    keys: dict[tuple[str, object], set[str]] = {}
    least: dict[tuple[str, object], tuple[int, str]] = {}
    for name, device in plant.devices.items():
        settings = device.connection.settings
        most = profiles[device.variant].timing.connections_max
        where = (str(settings.get("host")), settings.get("port"))
        if "host" in settings:
            keys.setdefault(where, set()).add(device.connection.key)
            if most is not None:
                least[where] = min((most, name), least.get(where, (most, name)))
    for where, (most, name) in least.items():
        if len(keys[where]) > most:
            yield (
                f"{name} serves {most} connections at a time and is given "
                f"{len(keys[where])}: write equal connections, they share one"
            )
