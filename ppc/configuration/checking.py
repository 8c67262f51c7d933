"""Data against a model, entry by entry, with reasons for whoever wrote the file."""

import json
from collections.abc import Iterator
from dataclasses import MISSING, fields
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar, get_args, get_type_hints

from pydantic import BaseModel, ConfigDict, ValidationError, create_model
from pydantic_core import ErrorDetails

from ppc.configuration.findings import Fault, Place, instead
from ppc.metier.setting import OutOfRange

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

ModelT = TypeVar("ModelT", bound=BaseModel)
_SHOWN = 60
"""Characters of a wrong value that are shown."""


def parse(kind: type[ModelT], data: Any) -> ModelT:  # noqa: ANN401
    """`data` as a `kind`, strictly: neither `yes` nor "5" is a number.

    By way of JSON, where pydantic's strict mode still takes a list for a tuple and a
    word for an enumeration: YAML has no more to offer. Raises ValidationError.
    """
    return kind.model_validate_json(json.dumps(data, default=str), strict=True)


def check(kind: type[ModelT], data: Any) -> tuple[ModelT | None, list[Fault]]:  # noqa: ANN401
    """`data` as a `kind`, or all reasons why it is none."""
    try:
        return parse(kind, data), []
    except ValidationError as error:
        return None, list(faults(kind, error))


def build(kind: type["DataclassInstance"], options: Any) -> tuple[Any, list[Fault]]:  # noqa: ANN401
    """An instance of the settings dataclass `kind`, or all reasons why there is none.

    Names and types are held against its fields, values against its `__post_init__`,
    whose ValueError may begin with the name of the field it is about.
    """
    given, wrong = check(_model(kind), {} if options is None else options)
    if given is None:
        return None, wrong
    try:
        return kind(**{n: getattr(given, n) for n in given.model_fields_set}), []
    except OutOfRange as error:
        return None, [_fault(type(given), reason) for reason in error.reasons]
    except ValueError as error:
        return None, [_fault(type(given), str(error))]


def _fault(kind: type[BaseModel], reason: str) -> Fault:
    """A sentence about settings, at the one whose name it begins with."""
    name, _, rest = reason.partition(" ")
    return ((name,), rest) if name in kind.model_fields else ((), reason)


def faults(kind: type[BaseModel], error: ValidationError) -> Iterator[Fault]:
    """What pydantic found, each at its place."""
    for detail in error.errors(include_url=False):
        place = tuple(str(part) for part in detail["loc"] if part != "[key]")
        yield place, _reason(kind, place, detail)


@cache
def _model(kind: type["DataclassInstance"]) -> type[BaseModel]:
    """The fields of a dataclass as a model that knows no others."""
    hints = get_type_hints(kind)
    entries: dict[str, Any] = {
        f.name: (
            hints[f.name],
            ... if f.default is MISSING and f.default_factory is MISSING else None,
        )
        for f in fields(kind)
    }
    strict = ConfigDict(extra="forbid")
    return create_model(kind.__name__, __config__=strict, **entries)


def _reason(kind: type[BaseModel], place: Place, detail: ErrorDetails) -> str:
    said = detail["msg"].removeprefix("Value error, ").removeprefix("Input ")
    given = json.dumps(detail["input"], default=str)
    shown = given if len(given) <= _SHOWN else f"{given[:_SHOWN]}..."
    match detail["type"]:
        case "missing":
            return "is missing"
        case "extra_forbidden":
            return "is not known here" + instead(place[-1], _names(kind, place))
        case "value_error" | "assertion_error":
            return said
        case "dict_type" | "model_type":
            return f"should be `name: value` pairs, not {shown}"
        case "tuple_type" | "list_type":
            return f"should be a list, not {shown}"
        case _:
            return f"{said}, not {shown}"


def _names(kind: type[BaseModel], place: Place) -> list[str]:
    """The names known where the last one of `place` stands."""
    at: Any = kind
    for name in place[:-1]:
        at = _model_in(at.model_fields[name].annotation) if _has(at, name) else at
    return list(at.model_fields)


def _has(kind: type[BaseModel], name: str) -> bool:
    return name in kind.model_fields and bool(
        _model_in(kind.model_fields[name].annotation)
    )


def _model_in(annotation: Any) -> type[BaseModel] | None:  # noqa: ANN401
    """The model an entry holds: X in `X | None`, `dict[str, X]` or `tuple[X, ...]`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next(filter(None, map(_model_in, get_args(annotation))), None)
