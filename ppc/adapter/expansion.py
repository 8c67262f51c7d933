"""A profile as people write it, made into one as the program wants it: data to data."""

from collections.abc import Mapping
from typing import Any

from ppc.adapter.variants import agrees

Data = dict[str, Any]
_PLACES = ("address", "write_address", "first", "last")
_PLACE_LISTS = ("registers", "apart")


def expanded(data: Data) -> Data:
    """The same profile with addresses from 0, repeats written out, variants chosen.

    Entries of the wrong kind are left as they are, for the check that follows.
    """
    options = data.get("options") or {}
    data = _chosen(data, options if isinstance(options, Mapping) else {})
    data = _repeated(data)
    base = data.get("address_base", 0)
    if isinstance(base, int) and base:
        data = {**_shifted(data, base), "address_base": 0}
    if isinstance(data.get("commands"), dict):
        data = {**data, "commands": [data["commands"]]}
    return data


def _chosen(data: Any, options: Mapping[str, Any]) -> Any:  # noqa: ANN401
    """Without the entries whose `when` does not agree."""
    if isinstance(data, dict):
        return {key: _chosen(value, options) for key, value in data.items()}
    if isinstance(data, list):
        return [_chosen(x, options) for x in data if not _left_out(x, options)]
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
    out: list[Any] = []
    for entry in data:
        repeat = entry.get("repeat") if isinstance(entry, dict) else None
        if not isinstance(repeat, dict):
            out.append(_repeated(entry))
            continue
        once = {key: value for key, value in entry.items() if key != "repeat"}
        count, step = int(repeat.get("count", 0)), int(repeat.get("step", 0))
        out += [_numbered(_shifted(once, -step * i), i + 1) for i in range(count)]
    return out


def _numbered(data: Any, number: int) -> Any:  # noqa: ANN401
    if isinstance(data, dict):
        return {key: _numbered(value, number) for key, value in data.items()}
    if isinstance(data, list):
        return [_numbered(value, number) for value in data]
    return data.replace("{n}", str(number)) if isinstance(data, str) else data


def _shifted(data: Any, base: int) -> Any:  # noqa: ANN401
    """All addresses less `base`."""
    if isinstance(data, list):
        return [_shifted(value, base) for value in data]
    if not isinstance(data, dict):
        return data
    out = {}
    for key, value in data.items():
        if key in _PLACES and isinstance(value, int):
            out[key] = value - base
        elif key in _PLACE_LISTS and isinstance(value, list):
            out[key] = [v - base if isinstance(v, int) else v for v in value]
        else:
            out[key] = _shifted(value, base)
    return out
