"""A profile whose points stand in SunSpec models: what belongs to them is added.

Scale factors are points like others: each is read in the frame of those that lean on
it, and those that only set-points lean on, now and then.
"""

from collections.abc import Iterator
from typing import Any

from ppc.adapter.sunspec.facts import Place
from ppc.adapter.sunspec.of_model import Entry, factor_entry, filled, located, named
from ppc.adapter.traced import longer, same

COMMAND_FACTORS_EVERY_S = 60.0
"""How often exponents are read that only set-points need."""


def with_models(data: Entry) -> Entry:
    """The profile with addresses, scale factors and requests of its SunSpec points."""
    out = dict(data)
    for name in ("blocks", "commands"):
        if isinstance(data.get(name), list):
            requests = [_request(each, name) for each in data[name]]
            out[name] = same(data[name], requests)
    points = _points(data)
    known = _names(points)
    more = list(_factors(points, known))
    for block in out.get("blocks") or ():
        known |= _names(_points(block))
    wanted = [p for block in out.get("commands") or () for p in _points(block)]
    more += [
        (0, {"every_s": COMMAND_FACTORS_EVERY_S, **factor})
        for _, factor in _factors(wanted, known)
    ]
    if more:
        out["points"] = longer(points, more)
    return {key: _placed(value, str(key)) for key, value in out.items()}


def _factors(points: list[Any], known: set[str]) -> Iterator[tuple[int, Entry]]:
    """The points that hold the exponents of `points`, each with the place in the list
    of the first that needs it; but those in `known`, which grows.
    """
    for i, entry in enumerate(points):
        factor = factor_entry(entry) if isinstance(entry, dict) else None
        if factor is not None and factor["name"] not in known:
            known.add(factor["name"])
            yield i, factor


def _names(points: list[Any]) -> set[str]:
    return {str(p.get("name") or p.get("key")) for p in points if isinstance(p, dict)}


def _points(holder: Any) -> list[Any]:  # noqa: ANN401
    points = holder.get("points") if isinstance(holder, dict) else None
    return points if isinstance(points, list) else []


def _request(block: Any, group: str) -> Any:  # noqa: ANN401
    """The block with the factors of its points, if it is read, and its place."""
    points = _points(block)
    if not points:
        return block
    more = list(_factors(points, _names(points))) if group == "blocks" else []
    return _told({**block, "points": longer(points, more)} if more else block)


def _placed(data: Any, within: str = "") -> Any:  # noqa: ANN401
    """The data with everything that names a model and a point put in its place.

    `within`: the list it is an entry of.
    """
    if isinstance(data, list):
        return same(data, [_placed(each, within) for each in data])
    if not isinstance(data, dict):
        return data
    out = {key: _placed(value, str(key)) for key, value in data.items()}
    if isinstance(data.get("sunspec"), str):
        return filled(out, point=within == "points")
    return out


def _told(block: Entry) -> Entry:
    """The block with address, count and model, where its points tell them."""
    points = block["points"]
    if "count" in block:
        return block
    try:
        models = named(points[0]["sunspec"])[0]
        places = [_place(entry) for entry in points]
    except (KeyError, TypeError, ValueError, AttributeError):
        return block  # the check of the points says why
    first = min(place.offset for place in places)
    return {
        "address": first,
        "count": max(place.offset + place.fact.size for place in places) - first,
        "sunspec": list(models),
        "instance": points[0].get("instance", 0),
        **block,
    }


def _place(entry: Entry) -> Place:
    return located(entry["sunspec"])[0]
