"""How a plant stands to the grid code and the products that it names."""

from collections.abc import Iterator, Mapping
from dataclasses import fields
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from ppc.configuration.gridcode import Prescription, Standing, in_force, plain
from ppc.configuration.loading import Configuration

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


class About(StrEnum):
    """What a remark is about."""

    MISSING = "not listed"
    """A function that is asked for is not under `functions`."""
    OVERRIDDEN = "overridden"
    """The plant, or a product, says something else than the code."""
    UNCONFIRMED = "not confirmed"
    """A figure in force that was not read at its source."""


class Remark(NamedTuple):
    """One thing to know about a function that a code asks for, or a setting of it."""

    code: str
    function: str
    setting: str
    about: About
    text: str


def remarks(configuration: Configuration) -> Iterator[Remark]:
    """Everything to know, code by code."""
    functions = dict(configuration.functions)
    products = configuration.plant.plant.products
    for name, code in configuration.codes.items():
        for function in code.functions:
            if function not in functions:
                yield Remark(name, function, "", About.MISSING, "")
        for asked in configuration.prescriptions:
            if asked.code == name and asked.function in functions:
                counts = in_force(asked.function, configuration.prescriptions, products)
                yield from _figure(asked, functions[asked.function], counts)


def _figure(
    asked: Prescription,
    settings: "DataclassInstance",
    counts: Mapping[str, Prescription],
) -> Iterator[Remark]:
    where = (asked.code, asked.function, asked.setting)
    value = getattr(settings, asked.setting)
    mine = counts.get(asked.setting)
    if plain(value) != plain(asked.value):
        text = f"{said(value)} by {_who(value, asked, settings, counts)}"
        yield Remark(*where, About.OVERRIDDEN, f"{text}, not {said(asked.value)}")
    elif mine is asked and asked.figure.standing is not Standing.READ:
        text = f"{said(value)} is {asked.figure.standing}: {asked.figure.source}"
        yield Remark(*where, About.UNCONFIRMED, text)


def _who(
    value: object,
    asked: Prescription,
    settings: "DataclassInstance",
    counts: Mapping[str, Prescription],
) -> str:
    """Who says a value that is not the one asked for."""
    mine = counts.get(asked.setting)
    default = next(f.default for f in fields(settings) if f.name == asked.setting)
    if plain(mine.value if mine else default) != plain(value):
        return "plant.yaml"
    return mine.code if mine else next(iter(counts.values())).code


def said(value: object) -> str:
    """A setting or a figure, as people write it."""
    if isinstance(value, bool) or value is None:
        return "left out" if value is None else str(value).lower()
    if isinstance(value, int | float):
        return f"{value:.6g}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(said, value))}]"
    return str(value)
