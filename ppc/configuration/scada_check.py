"""What is wrong between the entries of `scada`, each of which is right by itself."""

from collections.abc import Collection, Iterator
from math import inf
from pathlib import Path

from ppc.adapter.northbound.set_points import OF_VALUE
from ppc.configuration.findings import Fault, Place
from ppc.configuration.plant import PlantSection
from ppc.configuration.scada import LOCAL, SERIAL, ScadaSection, SourceSection
from ppc.keys import Key

_SOURCES = ("scada", "sources")
_LISTENERS = ("scada", "listeners")


def scada_faults(
    scada: ScadaSection, plant: PlantSection | None, folder: Path
) -> Iterator[Fault]:
    """All of it; what the connection point allows is asked where that is sound.

    `folder`: where plant.yaml lies.
    """
    yield from _listeners(scada, folder)
    if scada.sources and all(source.name == LOCAL for source in scada.sources):
        yield _SOURCES, "there must be one besides local"
    if scada.sources and scada.from_:
        yield ("scada", "from"), "is said of each of the sources, where there are some"
    yield from _rates(("scada",), scada.rate_pu_per_s)
    names: set[str] = set()
    for i, source in enumerate(scada.sources):
        place = (*_SOURCES, str(i))
        if source.name in names:
            yield (*place, "name"), f"{source.name} stands twice"
        names.add(source.name)
        for before in scada.sources[:i]:
            if before.covers(source):
                reason = f"is never heard: {before.name} before it is known by the same"
                yield place, reason
        yield from _ways(place, source, scada)
        yield from _rates(place, source.rate_pu_per_s or {})
        yield from _defaults(place, source, plant)


def _listeners(scada: ScadaSection, folder: Path) -> Iterator[Fault]:
    if scada.listeners:
        for entry in sorted(scada.model_fields_set & {"host", "port"}):
            yield ("scada", entry), "stands in listeners, where there are some"
    places: set[str] = set()
    for i, way in enumerate(scada.listeners):
        if way.place in places:
            yield (*_LISTENERS, str(i)), f"{way.place} stands twice"
        places.add(way.place)
        for entry, name in way.tls or ():
            if not (folder / name).is_file():
                place = (*_LISTENERS, str(i), "tls", entry)
                yield place, f"there is no file {folder / name}"


def _ways(place: Place, source: SourceSection, scada: ScadaSection) -> Iterator[Fault]:
    """What it is known by must be something that can be seen."""
    ways = [
        way
        for way in scada.ways_in
        if source.port is None or source.port == (SERIAL if way.serial else way.port)
    ]
    if not ways:
        yield (*place, "port"), "no listener is there"
    elif source.role and not any(way.tls for way in ways):
        yield (*place, "role"), "no listener has tls, which tells it"
    elif source.from_ and all(way.serial for way in ways):
        yield (*place, "from"), "nobody calls from a network on a serial line"


def _rates(place: Place, rates: Collection[Key]) -> Iterator[Fault]:
    for key in rates:
        if key not in OF_VALUE:
            known = ", ".join(OF_VALUE)
            yield (*place, "rate_pu_per_s", key.value), f"is for {known}"


def _defaults(
    place: Place, source: SourceSection, plant: PlantSection | None
) -> Iterator[Fault]:
    """What stands in for a source must be what the connection point allows."""
    if plant is None:
        return
    power = (plant.p_min_w, plant.p_max_w)
    allowed = {
        Key.P_SET_W: power,
        Key.P_LIMIT_MAX_W: power,
        Key.P_LIMIT_MIN_W: power,
        Key.Q_SET_VAR: (-plant.q_max_var, plant.q_max_var),
    }
    for key, value in source.default.items():
        low, high = allowed.get(key, (-inf, inf))
        if not low <= value <= high:
            yield (
                (*place, "default", key.value),
                f"must be within {low:g} and {high:g}",
            )
