"""What is wrong between the entries, each of which is right by itself."""

from collections.abc import Iterator, Mapping

from ppc.adapter.profile import DeviceProfile
from ppc.configuration.findings import Finding
from ppc.configuration.plant import DeviceSection, PlantConfig
from ppc.datamodel.rating import EquipmentType


def crossings(
    plant: PlantConfig, profiles: Mapping[str, DeviceProfile], file: str
) -> Iterator[Finding]:
    """Findings that concern more than one entry of plant.yaml."""
    yield from (Finding(file, path, reason) for path, reason in _parts(plant, profiles))
    yield from (Finding(file, path, reason) for path, reason in _places(plant))
    for name, device in plant.devices.items():
        if profile := profiles.get(device.profile):
            for entry, reason in _ratings(device, profile.type):
                yield Finding(file, f"devices.{name}.{entry}", reason)
    control = plant.control
    if control.command_life_s < control.period_s:
        reason = f"must not be shorter than period_s ({control.period_s:g})"
        yield Finding(file, "control.command_life_s", reason)
    for name in set(plant.simulation.units if plant.simulation else ()):
        if name not in plant.devices:
            yield Finding(file, f"simulation.units.{name}", "there is no such device")


def _parts(
    plant: PlantConfig, profiles: Mapping[str, DeviceProfile]
) -> Iterator[tuple[str, str]]:
    types = {
        name: profiles[device.profile].type
        for name, device in plant.devices.items()
        if device.profile in profiles
    }
    if len(types) < len(plant.devices):
        return  # a missing profile has been told
    meters = [name for name, kind in types.items() if kind is EquipmentType.POI]
    if len(meters) != 1:
        found = ", ".join(meters) or "none"
        yield "devices", f"one POI meter is needed; there is {found}"
    if len(meters) == len(types):
        yield "devices", "there is no unit to control"


def _ratings(device: DeviceSection, kind: EquipmentType) -> Iterator[tuple[str, str]]:
    if kind is EquipmentType.POI:
        return
    if device.s_max_va is None:
        yield "s_max_va", "is missing: a unit needs its apparent power"
    elif device.p_max_w is not None and device.p_max_w > device.s_max_va:
        yield "p_max_w", f"must not be above s_max_va ({device.s_max_va:g})"
    if kind is EquipmentType.BESS and device.e_max_wh is None:
        yield "e_max_wh", "is missing: a battery needs its usable energy"


def _places(plant: PlantConfig) -> Iterator[tuple[str, str]]:
    """Two that claim one address."""
    taken: dict[tuple[object, ...], str] = {}
    for name, device in plant.devices.items():
        settings = device.connection.settings
        where = (settings.get("host"), settings.get("port"), settings.get("device"))
        first = taken.setdefault((*where, device.station), name)
        if first != name:
            yield f"devices.{name}.station", f"{first} is at the same address"
        if plant.simulation and settings.get("port") == plant.scada.port:
            yield "scada.port", f"{plant.scada.port} is the simulated {name}'s"
