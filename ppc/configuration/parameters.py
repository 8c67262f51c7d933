"""`parameters/` beside the record: settings that were changed while the plant ran.

A change is a version: a file with a number, never altered. The versions that hold are
laid over plant.yaml at the start; one that takes back another leaves what is below it.
"""

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml
from pydantic import Field

from ppc.adapter.strict import Strict
from ppc.configuration.changes import Changes
from ppc.configuration.checking import check
from ppc.configuration.document import Document
from ppc.configuration.findings import ConfigurationError, Finding
from ppc.configuration.gridcode import plain
from ppc.configuration.loading import Configuration, load

FOLDER = "parameters"
Settings = Mapping[str, Mapping[str, Any]]
"""Values by function and setting."""
Place = tuple[str, str]
"""A function and its setting."""


class Version(Strict):
    """One change, as it was made: when, by whom, why, and what."""

    number: int = Field(ge=1)
    when: str
    """Local time with its offset, ISO 8601."""
    who: str
    """Account on the machine."""
    why: str = ""
    plant: str
    """Name of the plant: another one's versions do not count."""
    reverts: int | None = None
    """The version it takes back; `after` then only tells what came of it."""
    before: dict[str, dict[str, Any]]
    after: dict[str, dict[str, Any]]

    @property
    def name(self) -> str:
        return f"{self.number:04d}"

    def __str__(self) -> str:
        what = ", ".join(
            f"{function}.{setting} {shown(value)} -> {self._became(function, setting)}"
            for function, settings in self.before.items()
            for setting, value in settings.items()
        )
        back = f"takes back {self.reverts:04d}: " if self.reverts else ""
        why = f" ({self.why})" if self.why else ""
        return f"{self.name} by {self.who}: {back}{what}{why}"

    def _became(self, function: str, setting: str) -> str:
        after = self.after.get(function, {})
        return shown(after[setting]) if setting in after else "not known"


@dataclass(frozen=True, slots=True)
class Parameters:
    """All versions of a folder, oldest first."""

    folder: Path
    versions: tuple[Version, ...] = ()

    @property
    def next_number(self) -> int:
        return max((version.number for version in self.versions), default=0) + 1

    def holding(self, plant: str) -> tuple[Version, ...]:
        """The versions of a plant that nobody has taken back, oldest first."""
        gone: set[int] = set()
        held = []
        for version in reversed(self.versions):
            if version.plant != plant or version.number in gone:
                continue
            if version.reverts is None:
                held.append(version)
            else:
                gone.add(version.reverts)
        return tuple(reversed(held))

    def set_by(self, plant: str) -> dict[Place, Version]:
        """The version that has the last word on each setting it holds."""
        return {
            (function, setting): version
            for version in self.holding(plant)
            for function, settings in version.after.items()
            for setting in settings
        }

    def settings(self, plant: str) -> dict[str, dict[str, Any]]:
        """What is laid over plant.yaml."""
        laid: dict[str, dict[str, Any]] = {}
        for version in self.holding(plant):
            for function, settings in version.after.items():
                laid.setdefault(function, {}).update(settings)
        return laid

    def revertible(self, number: object, plant: str) -> Version:
        """The version of that number. Raises ValueError: it cannot be taken back."""
        of_plant = [v for v in self.versions if v.plant == plant]
        version = next((v for v in of_plant if v.number == number), None)
        if version is None:
            raise ValueError(f"there is no version {number} of this plant")
        if version.reverts is not None:
            raise ValueError(
                f"version {number} takes back {version.reverts}: set what is to hold"
            )
        if version not in self.holding(plant):
            raise ValueError(f"version {number} is taken back already")
        return version

    def with_(self, version: Version) -> "Parameters":
        return replace(self, versions=(*self.versions, version))

    def path(self, version: Version) -> Path:
        return self.folder / f"{version.name}.yaml"


def shown(value: object) -> str:
    """A value as people read it."""
    if value is None:
        return "left out"
    if isinstance(value, float):
        return f"{value:.10g}"
    return json.dumps(value) if isinstance(value, list | bool) else str(value)


def read(db_dir: Path) -> Parameters:
    """The versions beside a record. Raises ConfigurationError with all findings."""
    folder = db_dir / FOLDER
    versions, findings = [], []
    for path in sorted(folder.glob("[0-9]*.yaml")):
        document = Document(path)
        if document.readable:
            version, wrong = check(Version, document.data)
            document.report(wrong)
            if version and f"{version.name}.yaml" != path.name:
                document.report([(("number",), "is not that of the file's name")])
            elif version:
                versions.append(version)
        findings += document.findings
    if findings:
        raise ConfigurationError(findings)
    return Parameters(folder, tuple(versions))


def load_over(path: Path, parameters: Parameters) -> Configuration:
    """plant.yaml with the versions that hold laid over it, checked as a whole.

    Raises ConfigurationError; what a version says is found at its file.
    """
    below = load(path)
    plant = below.plant.plant.name
    set_by = parameters.set_by(plant)
    listed = {name for name, _ in below.functions}
    strange = [
        Finding(
            str(parameters.path(version)),
            f"{function}.{setting}",
            f"{function} is not listed in {path} any more; "
            f"take the change back: ppc set --revert {version.number}",
        )
        for (function, setting), version in set_by.items()
        if function not in listed
    ]
    if strange:
        raise ConfigurationError(strange)
    if not set_by:
        return below
    try:
        return load(path, Changes(settings=parameters.settings(plant)))
    except ConfigurationError as error:
        found = (_at_its_version(f, set_by, parameters) for f in error.findings)
        raise ConfigurationError(found) from None


def _at_its_version(
    finding: Finding, set_by: Mapping[Place, Version], parameters: Parameters
) -> Finding:
    place = place_of(finding)
    if place not in set_by:
        return finding
    return Finding(str(parameters.path(set_by[place])), ".".join(place), finding.reason)


def place_of(finding: Finding) -> Place:
    """The function and the setting that a finding of plant.yaml is about, or "", ""."""
    head, *rest = finding.path.split(".")
    if head != "functions" or len(rest) < 2:  # noqa: PLR2004
        return "", ""
    return rest[1], rest[2] if len(rest) > 2 else ""  # noqa: PLR2004


def values(
    functions: Iterable[tuple[str, Any]], places: Iterable[Place]
) -> dict[str, dict[str, Any]]:
    """What these settings are, as YAML can write it."""
    settings = dict(functions)
    found: dict[str, dict[str, Any]] = {}
    for function, setting in places:
        value = plain(getattr(settings[function], setting))
        found.setdefault(function, {})[setting] = value
    return found


class Writing:
    """A version on the disk that does not count yet."""

    def __init__(self, parameters: Parameters, version: Version) -> None:
        """Write it. Raises OSError: nothing is left then."""
        self._path = parameters.path(version)
        self._draft = self._path.with_suffix(".draft")
        text = yaml.safe_dump(
            version.model_dump(exclude_none=False), sort_keys=False, allow_unicode=True
        )
        parameters.folder.mkdir(parents=True, exist_ok=True)
        try:
            with self._draft.open("w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
        except OSError:
            self.drop()
            raise

    def keep(self) -> None:
        """From now on it counts, also after a loss of power."""
        self._draft.rename(self._path)
        folder = os.open(self._path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def drop(self) -> None:
        self._draft.unlink(missing_ok=True)
