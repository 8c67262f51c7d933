"""The slot of each device on SCADA's map."""

from collections.abc import Iterator, Mapping

from ppc.adapter.northbound.unit_map import MOST_SLOTS
from ppc.configuration.findings import Fault
from ppc.configuration.plant import DeviceSection


def slots(
    devices: Mapping[str, DeviceSection], most: int = MOST_SLOTS
) -> dict[str, int]:
    """By name. Who has none gets the first that is free, in the order of plant.yaml;
    who comes after the last one is free gets none.
    """
    given = {name: device.slot for name, device in devices.items() if device.slot}
    free = iter(sorted(set(range(1, most + 1)).difference(given.values())))
    rest = (name for name in devices if name not in given)
    found = given | dict(zip(rest, free, strict=False))
    return {name: found[name] for name in devices if name in found}


def doubles(devices: Mapping[str, DeviceSection]) -> Iterator[Fault]:
    """Slots that two devices claim."""
    taken: dict[int, str] = {}
    for name, device in devices.items():
        if device.slot and (first := taken.setdefault(device.slot, name)) != name:
            yield ("devices", name, "slot"), f"is that of {first} already"


def unsure(devices: Mapping[str, DeviceSection]) -> Iterator[str]:
    """What may move on SCADA's map when a device is added."""
    without = [name for name, device in devices.items() if not device.slot]
    if 0 < len(without) < len(devices):
        yield (
            f"{', '.join(without)}: no `slot` on SCADA's map, while others have one: "
            "theirs is counted, and moves when a device before them comes or goes"
        )
