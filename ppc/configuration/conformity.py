"""How a plant stands to the grid code and the products that it names."""

from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

from ppc.configuration.gridcode import Prescription, Standing, plain
from ppc.configuration.loading import Configuration


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
    settings = dict(configuration.functions)
    for name, code in configuration.codes.items():
        for function in code.functions:
            if function not in settings:
                yield Remark(name, function, "", About.MISSING, "")
        for asked in configuration.prescriptions:
            if asked.code == name and asked.function in settings:
                value = getattr(settings[asked.function], asked.setting)
                yield from _figure(asked, value, configuration.prescriptions)


def _figure(
    asked: Prescription, value: object, others: tuple[Prescription, ...]
) -> Iterator[Remark]:
    where = (asked.code, asked.function, asked.setting)
    if plain(value) == plain(asked.value):
        if asked.figure.standing is not Standing.READ:
            text = f"{said(value)} is {asked.figure.standing}: {asked.figure.source}"
            yield Remark(*where, About.UNCONFIRMED, text)
        return
    by = [
        other.code
        for other in others
        if other.place == asked.place and plain(other.value) == plain(value)
    ]
    text = f"{said(value)} by {by[-1] if by else 'plant.yaml'}, not {said(asked.value)}"
    yield Remark(*where, About.OVERRIDDEN, text)


def said(value: object) -> str:
    """A setting or a figure, as people write it."""
    if isinstance(value, bool) or value is None:
        return "left out" if value is None else str(value).lower()
    if isinstance(value, int | float):
        return f"{value:.6g}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(said, value))}]"
    return str(value)
