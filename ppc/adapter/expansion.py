"""A profile as people write it, made into one as the program wants it: data to data."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from ppc.adapter.sunspec.placing import with_models
from ppc.adapter.traced import Traced, same
from ppc.adapter.variants import agrees

Data = dict[str, Any]
_OPTION = re.compile(r"\{(?P<name>\w+)\}( \* (?P<factor>-?\d+(\.\d+)?))?")
_PLACES = ("address", "write_address", "first", "last")
_PLACE_LISTS = ("registers", "apart")


def expanded(data: Any, options: Mapping[str, Any]) -> Any:  # noqa: ANN401
    """The same profile with addresses from 0, repeats written out, variants chosen,
    options of the device put where they are named: `value: "{charge_max_w}"`.

    `options` go before those the profile gives. Entries of the wrong kind are left as
    they are, for the check that follows.
    """
    if not isinstance(data, dict):
        return data
    own = data.get("options")
    options = {**(own if isinstance(own, dict) else {}), **options}
    data = {**_told(data, options), "options": options}
    data = _repeated(_chosen(data, options))
    base = data.get("address_base", 0)
    if isinstance(base, int) and base:
        data = {**_from_zero(data, base), "address_base": 0}
    if isinstance(group := data.get("commands"), dict):
        left = [] if _left_out(group, options) else [group]
        data = {**data, "commands": left}
    return with_models(data)


def origin(data: Any, place: Sequence[str]) -> tuple[str, ...]:  # noqa: ANN401
    """Where in the file the entry at `place` of the expanded `data` stands."""
    found: list[str] = []
    for i, part in enumerate(place):
        if isinstance(data, Traced) and part.isdigit():
            found.append(str(data.origins[int(part)]))
        elif i == 1 and place[0] == "commands" and not isinstance(data, Traced):
            pass
        else:
            found.append(part)
        data = _below(data, part)
    return tuple(found)


def _below(data: Any, part: str) -> Any:  # noqa: ANN401
    if isinstance(data, dict):
        return data.get(part)
    if isinstance(data, list) and part.isdigit() and int(part) < len(data):
        return data[int(part)]
    return None


def _told(data: Any, options: Mapping[str, Any]) -> Any:  # noqa: ANN401
    """With each text "{name}" replaced by the option of that name.

    "{name} * -0.1" is a number of the device in another unit. A name no option has is
    left, for the check that follows.
    """
    if isinstance(data, dict):
        return {key: _told(value, options) for key, value in data.items()}
    if isinstance(data, list):
        return [_told(value, options) for value in data]
    found = _OPTION.fullmatch(data) if isinstance(data, str) else None
    if found is None or found["name"] not in options:
        return data
    value = options[found["name"]]
    if not found["factor"]:
        return value
    if isinstance(value, bool) or not isinstance(value, int | float):
        return data  # no number has a multiple: left for the check
    return value * float(found["factor"])


def _chosen(data: Any, options: Mapping[str, Any]) -> Any:  # noqa: ANN401
    """Without the entries whose `when` does not agree."""
    if isinstance(data, dict):
        return {key: _chosen(value, options) for key, value in data.items()}
    if isinstance(data, list):
        return Traced(
            [
                (i, _chosen(entry, options))
                for i, entry in enumerate(data)
                if not _left_out(entry, options)
            ]
        )
    return data


def _left_out(entry: Any, options: Mapping[str, Any]) -> bool:  # noqa: ANN401
    when = entry.get("when") if isinstance(entry, dict) else None
    return isinstance(when, dict) and not agrees(when, options)


def _repeated(data: Any) -> Any:  # noqa: ANN401
    """Entries with `repeat: {count, step}` written out, `{n}` in texts from 1 on."""
    if isinstance(data, dict):
        return {key: _repeated(value) for key, value in data.items()}
    if not isinstance(data, list):
        return data
    origins = data.origins if isinstance(data, Traced) else range(len(data))
    out: list[tuple[int, Any]] = []
    for at, entry in zip(origins, data, strict=True):
        repeat = entry.get("repeat") if isinstance(entry, dict) else None
        count, step = _count_and_step(repeat)
        if count is None:
            out.append((at, _repeated(entry)))
            continue
        once = {key: value for key, value in entry.items() if key != "repeat"}
        copies = (_numbered(_shifted(once, -step * i), i + 1) for i in range(count))
        out += [(at, _repeated(copy)) for copy in copies]
    return Traced(out)


def _count_and_step(repeat: Any) -> tuple[int | None, int]:  # noqa: ANN401
    """None: there is no such repeat; the check that follows says so."""
    if not isinstance(repeat, dict) or not set(repeat) <= {"count", "step"}:
        return None, 0
    numbers = repeat.get("count"), repeat.get("step", 0)
    if not all(isinstance(number, int) for number in numbers):
        return None, 0
    count, step = numbers
    return count, step


def _numbered(data: Any, number: int) -> Any:  # noqa: ANN401
    """With `{n}` told; that of a repeat within is its own."""
    if isinstance(data, dict):
        if _count_and_step(data.get("repeat"))[0] is not None:
            return data
        return {key: _numbered(value, number) for key, value in data.items()}
    if isinstance(data, list):
        return same(data, [_numbered(value, number) for value in data])
    return data.replace("{n}", str(number)) if isinstance(data, str) else data


def _from_zero(data: Data, base: int) -> Data:
    """All addresses less `base`, but for those that count within a SunSpec model."""
    return {
        key: value if key == "options" else _shifted(value, base, models=False)
        for key, value in data.items()
    }


def _shifted(data: Any, base: int, *, models: bool = True) -> Any:  # noqa: ANN401
    """All addresses less `base`; `models`: those within SunSpec models too."""
    if isinstance(data, list):
        return same(data, [_shifted(value, base, models=models) for value in data])
    if not isinstance(data, dict) or (data.get("sunspec") and not models):
        return data
    out: Data = {}
    for key, value in data.items():
        if key in _PLACES and isinstance(value, int):
            out[key] = value - base
        elif key in _PLACE_LISTS and isinstance(value, list):
            out[key] = [v - base if isinstance(v, int) else v for v in value]
        else:
            out[key] = _shifted(value, base, models=models)
    return out
