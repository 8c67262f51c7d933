"""`config/gridcodes/`, `config/products/`: figures a grid code or a market asks for."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any

from pydantic import Field, model_validator

from ppc.adapter.strict import Strict
from ppc.configuration.checking import build
from ppc.configuration.findings import Fault, instead
from ppc.configuration.plant import PlantSection, Positive
from ppc.metier import FUNCTIONS
from ppc.metier.setting import is_number

_PER_UNIT = {"_pu": ("_w", "_var"), "_pu_per_s": ("_w_per_s", "_var_per_s")}
"""How the name of a power per unit ends, and that of the setting it stands for."""


class Standing(StrEnum):
    """How well a figure is known."""

    READ = "read"
    """Read in the law, the standard, or a paper of the grid operator or regulator."""
    SECONDARY = "secondary"
    """Read where somebody quotes it."""
    RECALLED = "recalled"
    """Quoted from memory: not confirmed at all."""


class Figure(Strict):
    """One figure: its value, where it is from, how well it is known."""

    value: Any
    source: str = Field(min_length=1)
    standing: Standing
    at_most: Positive | None = None
    """Upper bound of a power per unit, in the unit of the setting."""

    @model_validator(mode="after")
    def _is_there(self) -> "Figure":
        if self.value is None:
            raise ValueError("value is missing: leave the whole figure out")
        return self


class GridCode(Strict):
    """What one code or product asks for: functions, each with figures by setting.

    A power may be given per unit of the plant's `p_max_w`: `p_up_pu_per_s` stands for
    `p_up_w_per_s`. A function without figures is asked for all the same.
    """

    title: str
    note: str = ""
    """What no setting can say."""
    f_nominal_hz: Positive | None = None
    """Nominal frequency of the grid it is for; left out: any."""
    functions: dict[str, dict[str, Figure]] = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class Prescription:
    """A figure as this plant gets it: `value` of `setting`, in the setting's unit."""

    code: str
    function: str
    setting: str
    value: Any
    figure: Figure

    @property
    def place(self) -> str:
        """The function and its setting."""
        return f"{self.function}.{self.setting}"


def prescriptions(
    name: str, code: GridCode, plant: PlantSection
) -> Iterator[Prescription]:
    """Every figure of a sound code, for this plant."""
    for function, figures in code.functions.items():
        for written, figure in figures.items():
            setting, value = setting_of(function, written, figure, plant)
            yield Prescription(name, function, setting, value, figure)


def in_force(
    function: str, asked: Iterable[Prescription], products: Collection[str]
) -> dict[str, Prescription]:
    """The figures of a function that count, by setting: of products, if any has some.

    A product is another use of a function: what the grid code says of it does not mix
    with that.
    """
    of_code = [p for p in asked if p.function == function]
    sold = [p for p in of_code if p.code in products]
    return {p.setting: p for p in sold or of_code}


def setting_of(
    function: str, name: str, figure: Figure, plant: PlantSection
) -> tuple[str, Any]:
    """The setting that a figure called `name` is for, and its value.

    Raises:
        ValueError: it is for none; the sentence says why.
    """
    known = [each.name for each in fields(FUNCTIONS[function].Settings)]
    if name in known:
        if figure.at_most is not None:
            raise ValueError("at_most belongs to a power per unit")
        return name, figure.value
    for ending, others in _PER_UNIT.items():
        stem = name.removesuffix(ending)
        found = [stem + other for other in others if stem + other in known]
        if stem == name or not found:
            continue
        if not is_number(figure.value):
            raise ValueError("a power per unit is one number")
        value = figure.value * plant.p_max_w
        return found[0], value if figure.at_most is None else min(value, figure.at_most)
    raise ValueError("is not known here" + instead(name, known))


def faults(code: GridCode, plant: PlantSection) -> Iterator[Fault]:
    """What is wrong with a code by itself: every function must build from it."""
    for function, figures in code.functions.items():
        place = ("functions", function)
        if function not in FUNCTIONS:
            yield place, f"there is no such function{instead(function, FUNCTIONS)}"
            continue
        written: dict[str, str] = {}
        values: dict[str, Any] = {}
        for name, figure in figures.items():
            try:
                setting, value = setting_of(function, name, figure, plant)
            except ValueError as error:
                yield (*place, name), str(error)
                continue
            if setting in written:
                yield (*place, name), f"is {written[setting]} once more"
            written[setting], values[setting] = name, value
        for within, reason in build(FUNCTIONS[function].Settings, values)[1]:
            yield (*place, *(written.get(part, part) for part in within)), reason


def plain(value: Any) -> Any:  # noqa: ANN401
    """A setting or a figure, comparable: lists and tuples are one."""
    return [plain(v) for v in value] if isinstance(value, list | tuple) else value
