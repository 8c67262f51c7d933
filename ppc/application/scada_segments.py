"""What a source's station shows: the map, the devices, and both without floats."""

import time
from collections.abc import Callable, Collection, Iterator, Mapping
from functools import partial
from typing import Any, NamedTuple

from ppc.adapter.northbound.command_desk import CommandDesk
from ppc.adapter.northbound.command_segment import CommandSegment, command_registers
from ppc.adapter.northbound.curve_desk import Adopt, CurveDesk, nobody
from ppc.adapter.northbound.curve_segment import CurveSegment, curve_registers
from ppc.adapter.northbound.image_segment import ImageSegment, imaged
from ppc.adapter.northbound.order_lives import OrderStep
from ppc.adapter.northbound.orders import OperatorOrders
from ppc.adapter.northbound.published import Published, gaps
from ppc.adapter.northbound.segment import Segment
from ppc.adapter.northbound.sunspec_layout import Chain
from ppc.adapter.northbound.sunspec_segment import SunSpecSegment, on_the_map
from ppc.adapter.northbound.sunspec_values import COUNTS, MODELS
from ppc.adapter.northbound.unit_map import unit_registers
from ppc.adapter.northbound.unit_segment import Duty, Facts, UnitSegment
from ppc.adapter.plant_view import PlantView
from ppc.adapter.register_type import RegisterType
from ppc.application.aggregation import Aggregation
from ppc.application.device_facts import facts_of
from ppc.application.following import Following, Later
from ppc.application.record.door import Record
from ppc.configuration.loading import Configuration
from ppc.configuration.slots import slots
from ppc.keys import Key

FactsOf = Callable[[str], Callable[[float], Facts]]
"""By the name of a device: what the wire tells of it at a time."""


def untold(_: str) -> Callable[[float], Facts]:
    """Nothing is known of any device."""
    return lambda _: Facts()


def registers(configuration: Configuration) -> list[Published]:
    """All that can be read, without the images: the map, then the devices."""
    return [*_imaged(configuration), *_not_imaged(configuration)]


def _imaged(configuration: Configuration) -> list[Published]:
    return [*configuration.northbound.published(), *_of_devices(configuration)]


def _not_imaged(configuration: Configuration) -> list[Published]:
    northbound = configuration.northbound
    curves, commands = northbound.curves, northbound.commands
    return [
        *(curve_registers(curves.address, northbound.word_order) if curves else ()),
        *(command_registers(commands.address) if commands else ()),
    ]


def all_registers(configuration: Configuration) -> list[Published]:
    """All that can be read at each station."""
    plain, plant = _imaged(configuration), configuration.connection_point
    again = (
        register
        for image in configuration.northbound.images
        for register in imaged(image, plain, plant)
    )
    return [*plain, *_not_imaged(configuration), *again]


def silent_runs(configuration: Configuration) -> list[tuple[int, int]]:
    """Runs of registers that read as not available."""
    if configuration.northbound.gaps == "zero":
        return []
    shown = all_registers(configuration)
    if sunspec := configuration.northbound.sunspec:
        count = Chain(sunspec.address, MODELS, COUNTS).count
        text = RegisterType.TEXT
        shown.append(Published("sunspec", sunspec.address, text, count, "", ""))
    return list(gaps(shown))


class Desk(NamedTuple):
    """Who orders at the station."""

    name: str
    orders: OperatorOrders
    allowed: Collection[Key]
    in_charge: Callable[[], bool] = lambda: True
    """Whether his set-points count, and not those at the other place."""
    in_local_mode: Callable[[], bool] = lambda: False
    view: Callable[[], PlantView | None] = lambda: None
    now_s: Callable[[], float] = lambda: 0.0
    sequence: Callable[[], int] | None = None
    """The next number, where he commits what he writes; None: it counts as written."""


class Behind(NamedTuple):
    """What stands behind the registers besides control."""

    facts_of: FactsOf = untold
    lived: Callable[[OrderStep], None] = lambda _: None
    """Hears of every step in the life of a command."""
    later: Later = lambda _, __: None
    functions: Callable[[], Mapping[str, Any]] = dict
    """The settings in force now, by control function."""
    adopt: Adopt = nobody
    """Has settings changed."""


NOTHING = Behind()


def behind(
    field: Aggregation,
    record: Record,
    later: Later,
    functions: Callable[[], Mapping[str, Any]],
    adopt: Adopt,
) -> Behind:
    """The field, and those who work beside control."""

    def lived(step: OrderStep) -> None:
        record.record("orders", [{"ts": time.time(), **step._asdict()}])

    return Behind(partial(facts_of, field), lived, later, functions, adopt)


class Shown:
    """All segments of one station, and which registers read as not available."""

    def __init__(
        self,
        configuration: Configuration,
        registers: Segment,
        desk: Desk,
        behind: Behind,
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
        self.segments = [
            *(segment for segment, _ in told),
            *_curves(configuration, desk, behind),
            *_commands(configuration, registers, desk, behind),
            *images,
        ]
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


def _curves(
    configuration: Configuration, desk: Desk, behind: Behind
) -> Iterator[Segment]:
    settings = configuration.northbound.curves
    if settings is not None:
        yield CurveSegment(
            settings.address,
            CurveDesk(desk.name, behind.functions, behind.adopt),
            allowed=Key.CURVES_CODE in desk.allowed,
            word_order=configuration.northbound.word_order,
        )


def _commands(
    configuration: Configuration, registers: Segment, desk: Desk, behind: Behind
) -> Iterator[Segment]:
    """The registers of commands, and the SunSpec device that gives them, too."""
    northbound = configuration.northbound
    if northbound.commands is None:
        return
    commands = CommandDesk(
        *(desk.name, desk.orders, northbound.commands),
        allowed=desk.allowed,
        functions=[name for name, _ in configuration.functions],
        in_charge=desk.in_charge,
        told=behind.lived,
        view=desk.view,
    )
    following = Following(behind.later, desk.now_s)
    following.add(commands)
    yield CommandSegment(
        *(northbound.commands.address, commands, desk.orders.received),
        follow=following.begin,
    )
    if northbound.sunspec is not None:
        device = SunSpecSegment(
            northbound.sunspec.address,
            configuration.connection_point,
            configuration.plant.plant.name,
            order=on_the_map(registers, northbound, desk.sequence),
            received=desk.orders.received,
            heartbeat=desk.orders.heartbeat,
            commands=commands,
            functions=behind.functions,
            in_local_mode=desk.in_local_mode,
            follow=following.begin,
        )
        following.add(device.controls)
        yield device
