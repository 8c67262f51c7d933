"""One setting of a control function: its default, what it means, what it may be."""

from dataclasses import field, fields
from math import inf, isfinite
from typing import TYPE_CHECKING, NamedTuple, TypeVar

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

T = TypeVar("T")


class Domain(NamedTuple):
    """What a setting means and which values it may have, its name giving the unit."""

    meaning: str
    low: float = -inf
    high: float = inf
    above: float = -inf
    """Lower bound that is itself too little."""
    choices: tuple[str, ...] = ()
    unset: str = ""
    """What holds when it is left out, for a setting without a figure of its own."""

    def holds(self, value: float) -> bool:
        """Whether a number lies in it."""
        return isfinite(value) and self.above < value and self.low <= value <= self.high

    def __str__(self) -> str:
        if self.choices:
            return "one of " + ", ".join(self.choices)
        bounds = [f"> {self.above:g}"] if self.above > -inf else []
        bounds += [f">= {self.low:g}"] if self.low > -inf else []
        bounds += [f"<= {self.high:g}"] if self.high < inf else []
        return " and ".join(bounds) or "any number"


def setting(
    *,
    default: T,
    meaning: str,
    low: float = -inf,
    high: float = inf,
    above: float = -inf,
    choices: tuple[str, ...] = (),
    unset: str = "",
) -> T:
    """A field of a settings dataclass, with its `Domain`."""
    domain = Domain(meaning, low, high, above, choices, unset)
    return field(default=default, metadata={"domain": domain})


def check(settings: "DataclassInstance") -> None:
    """Compare every setting with its domain.

    Raises:
        ValueError: one is not what it may be; the sentence begins with its name.
    """
    for each in fields(settings):
        domain: Domain = each.metadata["domain"]
        value = getattr(settings, each.name)
        if value is None and each.default is None:
            continue
        if isinstance(each.default, bool):
            good, wanted = isinstance(value, bool), "true or false"
        elif domain.choices:
            good, wanted = value in domain.choices, str(domain)
        else:
            number = isinstance(value, int | float) and not isinstance(value, bool)
            good, wanted = number and domain.holds(value), str(domain)
        if not good:
            raise ValueError(f"{each.name} is {value!r}; it must be {wanted}")
