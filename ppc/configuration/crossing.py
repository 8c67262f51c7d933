"""What is wrong between the entries, each of which is right by itself."""

from collections.abc import Iterator
from typing import Any

from ppc.adapter.point import Point
from ppc.adapter.point_codec import rating_bases
from ppc.adapter.profile import DeviceProfile
from ppc.configuration.batteries import pairings
from ppc.configuration.draft import Draft
from ppc.configuration.findings import Fault, Place, instead
from ppc.configuration.gridcode import Prescription, plain
from ppc.configuration.plant import (
    ControlSection,
    DeviceSection,
    DispatchSection,
    PlantConfig,
    PlantSection,
)
from ppc.configuration.ratings import takes_q, unit_rating
from ppc.configuration.scada_check import scada_faults
from ppc.configuration.simulation import SimulationConfig
from ppc.configuration.slots import doubles
from ppc.datamodel.rating import EquipmentType

_METERS = 2
"""The first one listed, and one that stands in for it."""
_SIMULATED = "modbus_tcp"
"""The one driver whose devices the simulated field can play."""


def crossings(draft: Draft) -> Iterator[Fault]:
    """Everything that concerns more than one entry of plant.yaml."""
    if draft.complete:
        yield from _parts(draft)
        yield from pairings(draft)
    if draft.control:
        yield from _times(draft.control)
    for name, device in draft.devices.items():
        if profile := draft.profiles.get(device.variant):
            for entry, reason in (
                *_ratings(device, profile.type),
                *_leaning(name, device, profile),
            ):
                yield ("devices", name, entry), reason
            if draft.control:
                yield from _watchdog(name, profile, draft.control)
    yield from _shared_stations(draft)
    yield from doubles(draft.devices)
    if draft.scada:
        yield from scada_faults(draft.scada, draft.point, draft.document.file.parent)
    if draft.point:
        yield from _codes(draft, draft.point)
    yield from _proxied(draft.plant)
    if draft.simulation:
        yield from _simulated(draft)


def _proxied(plant: PlantConfig | None) -> Iterator[Fault]:
    proxy = plant.proxy if plant else None
    if plant is None or proxy is None:
        return
    for unit, name in proxy.units.items():
        if name not in plant.devices:
            reason = f"there is no device {name}{instead(name, list(plant.devices))}"
            yield ("proxy", "units", str(unit)), reason
    if (proxy.host, proxy.port) in plant.scada.ends:
        yield ("proxy", "port"), "is the port of scada, too"


def _parts(draft: Draft) -> Iterator[Fault]:
    types = {n: draft.profiles[d.variant].type for n, d in draft.devices.items()}
    meters = [name for name, kind in types.items() if kind is EquipmentType.POI]
    if not 1 <= len(meters) <= _METERS:
        found = ", ".join(meters) or "none"
        reason = f"one POI meter is needed, or two of them; there is {found}"
        yield ("devices",), reason
    units = sum(kind.is_unit for kind in types.values())
    if meters and not units:
        yield ("devices",), "there is no unit to control"
    dispatch = draft.control.dispatch if draft.control else DispatchSection()
    bess = sum(kind is EquipmentType.BESS for kind in types.values())
    if dispatch.split != "pv_first" and not 0 < bess < units:
        reason = f"{dispatch.split} needs both PV and batteries"
        yield ("control", "dispatch", "split"), reason
    if dispatch.minimum_running_units > max(bess, 1):
        place = "control", "dispatch", "minimum_running_units"
        yield place, f"must not be above the number of batteries ({bess})"


def _times(control: ControlSection) -> Iterator[Fault]:
    period_s = control.period_s
    if control.command_life_s < period_s:
        reason = f"must not be shorter than period_s ({period_s:g})"
        yield ("control", "command_life_s"), reason
    if control.grace_s >= period_s / 2:
        reason = f"must be shorter than half of period_s ({period_s:g})"
        yield ("control", "grace_s"), reason


def _watchdog(
    name: str, profile: DeviceProfile, control: ControlSection
) -> Iterator[Fault]:
    """The device must not drop a set-point before the next one comes."""
    watchdog_s = profile.watchdog_s
    if watchdog_s is not None and watchdog_s <= control.period_s:
        yield (
            ("control", "period_s"),
            f"must be shorter than the watchdog of {name} ({watchdog_s:g})",
        )
    beat = profile.heartbeat
    if beat is not None and beat.every_s < control.period_s:
        yield (
            ("control", "period_s"),
            f"must not be longer than the heartbeat of {name} ({beat.every_s:g})",
        )


def _leaning(
    name: str, device: DeviceSection, profile: DeviceProfile
) -> Iterator[tuple[str, str]]:
    """Ratings that registers hold parts of, and such as nothing is made of."""
    if device.q_max_var is not None and profile.commands and not takes_q(profile):
        yield "q_max_var", f"{device.profile} takes no set-point of reactive power"
    known = rating_bases(unit_rating(name, device, profile))
    points: list[Point] = [p for block in profile.reads for p in block.points]
    points += [p for group in profile.commands for p in group.points]
    needed = {point.base: point.label for point in points if point.base}
    for base, label in needed.items():
        if not known.get(base):
            yield base.value, f"is missing: {label} of {device.profile} is a part of it"


def _ratings(device: DeviceSection, kind: EquipmentType) -> Iterator[tuple[str, str]]:
    given = device.model_dump(include=_RATINGS, exclude_none=True)
    if not kind.is_unit:
        name = "POI meter" if kind is EquipmentType.POI else kind
        for entry in given:
            yield entry, f"a {name} has no ratings"
        if device.rank is not None:
            yield "rank", f"a {name} has no place in the merit order"
        return
    if kind is EquipmentType.BESS and device.e_max_wh is None:
        yield "e_max_wh", "is missing: a battery needs its usable energy"
    if kind is EquipmentType.PV and device.e_max_wh is not None:
        yield "e_max_wh", "a PV inverter stores no energy"
    if device.s_max_va is None:
        yield "s_max_va", "is missing: a unit needs its apparent power"
        return
    for entry in ("p_max_w", "p_min_w", "q_max_var"):
        if abs(given.get(entry, 0.0)) > device.s_max_va:
            yield entry, f"must not be above s_max_va ({device.s_max_va:g})"


_RATINGS = {"s_max_va", "p_max_w", "p_min_w", "q_max_var", "e_max_wh"}


def _shared_stations(draft: Draft) -> Iterator[Fault]:
    """Two devices that claim one address."""
    taken: dict[object, str] = {}
    for name, wire in draft.wires.items():
        where = _end(wire.settings) or wire
        first = taken.setdefault((where, draft.devices[name].station), name)
        if first != name:
            yield ("devices", name, "station"), f"{first} is at the same address"


def _codes(draft: Draft, plant: PlantSection) -> Iterator[Fault]:
    """Codes for another grid, and products that contradict each other."""
    places: dict[str, Place] = {
        product: ("plant", "products", str(i))
        for i, product in enumerate(plant.products)
    }
    for i, product in enumerate(plant.products):
        if product in plant.products[:i] or product == plant.grid_code:
            yield ("plant", "products", str(i)), "stands twice"
    for name, code in draft.codes.items():
        if code.f_nominal_hz not in {None, plant.f_nominal_hz}:
            place = places.get(name, ("plant", "grid_code"))
            yield place, f"is for {code.f_nominal_hz:g} Hz, not {plant.f_nominal_hz:g}"
    first: dict[str, Prescription] = {}
    for asked in draft.prescriptions:
        said = draft.said.get(asked.function)
        if asked.code not in places or said is None or asked.setting in said:
            continue
        other = first.setdefault(asked.place, asked)
        if plain(other.value) != plain(asked.value):
            reason = f"{other.code} has another {asked.place}: say it under functions"
            yield places[asked.code], reason


def _simulated(draft: Draft) -> Iterator[Fault]:
    """What the program cannot serve itself."""
    simulation = draft.simulation
    assert simulation is not None
    for place, name in _named(simulation):
        if name not in draft.devices and draft.complete:
            reason = f"there is no device {name}{instead(name, draft.devices)}"
            yield ("simulation", *place), reason
    taken = {}
    for name, wire in draft.wires.items():
        if wire.driver != _SIMULATED:
            place = ("devices", name, "connection", "driver")
            yield place, f"only {_SIMULATED} can be simulated"
        elif end := _end(wire.settings):
            taken[end] = name
    console = simulation.console
    if console and (console.host, console.port) in taken:
        name = taken[console.host, console.port]
        yield (
            ("simulation", "console", "port"),
            f"{console.port} is the simulated {name}'s",
        )
    elif console and console.port:
        taken[console.host, console.port] = "console"
    for end, place in (draft.scada.ends if draft.scada else {}).items():
        if name := taken.get(end, ""):
            yield ("scada", *place), f"{end[1]} is the simulated {name}'s"


def _named(simulation: SimulationConfig) -> Iterator[tuple[Place, str]]:
    """Every device the section names, and where."""
    for name in simulation.units:
        yield ("units", name), name
    for feeder, section in simulation.collector.feeders.items():
        for i, name in enumerate(section.units):
            yield ("collector", "feeders", feeder, "units", str(i)), name
    if simulation.island:
        yield ("island", "former"), simulation.island.former


def _end(settings: Any) -> tuple[str, int] | None:  # noqa: ANN401
    """Host and port a driver's settings lead to, where it has such."""
    host, port = getattr(settings, "host", None), getattr(settings, "port", None)
    return (host, port) if isinstance(host, str) and isinstance(port, int) else None
