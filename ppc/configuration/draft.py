"""What plant.yaml and the files it names say, sound or not."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from pydantic import BaseModel

from ppc.adapter.expansion import expanded, origin
from ppc.adapter.northbound.register_map import NorthboundMap
from ppc.adapter.profile import DeviceProfile
from ppc.adapter.variants import asked
from ppc.communication.driver import DRIVERS
from ppc.configuration.changes import Changes
from ppc.configuration.checking import build, check
from ppc.configuration.document import Document
from ppc.configuration.findings import Fault, Finding, Place, instead
from ppc.configuration.gridcode import (
    GridCode,
    Prescription,
    faults,
    in_force,
    prescriptions,
)
from ppc.configuration.plant import (
    ControlSection,
    DeviceSection,
    PlantConfig,
    PlantSection,
    variant,
)
from ppc.configuration.scada import ScadaSection
from ppc.configuration.simulation import SimulationConfig
from ppc.metier import FUNCTIONS

ModelT = TypeVar("ModelT", bound=BaseModel)


class Wire(NamedTuple):
    """How a device is reached: `settings` is an instance of the driver's own."""

    driver: str
    settings: Any


class Draft:
    """Every part that is sound by itself, and what is wrong with the others.

    One mistake does not hide the next: each part is read on its own. None, or missing
    from its mapping, is what is not sound.
    """

    def __init__(self, path: Path, changes: Changes) -> None:
        self.document = Document(path)
        self.document.data = changes.over(self.document.data)
        self._library = changes.library or path.parent
        self._named: list[Document] = []
        self._raw = _mapping(self.document.data)
        self._missing: set[Path] = set()
        self.profiles = dict(self._profiles(_mapping(self._raw.get("devices"))))
        self._raw = self._with_stations()
        self.plant: PlantConfig | None = None
        if self.document.readable:
            self.plant, wrong = check(PlantConfig, self._raw or self.document.data)
            self.document.report(wrong)
        self.point = self._section(PlantSection, "plant")
        self.control = self._section(ControlSection, "control")
        self.scada = self._section(ScadaSection, "scada")
        self.simulation = (
            self._section(SimulationConfig, "simulation")
            if self._raw.get("simulation") is not None
            else None
        )
        self._raw_devices = _mapping(self._raw.get("devices"))
        self.devices = {
            name: device
            for name, raw in self._raw_devices.items()
            if (device := check(DeviceSection, raw)[0])
        }
        self.wires = dict(self._wires())
        self.codes = dict(self._codes(self.point)) if self.point else {}
        self.prescriptions = tuple(self._prescriptions())
        self.said: dict[str, frozenset[str]] = {}
        """The settings of each function that plant.yaml itself gives."""
        self.functions = tuple(self._functions())
        self.northbound: NorthboundMap | None = None
        if self.scada and self._raw:
            self.northbound = self._load(
                NorthboundMap, "northbound", self.scada.map, ("scada", "map")
            )

    @property
    def findings(self) -> list[Finding]:
        """All that is wrong, file by file, from the first line to the last, once."""
        found = [
            finding
            for document in (self.document, *self._named)
            for finding in sorted(document.findings, key=lambda f: f.line or 0)
        ]
        return list(dict.fromkeys(found))

    @property
    def complete(self) -> bool:
        """Whether there are devices, every one sound and with its profile."""
        return len(self.devices) == len(self._raw_devices) > 0 and all(
            device.variant in self.profiles for device in self.devices.values()
        )

    def _section(self, kind: type[ModelT], name: str) -> ModelT | None:
        return check(kind, self._raw.get(name, {}))[0]

    def _load(
        self,
        kind: type[ModelT],
        folder: str,
        name: str,
        named_at: Place,
        further: Callable[[ModelT], Iterable[Fault]] = lambda _: (),
        expand: Callable[[Any], Any] = lambda data: data,
    ) -> ModelT | None:
        """The file `name` in `folder` beside plant.yaml, without fault by `further`.

        `expand` makes what people write into what the program wants.
        """
        path = self._library / folder / f"{name}.yaml"
        if path in self._missing:
            return None
        if not path.exists():
            self._missing.add(path)
            known = sorted(p.stem for p in path.parent.glob("*.yaml"))
            reason = f"there is no file {path}{instead(name, known)}"
            self.document.report([(named_at, reason)])
            return None
        document = Document(path)
        self._named.append(document)
        if not document.readable:
            return None
        data = expand(document.data)
        model, wrong = check(kind, data)
        wrong = [(origin(data, place), reason) for place, reason in wrong]
        if model is not None:
            wrong = list(further(model))
        document.report(wrong)
        return None if wrong else model

    def _codes(self, plant: PlantSection) -> Iterator[tuple[str, GridCode]]:
        """The grid code, then the products: each goes before those above it."""
        named: list[tuple[str, str, Place]] = []
        if plant.grid_code is not None:
            named.append(("gridcodes", plant.grid_code, ("plant", "grid_code")))
        for i, product in enumerate(plant.products):
            named.append(("products", product, ("plant", "products", str(i))))
        for folder, name, place in named:
            code = self._load(
                GridCode, folder, name, place, lambda code: faults(code, plant)
            )
            if code:
                yield name, code

    def _prescriptions(self) -> Iterator[Prescription]:
        for name, code in self.codes.items():
            assert self.point is not None
            yield from prescriptions(name, code, self.point)

    def _profiles(
        self, devices: Mapping[str, Any]
    ) -> Iterator[tuple[str, DeviceProfile]]:
        """By variant, each read once, even where the device is not sound."""
        seen = set()
        for device, raw in devices.items():
            name, options = _named(raw)
            key = variant(name, options)
            if not name or key in seen:
                continue
            seen.add(key)
            place = ("devices", device, "profile")
            known: set[str] = set()
            expand = partial(_variant_of, options, known)
            if profile := self._load(
                DeviceProfile, "profiles", name, place, expand=expand
            ):
                yield key, profile
                self.document.report(
                    (("devices", device, "options", option), f"{name} does not ask it")
                    for option in options
                    if option not in known
                )

    def _with_stations(self) -> Mapping[str, Any]:
        """plant.yaml with the stations that it leaves to the profiles."""
        devices = dict(_mapping(self._raw.get("devices")))
        for device, raw in devices.items():
            profile = self.profiles.get(variant(*_named(raw)))
            if profile and profile.station is not None:
                devices[device] = {"station": profile.station, **raw}
        return {**self._raw, "devices": devices} if devices else self._raw

    def _wires(self) -> Iterator[tuple[str, Wire]]:
        for name, device in self.devices.items():
            place = ("devices", name, "connection")
            driver = device.connection.driver
            if driver not in DRIVERS:
                reason = f"there is no driver {driver}{instead(driver, DRIVERS)}"
                self.document.report([((*place, "driver"), reason)])
                continue
            kind = DRIVERS[driver].Settings
            settings, wrong = build(kind, device.connection.settings)
            self.document.report((place + within, why) for within, why in wrong)
            if settings is not None:
                yield name, Wire(driver, settings)

    def _functions(self) -> Iterator[tuple[str, Any]]:
        """Name and settings of each control function, in order."""
        raw = self._raw.get("functions")
        seen = set()
        for i, entry in enumerate(raw if isinstance(raw, list) else ()):
            if not isinstance(entry, dict) or len(entry) != 1:
                reason = "write one function per entry: `- name: {setting: value}`"
                self.document.report([(("functions", str(i)), reason)])
                continue
            ((name, options),) = entry.items()
            place = ("functions", str(i), str(name))
            if name not in FUNCTIONS:
                reason = f"there is no such function{instead(name, FUNCTIONS)}"
                self.document.report([(place, reason)])
                continue
            if name in seen:
                self.document.report([(place, "stands twice in the list")])
            seen.add(name)
            settings, wrong = self._built(name, options)
            self.document.report((place + within, why) for within, why in wrong)
            if settings is not None:
                yield name, settings

    def _built(self, function: str, options: object) -> tuple[Any, list[Fault]]:
        """The settings of a function: what plant.yaml says goes before its codes."""
        if options is not None and not isinstance(options, Mapping):
            return build(FUNCTIONS[function].Settings, options)
        products = self.point.products if self.point else ()
        asked = in_force(function, self.prescriptions, products)
        own = options or {}
        self.said[function] = frozenset(own)
        given = {setting: p.value for setting, p in asked.items()} | dict(own)
        settings, wrong = build(FUNCTIONS[function].Settings, given)
        return settings, [
            (within, f"{why}; {asked[within[0]].code} says so")
            if within and within[0] in asked.keys() - own.keys()
            else (within, why)
            for within, why in wrong
        ]


def _variant_of(options: Mapping[str, Any], known: set[str], data: Any) -> Any:  # noqa: ANN401
    """The profile in `data` for these options; `known` are all that it asks."""
    known |= asked(data)
    return expanded(data, options)


def _named(device: Any) -> tuple[str, Mapping[str, Any]]:  # noqa: ANN401
    """The profile a device names, "" when it names none, and its options."""
    name = _mapping(device).get("profile")
    return name if isinstance(name, str) else "", _mapping(
        _mapping(device).get("options")
    )


def _mapping(data: Any) -> Mapping[str, Any]:  # noqa: ANN401
    return data if isinstance(data, dict) else {}
