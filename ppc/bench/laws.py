"""The laws that expected values are computed from, by name and from data.

    law = build("droop", {"reference": 1.0, "gain": 8.25, "low": -0.33, "high": 0.33})
    law(0.98)                                      -> 0.165
    law(v_pu, {"order.v_set_pu": v_set_pu})        -> a trace

`AnyLaw` is the same for a field of a pydantic model: `law: {droop: {gain: 8.25, ...}}`
in YAML; an error then stands at `law.droop.gain`. `law.columns()` says which columns of
the trace a law needs besides x. Only `low`, `high` and what is marked Quantity may be a
column. x is frequency in Hz for lfsm, fsm, fcr and gb; active power for power_factor
and power_factor_curve; time in s for ramp; whatever is meant for the others.
"""

from collections.abc import Iterator, Mapping
from typing import Annotated, ClassVar

import numpy as np
from pydantic import Field, GetCoreSchemaHandler, TypeAdapter, ValidationError
from pydantic_core import CoreSchema, core_schema

from ppc.bench.curves import (
    Constant,
    Curve,
    Droop,
    PowerFactor,
    PowerFactorCurve,
    Ramp,
)
from ppc.bench.frequency_laws import Fcr, Fsm, Gb, Lfsm
from ppc.bench.law import Context, Law, Values, column


class Of(Law):
    """A law whose x is a column of the trace, for laws of several inputs together."""

    inputs: ClassVar[tuple[str, ...]] = ("column",)
    column: Annotated[str, Field(min_length=1)]
    law: "AnyLaw"

    def unlimited(self, x: Values, context: Context) -> Values:  # noqa: ARG002
        return self.law(column(self.column, context), context)

    def parts(self) -> Iterator[Law]:
        yield self.law


class Several(Law):
    """Laws taken together, all on the same x (or see `of`)."""

    laws: Annotated[list["AnyLaw"], Field(min_length=1)]

    def values(self, x: Values, context: Context) -> tuple[Values, ...]:
        return tuple(np.broadcast_arrays(*(law(x, context) for law in self.laws)))

    def breaks(self, context: Context) -> Iterator[Values]:
        for law in self.laws:
            yield from law.breaks(context)

    def parts(self) -> Iterator[Law]:
        yield from self.laws


class Sum(Several):
    """The sum: a base plus responses."""

    def unlimited(self, x: Values, context: Context) -> Values:
        return np.asarray(np.sum(self.values(x, context), axis=0))


class Min(Several):
    """The smallest: the most binding of upper limits."""

    def unlimited(self, x: Values, context: Context) -> Values:
        return np.asarray(np.min(self.values(x, context), axis=0))


class Max(Several):
    """The largest."""

    def unlimited(self, x: Values, context: Context) -> Values:
        return np.asarray(np.max(self.values(x, context), axis=0))


LAWS: dict[str, type[Law]] = {
    "constant": Constant,
    "curve": Curve,
    "droop": Droop,
    "power_factor": PowerFactor,
    "power_factor_curve": PowerFactorCurve,
    "lfsm": Lfsm,
    "fsm": Fsm,
    "fcr": Fcr,
    "gb": Gb,
    "ramp": Ramp,
    "of": Of,
    "sum": Sum,
    "min": Min,
    "max": Max,
}


def name_of(data: object) -> str | None:
    """Give the name of the one law in `{name: parameters}`; None: not of that shape."""
    if isinstance(data, Law):
        return next(name for name, kind in LAWS.items() if isinstance(data, kind))
    if isinstance(data, Mapping) and len(data) == 1:
        return str(next(iter(data)))
    return None


def parameters(data: object) -> object:
    """Give what stands below the name."""
    if isinstance(data, Mapping):
        below = next(iter(data.values()))
        return {} if below is None else below
    return data


class ByName:
    """Has pydantic choose the law by its name, which an error's place then shows."""

    def __get_pydantic_core_schema__(
        self, _source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        choices: dict[str, CoreSchema] = {
            name: core_schema.no_info_before_validator_function(
                parameters, handler.generate_schema(kind)
            )
            for name, kind in LAWS.items()
        }
        return core_schema.tagged_union_schema(
            choices,
            name_of,
            custom_error_type="law",
            custom_error_message=f"give one law of: {', '.join(LAWS)}",
        )


AnyLaw = Annotated[Law, ByName()]
"""A field that holds `{name: parameters}` in YAML, and a law in Python."""
for composed in (Of, Several, Sum, Min, Max):
    composed.model_rebuild()
BY_NAME: TypeAdapter[Law] = TypeAdapter(AnyLaw)


class LawError(ValueError):
    """The parameters make no law; one line for each place that is wrong."""


def build(name: str, params: Mapping[str, object]) -> Law:
    """Build the law of this name.

    Raises:
        LawError: no law of this name, or parameters that it cannot take.
    """
    try:
        return BY_NAME.validate_python({name: dict(params)})
    except ValidationError as error:
        lines = [
            f"{'.'.join(map(str, item['loc'])) or name}: {item['msg']}"
            for item in error.errors()
        ]
        raise LawError("\n".join(lines)) from None
