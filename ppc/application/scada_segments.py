"""What a source's station shows: the map, the devices, and both without floats."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple

from ppc.adapter.northbound.image_segment import ImageSegment, imaged
from ppc.adapter.northbound.published import Published, gaps
from ppc.adapter.northbound.segment import Segment
from ppc.adapter.northbound.unit_map import unit_registers
from ppc.adapter.northbound.unit_segment import Duty, Facts, UnitSegment
from ppc.application.aggregation import Aggregation
from ppc.application.device_facts import facts_of
from ppc.configuration.loading import Configuration
from ppc.configuration.slots import slots

FactsOf = Callable[[str], Callable[[float], Facts]]
"""By the name of a device: what the wire tells of it at a time."""


def untold(_: str) -> Callable[[float], Facts]:
    """Nothing is known of any device."""
    return lambda _: Facts()


def registers(configuration: Configuration) -> list[Published]:
    """All that can be read, without the images: the map, then the devices."""
    northbound = configuration.northbound
    return [*northbound.published(), *_of_devices(configuration)]


def all_registers(configuration: Configuration) -> list[Published]:
    """All that can be read at each station."""
    plain, plant = registers(configuration), configuration.connection_point
    images = configuration.northbound.images
    return [*plain, *(r for image in images for r in imaged(image, plain, plant))]


def silent_runs(configuration: Configuration) -> list[tuple[int, int]]:
    """Runs of registers that read as not available."""
    if configuration.northbound.gaps == "zero":
        return []
    return list(gaps(all_registers(configuration)))


class Behind(NamedTuple):
    """What stands behind the registers besides control."""

    facts_of: FactsOf = untold


NOTHING = Behind()


def behind(field: Aggregation) -> Behind:
    """The field, and those who work beside control."""
    return Behind(facts_of=partial(facts_of, field))


class Shown:
    """All segments of one station, and which registers read as not available."""

    def __init__(
        self, configuration: Configuration, registers: Segment, behind: Behind
    ) -> None:
        """`registers`: the segment of the map, with the orders of the source."""
        northbound, plant = configuration.northbound, configuration.connection_point
        told: list[tuple[Segment, list[Published]]] = [
            (registers, northbound.published()),
            *_devices(configuration, behind.facts_of),
        ]
        images = (
            ImageSegment(image, segment, shown, plant)
            for image in northbound.images
            for segment, shown in told
        )
        self.segments = [*(segment for segment, _ in told), *images]
        self.gaps = silent_runs(configuration)


def _of_devices(configuration: Configuration) -> Iterator[Published]:
    for name, slot in _slots(configuration).items():
        yield from _of_device(configuration, name, slot)


def _slots(configuration: Configuration) -> dict[str, int]:
    units = configuration.northbound.units
    return slots(configuration.plant.devices, units.slots) if units else {}


def _of_device(configuration: Configuration, name: str, slot: int) -> list[Published]:
    northbound = configuration.northbound
    assert northbound.units is not None, "there are slots"
    return unit_registers(northbound.units, name, slot, northbound.word_order)


def _devices(
    configuration: Configuration, facts_of: FactsOf
) -> Iterator[tuple[Segment, list[Published]]]:
    northbound, duty = configuration.northbound, Duty()
    for name, slot in _slots(configuration).items():
        assert northbound.units is not None, "there are slots"
        device = configuration.plant.devices[name]
        segment = UnitSegment(
            *(northbound.units, slot, name),
            configuration.profiles[device.variant].type,
            rating=configuration.ratings.get(name),
            facts=facts_of(name),
            duty=duty,
            word_order=northbound.word_order,
        )
        yield segment, _of_device(configuration, name, slot)
