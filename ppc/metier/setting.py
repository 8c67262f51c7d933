"""One setting of a control function: its default, what it means, what it may be."""

from collections.abc import Sequence
from dataclasses import field, fields
from math import inf, isfinite
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeGuard, TypeVar

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

T = TypeVar("T")

Curve = tuple[tuple[float, float], ...]
"""Points (x, y) of a piecewise linear characteristic, x rising or repeated."""

Table = tuple[tuple[float, float | None], ...]
"""The same, y being None where there is none from that x on."""


_LEAST_POINTS = 2


def is_number(value: object) -> TypeGuard[int | float]:
    """Whether it is a number; true and false are none."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def _items(value: object) -> Sequence[object]:
    return value if isinstance(value, list | tuple) else ()


def _pairs(value: object) -> Sequence[tuple[object, object]]:
    """The points of a curve; none where something in it is no point."""
    pairs = [_items(point) for point in _items(value)]
    if any(len(pair) != 2 for pair in pairs):  # noqa: PLR2004
        return ()
    return [(x, y) for x, y in pairs]


def _rising(points: Sequence[tuple[object, object]]) -> bool:
    """Whether every x is a number, and none is less than the one before."""
    xs = [float(x) for x, _ in points if is_number(x)]
    return len(xs) == len(points) and all(map(isfinite, xs)) and xs == sorted(xs)


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
    form: Literal["one", "several", "curve", "table"] = "one"
    """One value, a list of values, a curve whose y they are, or a table: a curve of one
    point or more, in which a y may also be null."""
    at_start: bool = False
    """Whether it only counts when the controller starts."""

    def holds(self, value: float) -> bool:
        """Whether a number lies in it."""
        return isfinite(value) and self.above < value and self.low <= value <= self.high

    def accepts(self, value: object) -> bool:
        """Whether a value of any kind is one."""
        match self.form:
            case "one":
                return is_number(value) and self.holds(float(value))
            case "several":
                return bool(_items(value)) and all(
                    is_number(v) and self.holds(float(v)) for v in _items(value)
                )
            case "curve":
                points = _pairs(value)
                return len(points) >= _LEAST_POINTS and self._accepts_points(points)
            case "table":
                points = _pairs(value)
                known = [(x, y) for x, y in points if y is not None]
                xs = [(x, 0.0) for x, _ in points]
                return bool(points) and _rising(xs) and self._accepts_points(known)

    def _accepts_points(self, points: Sequence[tuple[object, object]]) -> bool:
        return _rising(points) and all(
            is_number(y) and self.holds(float(y)) for _, y in points
        )

    def __str__(self) -> str:
        if self.choices:
            return "one of " + ", ".join(self.choices)
        bounds = [f"> {self.above:g}"] if self.above > -inf else []
        bounds += [f">= {self.low:g}"] if self.low > -inf else []
        bounds += [f"<= {self.high:g}"] if self.high < inf else []
        one = " and ".join(bounds) or "any number"
        match self.form:
            case "one":
                return one
            case "several":
                return f"a list, each {one}"
            case "curve":
                return f"two or more points [x, y], x rising, each y {one}"
            case "table":
                return f"points [x, y], x rising, each y {one}, or null"


def setting(
    *,
    default: T,
    meaning: str,
    low: float = -inf,
    high: float = inf,
    above: float = -inf,
    choices: tuple[str, ...] = (),
    unset: str = "",
    form: Literal["one", "several", "curve", "table"] = "one",
    at_start: bool = False,
) -> T:
    """A field of a settings dataclass, with its `Domain`."""
    domain = Domain(meaning, low, high, above, choices, unset, form, at_start)
    return field(default=default, metadata={"domain": domain})


class OutOfRange(ValueError):
    """Settings that are not what they may be: a sentence for each, from its name on."""

    def __init__(self, *reasons: str) -> None:
        super().__init__("; ".join(reasons))
        self.reasons = reasons


def check(settings: "DataclassInstance") -> None:
    """Compare every setting with its domain. Raises OutOfRange."""
    reasons = []
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
            good, wanted = domain.accepts(value), str(domain)
        if not good:
            reasons.append(f"{each.name} is {value!r}; it must be {wanted}")
    if reasons:
        raise OutOfRange(*reasons)
