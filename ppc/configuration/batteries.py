"""Batteries of two devices: which management belongs to which converter."""

from collections.abc import Iterator, Mapping

from ppc.configuration.draft import Draft
from ppc.configuration.findings import Fault, instead
from ppc.configuration.plant import DeviceSection
from ppc.datamodel.rating import EquipmentType
from ppc.keys import Key


def batteries(devices: Mapping[str, DeviceSection]) -> dict[str, str]:
    """The BMS of each unit that names one, by the unit's name."""
    return {n: device.battery for n, device in devices.items() if device.battery}


def pairings(draft: Draft) -> Iterator[Fault]:
    """Batteries nobody knows the charge of, and names of a BMS that lead nowhere."""
    profiles = {name: draft.profiles[d.variant] for name, d in draft.devices.items()}
    managing = [n for n, p in profiles.items() if p.type is EquipmentType.BMS]
    taken: dict[str, str] = {}
    for name, device in draft.devices.items():
        place, profile = ("devices", name, "battery"), profiles[name]
        bms = device.battery
        if bms is None:
            told = any(Key.SOC_PU in block.keys for block in profile.reads)
            if profile.type is EquipmentType.BESS and not told:
                reason = "its profile tells no state of charge: "
                yield ("devices", name), reason + "name the device that does (battery)"
        elif profile.type is not EquipmentType.BESS:
            yield place, f"only a battery has one; {device.profile} is a {profile.type}"
        elif bms not in profiles:
            yield place, f"there is no device {bms}{instead(bms, managing)}"
        elif bms not in managing:
            yield place, f"{bms} is no bms{instead(bms, managing)}"
        elif (first := taken.setdefault(bms, name)) != name:
            yield place, f"{bms} is the battery of {first} already"
    for bms in managing:
        if bms not in batteries(draft.devices).values():
            yield ("devices", bms), f"no battery names it (battery: {bms})"
