"""What is in force, as texts of the record: files, settings, program."""

import hashlib
from collections.abc import Iterator, Mapping
from importlib.metadata import PackageNotFoundError, version

from ppc.application.record.door import Rows
from ppc.configuration.loading import Configuration
from ppc.configuration.parameters import Parameters

_PROGRAM = "ppc"


def texts(configuration: Configuration, parameters: Parameters) -> dict[str, str]:
    """By what it is: the files as they are on the disk now, the versions of settings
    that hold, the version of the program.
    """
    found = dict(_files(configuration))
    held = parameters.holding(configuration.plant.plant.name)
    found["parameters"] = "".join(f"{each}\n" for each in held)
    found["program"] = f"{_PROGRAM} {_version()}"
    return found


def rows(found: Mapping[str, str], known: Mapping[str, str], wall_s: float) -> Rows:
    """Those whose digest is not the known one."""
    digests = {what: digest(text) for what, text in found.items()}
    return [
        {"ts": wall_s, "what": what, "digest": digests[what], "text": text}
        for what, text in found.items()
        if known.get(what) != digests[what]
    ]


def digest(text: str) -> str:
    """SHA-256 of the text in UTF-8, in hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def _files(configuration: Configuration) -> Iterator[tuple[str, str]]:
    """plant.yaml and all it names. One that is gone meanwhile is left out."""
    path, plant = configuration.path, configuration.plant
    profiles = (device.profile for device in plant.devices.values())
    named = [
        *(f"profiles/{name}" for name in dict.fromkeys(profiles)),
        f"northbound/{plant.scada.map}",
        *((f"gridcodes/{plant.plant.grid_code}",) if plant.plant.grid_code else ()),
        *(f"products/{name}" for name in plant.plant.products),
    ]
    for what in (path.name, *(f"{name}.yaml" for name in named)):
        try:
            yield what, (path.parent / what).read_text(encoding="utf-8")
        except OSError:
            continue


def _version() -> str:
    try:
        return version(_PROGRAM)
    except PackageNotFoundError:
        return "not installed"
