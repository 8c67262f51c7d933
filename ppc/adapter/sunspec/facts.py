"""What the models are made of: `models/NUMBER.csv`, one line for each point.

The files hold names, types, sizes, scale factors, units and symbols of the public
SunSpec models (github.com/sunspec/models, Apache-2.0), made by
`scripts/sunspec_models.py`. A line with the type "group" begins a group; its size tells
how often the group comes: a number, the name of the point that tells, 0 for as often
as the model has room, nothing for once.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from ppc.adapter.sunspec.point_type import SunSpecType

FOLDER = Path(__file__).parent / "models"
HEAD = 2
"""Registers before the data of a model: its number and its length."""


@dataclass(frozen=True, slots=True)
class PointFact:
    """One point of a model."""

    name: str
    type: SunSpecType
    size: int
    """Registers."""
    sf: str | int | None
    """Exponent of ten: the name of the point that holds it, or itself."""
    unit: str
    writable: bool
    mandatory: bool
    symbols: Mapping[int, str]
    """What raw values, or bits, are called."""


@dataclass(frozen=True, slots=True)
class GroupFact:
    """A model, or a group within: first its points, then its groups."""

    name: str
    count: int | str | None
    points: tuple[PointFact, ...]
    groups: tuple["GroupFact", ...]

    @property
    def points_size(self) -> int:
        """Registers of its own points."""
        return sum(point.size for point in self.points)

    def point(self, name: str) -> PointFact | None:
        return next((p for p in self.points if p.name == name), None)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a point stands, counted from the first register after the length."""

    fact: PointFact
    offset: int
    path: str


@cache
def model(number: int) -> GroupFact | None:
    """The model, without its number and length; None when it is not known here."""
    path = FOLDER / f"{number}.csv"
    if not path.exists():
        return None
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return _group(rows, "", None)


def locate(number: int, path: str) -> tuple[Place, Place | None]:
    """Where the point `path` ("W", "module.2.DCW") stands, and its scale factor.

    ValueError when there is none such, or when a count within the model moves it.
    """
    top = model(number)
    if top is None:
        raise ValueError(f"SunSpec model {number} is not known")
    holders = [(top, 0, "")]
    *steps, name = path.split(".")
    while steps:
        group, offset, _ = holders[-1]
        within = _entered(group, offset, steps, f"{number}.{path}")
        rest = ".".join((*steps, name))
        holders.append((*within, path.removesuffix(rest)))
    place = _own(*holders[-1], name)
    if place is None:
        raise ValueError(f"SunSpec model {number} has no point {path}")
    if not isinstance(place.fact.sf, str):
        return place, None
    for holder in reversed(holders):
        if factor := _own(*holder, place.fact.sf):
            return place, factor
    raise ValueError(f"SunSpec model {number} has no {place.fact.sf}")


def _own(group: GroupFact, offset: int, prefix: str, name: str) -> Place | None:
    for point in group.points:
        if point.name == name:
            return Place(point, offset, prefix + name)
        offset += point.size
    return None


def _entered(
    group: GroupFact, offset: int, steps: list[str], path: str
) -> tuple[GroupFact, int]:
    """The group the first of `steps` leads into, and where it begins."""
    offset += group.points_size
    name = steps.pop(0)
    if all(each.name != name for each in group.groups):
        raise ValueError(f"{path}: the model has no group {name}")
    for each in group.groups:
        if each.name != name:
            offset += _fixed_size(each, path)
            continue
        if each.count is None:
            return each, offset
        number = steps.pop(0) if steps else ""
        if not number.isdecimal() or number == "0":
            raise ValueError(f"{path}: which {name}? {name}.1 is the first")
        before = int(number) - 1
        return each, offset + (before and before * _one_size(each, path))
    raise AssertionError(name)


def _fixed_size(group: GroupFact, path: str) -> int:
    """Registers of all its repetitions."""
    if group.count is None:
        return _one_size(group, path)
    if isinstance(group.count, str) or group.count == 0:
        raise ValueError(f"{path} stands where {group.name} ends: known only on site")
    return group.count * _one_size(group, path)


def _one_size(group: GroupFact, path: str) -> int:
    return group.points_size + sum(_fixed_size(each, path) for each in group.groups)


def _group(rows: list[dict[str, Any]], path: str, count: int | str | None) -> GroupFact:
    inside = [row for row in rows if row["group"] == path]
    points = tuple(_point(row) for row in inside if row["type"] != "group")
    prefix = f"{path}." if path else ""
    groups = tuple(
        _group(rows, prefix + row["name"], _number_or_name(row["size"]))
        for row in inside
        if row["type"] == "group"
    )
    return GroupFact(path.rpartition(".")[2], count, points, groups)


def _point(row: dict[str, Any]) -> PointFact:
    symbols = (pair.split(" ", 1) for pair in row["symbols"].split("; ") if pair)
    return PointFact(
        name=row["name"],
        type=SunSpecType(row["type"]),
        size=int(row["size"]),
        sf=_number_or_name(row["sf"]),
        unit=row["unit"],
        writable="w" in row["access"],
        mandatory="m" in row["access"],
        symbols={int(value): name for value, name in symbols},
    )


def _number_or_name(text: str) -> int | str | None:
    if not text:
        return None
    return int(text) if text.lstrip("-").isdecimal() else text
