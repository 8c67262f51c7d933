"""One case of the bench: what is set up, what happens, and what is expected then."""

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from ppc.adapter.strict import Strict
from ppc.bench.expectation import Expectation
from ppc.bench.recording import Recording
from ppc.bench.stimulus import Move

Name = Annotated[str, Field(min_length=1)]


class Source(Strict):
    """Where a case comes from: a public document, and the case's name in it."""

    document: Name
    case: Name


class ExpectedFailure(Strict):
    """A case that is known to fail, and why, in a sentence."""

    fail: Name


class Case(Strict):
    """A test case, as one YAML file holds it. docs/bench.md describes the format."""

    title: Name
    source: Source
    needs: tuple[Name, ...] = ()
    """Control functions by name. With one that is not built, the case is not run."""
    expected: Literal["pass"] | ExpectedFailure = "pass"
    plant: Name
    """A file in bench/plants."""
    changes: dict[str, Any] = Field(default_factory=dict)
    """Laid over the plant file."""
    settings: dict[str, dict[str, Any]] = Field(default_factory=dict)
    """Of control functions, laid over those in the plant file."""
    delay_s: Annotated[float, Field(ge=0, le=1)] = 0.0005
    """Of every wire between controller and devices, each way."""
    duration_s: Annotated[float, Field(gt=0)]
    sample_every: Annotated[int, Field(ge=1)] = 1
    """Steps of the plant per sample of the traces."""
    long: bool = False
    """Takes minutes: it is only run on request."""
    stimulus: tuple[Move, ...] = ()
    expect: Annotated[tuple[Expectation, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _in_time(self) -> Self:
        late = [move.at_s for move in self.stimulus if move.end_s > self.duration_s]
        if late:
            raise ValueError(f"a stimulus at {late[0]:g} s goes on after the end")
        return self

    @property
    def steps_s(self) -> tuple[float, ...]:
        """When something moves, in order."""
        return tuple(sorted({move.at_s for move in self.stimulus}))

    @property
    def recordings(self) -> tuple[Recording, ...]:
        """Measured courses that it plays."""
        return tuple(r for move in self.stimulus for r in move.recordings)


Variant = Mapping[str, Any]


def variants(data: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The cases in one file: its name's suffix ("" if there is one), and its data.

    `variants` is a list of axes; each maps a suffix to the values that `$name` stands
    for in the rest of the file. One case is made of each combination.

    Raises ValueError: `variants` has another shape, or a `$name` has no value.
    """
    axes = data.get("variants", [])
    shaped = isinstance(axes, list) and all(
        isinstance(axis, Mapping)
        and axis
        and all(
            isinstance(values, Mapping) and all(isinstance(n, str) for n in values)
            for values in axis.values()
        )
        for axis in axes
    )
    if not shaped:
        raise ValueError("variants: a list of `{suffix: {name: value}}` is wanted")
    rest = {name: value for name, value in data.items() if name != "variants"}
    for choice in product(*(axis.items() for axis in axes)):
        values: dict[str, Any] = {}
        for _, chosen in choice:
            values |= chosen
        suffix = "-".join(str(suffix) for suffix, _ in choice)
        yield suffix, _filled(rest, values) if axes else rest


def _filled(data: Any, values: Variant) -> Any:  # noqa: ANN401
    """`data` with every "$name" replaced by its value."""
    if isinstance(data, Mapping):
        return {_filled(k, values): _filled(v, values) for k, v in data.items()}
    if isinstance(data, list):
        return [_filled(item, values) for item in data]
    if isinstance(data, str) and "$" in data:
        return _replaced(data, values)
    return data


def _replaced(text: str, values: Variant) -> Any:  # noqa: ANN401
    if text.startswith("$") and text[1:] in values:
        return values[text[1:]]
    for name in sorted(values, key=len, reverse=True):
        text = text.replace(f"${name}", f"{values[name]}")
    if "$" in text:
        known = ", ".join(values) or "none"
        raise ValueError(f"variants: {text!r} has no value; there is {known}")
    return text
