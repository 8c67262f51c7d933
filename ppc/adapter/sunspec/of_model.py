"""What is written as model and point: the model says what the profile leaves unsaid."""

from functools import cache
from typing import Any, Self

from pydantic import Field, model_validator

from ppc.adapter.strict import Strict
from ppc.adapter.sunspec.facts import Place, locate

Entry = dict[str, Any]


class OfModel(Strict):
    """An entry of a profile that may stand in a SunSpec model."""

    sunspec: str | None = None
    """Instead of an address: model and point, "103.W", or "101,102,103.W" where any of
    these models will do, "160.module.1.DCW" in a group. The address then counts from
    the first register of the model's data."""
    instance: int = Field(default=0, ge=0)
    """Which, where the device has the model several times."""

    @property
    def models(self) -> tuple[int, ...]:
        """Any one of which it stands in; none where it has an address of its own."""
        return named(self.sunspec)[0] if self.sunspec else ()

    @model_validator(mode="after")
    def _stands_in_it(self) -> Self:
        if self.instance and not self.sunspec:
            raise ValueError("instance needs sunspec")
        if self.sunspec:
            place, _ = located(self.sunspec)
            if getattr(self, "address", None) != place.offset:
                raise ValueError(f"{self.sunspec} has its address from the model")
            if place.fact.type.register_type is None:
                raise ValueError(f"{self.sunspec} is an {place.fact.type}: no number")
        return self


def named(text: str) -> tuple[tuple[int, ...], str]:
    """The models and the point of "101,102,103.W". Raises ValueError."""
    numbers, _, path = text.partition(".")
    models = [number.strip() for number in numbers.split(",")]
    if not path or not all(number.isdecimal() for number in models):
        raise ValueError(f'{text!r} is not a model and a point, as in "103.W"')
    return tuple(int(number) for number in models), path


@cache
def located(text: str) -> tuple[Place, Place | None]:
    """Where the point of "101,102,103.W" stands, and its scale factor.

    Raises ValueError, also when these models do not agree about it.
    """
    models, path = named(text)
    first, *others = [locate(model, path) for model in models]
    for model, other in zip(models[1:], others, strict=True):
        if _form(other) != _form(first):
            raise ValueError(f"models {models[0]} and {model} differ about {path}")
    return first


def filled(entry: Entry, *, point: bool) -> Entry:
    """The entry with its address and type and, for a `point`, all the model says.

    What the entry says itself holds. One that is wrong gets just some address: its
    check says why.
    """
    text = entry["sunspec"]
    try:
        place, factor = located(text)
    except ValueError:
        return {"address": 0, **entry}
    fact = place.fact
    form = fact.type.register_type
    said: Entry = {"address": place.offset}
    if form is not None:
        said["type"] = form.value
    if not point:
        return said | entry
    if form is not None and not form.size:
        said["length"] = fact.size
    if factor is not None:
        said["scale_from"] = factor_name(entry)
    elif isinstance(fact.sf, int):
        entry = {**entry, "divisor": entry.get("divisor", 1.0) * 10.0**-fact.sf}
    if fact.type.absent is not None:
        said["absent"] = fact.type.absent
    if fact.symbols and "mask" not in entry:
        said |= {"words": dict(fact.symbols), "bits": fact.type.is_bits}
    if "key" not in entry:
        said["unit"] = fact.unit
    return said | entry


def factor_name(entry: Entry) -> str:
    """Name of the point that holds the exponent for `entry`: "w_sf_101"."""
    models, _ = named(entry["sunspec"])
    _, factor = located(entry["sunspec"])
    assert factor is not None, "only a point with a factor is asked"
    words = [factor.path.replace(".", "_").lower(), str(models[0])]
    if entry.get("instance"):
        words.append(str(entry["instance"]))
    if entry.get("every_s"):
        words.append(f"{entry['every_s']}s".replace(".", "_"))
    return "_".join(words)


def factor_entry(entry: Entry) -> Entry | None:
    """The point that holds the exponent for `entry`; None where there is none.

    Also for entries that are wrong: whoever checks them says why.
    """
    text = entry.get("sunspec")
    if not isinstance(text, str) or "scale_from" in entry:
        return None
    try:
        _, factor = located(text)
    except ValueError:
        return None
    if factor is None:
        return None
    return {
        "name": factor_name(entry),
        "sunspec": f"{text.partition('.')[0]}.{factor.path}",
        **{key: entry[key] for key in ("instance", "every_s") if key in entry},
    }


def _form(found: tuple[Place, Place | None]) -> tuple[object, ...]:
    """What must be the same in all models one point is read from."""
    place, factor = found
    fact = place.fact
    numbers = (place.offset, fact.size, fact.type.register_type, fact.type.absent)
    return (*numbers, fact.sf if factor is None else factor.offset)
