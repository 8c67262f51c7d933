"""SunSpec: every point of every model, also in groups that repeat and nest.

The first two registers of a model, its number and its length, are no items: the walk of
the chain is made of them, and `sunspec:` of a block names the number. Groups whose
count the device tells are written out twice.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from ppc.adapter.block import MOST_READ
from tests.expressiveness.gate import SUNSPEC, Cannot, Data, Item, members

HEAD = 2
SHOWN_TWICE, MOST_ASKED = 2, 5
FORMS: dict[str, tuple[str, int | None]] = {
    "int16": ("s16", -(2**15)),
    "int32": ("s32", -(2**31)),
    "int64": ("s64", -(2**63)),
    "uint16": ("u16", 2**16 - 1),
    "uint32": ("u32", 2**32 - 1),
    "uint64": ("u64", 2**64 - 1),
    "acc16": ("u16", 0),
    "acc32": ("u32", 0),
    "acc64": ("u64", 0),
    "count": ("u16", 2**16 - 1),
    "enum16": ("u16", 2**16 - 1),
    "enum32": ("u32", 2**32 - 1),
    "bitfield16": ("u16", 2**16 - 1),
    "bitfield32": ("u32", 2**32 - 1),
    "sunssf": ("s16", -(2**15)),
    "float32": ("f32", None),
    "pad": ("u16", None),
    "string": ("text", None),
    "ipaddr": ("version", None),
    "ipv6addr": ("hex", None),
    "eui48": ("hex", None),
}
"""The type of ours, and the raw number that says "not implemented"."""


INVERTER = {"W": "p_w", "VAr": "q_var", "Hz": "f_hz", "PPVphAB": "v_v"}
METER = {"W": "p_w", "VAR": "q_var", "Hz": "f_hz", "PPV": "v_v"}
PROFILES = {
    **dict.fromkeys((101, 102, 103, 111, 112, 113), ("pv", INVERTER)),
    **dict.fromkeys((201, 202, 203, 204, 211, 212, 213, 214), ("poi", METER)),
    701: ("pv", {"W": "p_w", "Var": "q_var", "Hz": "f_hz", "LLV": "v_v"}),
}
"""Models that are whole devices: the part they play, and what control needs of them."""


@dataclass(frozen=True)
class Place:
    """One point of a model, one time."""

    path: str
    """ "W", "module.1.DCW"."""
    offset: int
    """From the first register after the length."""
    fact: Data
    factor: "Place | None"
    """Where its scale factor stands."""

    @property
    def size(self) -> int:
        return int(self.fact["size"])

    @property
    def span(self) -> tuple[int, int]:
        """Ends of the registers it needs, those of its factor too."""
        with_factor = [self, self.factor] if self.factor else [self]
        return (
            min(each.offset for each in with_factor),
            max(each.offset + each.size for each in with_factor),
        )

    @property
    def definition(self) -> str:
        """Its path without the numbers of groups."""
        return re.sub(r"\.\d+\.", ".", self.path)


@cache
def models(times: int = SHOWN_TWICE) -> dict[int, tuple[Place, ...]]:
    """The points of each model, in order; groups of any number so many times."""
    found = {}
    for name, text in members(SUNSPEC):
        if re.fullmatch(r"(.*/)?model_\d+\.json", name):
            data = json.loads(text)
            _, places = _places(data["group"], "", -HEAD, {}, times)
            found[int(data["id"])] = tuple(p for p in places if p.offset >= 0)
    return dict(sorted(found.items()))


def _places(
    group: Data, prefix: str, at: int, factors: dict[str, Place], shown: int
) -> tuple[int, list[Place]]:
    """The points of a group from register `at` on, and where it ends."""
    out, factors, begin = [], dict(factors), at
    for fact in group.get("points", ()):
        if fact["type"] == "sunssf":
            factors[fact["name"]] = Place(prefix + fact["name"], at, fact, None)
        at += fact["size"]
    at = begin
    for fact in group.get("points", ()):
        named = fact.get("sf")
        factor = factors[named] if isinstance(named, str) else None
        out.append(Place(prefix + fact["name"], at, fact, factor))
        at += fact["size"]
    for inner in group.get("groups", ()):
        count = inner.get("count", 1)
        times = count if isinstance(count, int) and count else shown
        for i in range(1, times + 1):
            below = f"{prefix}{inner['name']}.{i}."
            at, more = _places(inner, below, at, factors, shown)
            out += more
    return at, out


def items() -> Iterator[Item]:
    for number, places in models().items():
        by_definition: dict[str, list[Place]] = {}
        for place in places:
            by_definition.setdefault(place.definition, []).append(place)
        for definition, copies in by_definition.items():
            yield _item(f"{number}.{definition}", number, copies)
        near = [p for p in places if p.span[1] - p.span[0] <= MOST_READ]
        yield _item(f"{number}", number, near)
    yield from _profiles()


def _profiles() -> Iterator[Item]:
    """Whole profiles, with the set-points of model 704."""
    commands, factors = [], []
    for what, key in (("704:WSet", "p_set_w"), ("704:VarSet", "q_set_var")):
        command, *read = command_of(what, {"key": key}, 1.0)
        factors += [{**each, "every_s": 60.0} for each in read]
        commands.append({**command, "name": key})
    for number, (kind, keys) in PROFILES.items():
        places = [p for p in models()[number] if p.path in keys]
        requests = list(blocks(number, places))
        known = {name.lower(): key for name, key in keys.items()}
        for request in requests:
            for said in request["points"]:
                said["key"] = known.get(said["name"])
        data = {"source": "SunSpec models", "type": kind, "blocks": requests}
        if kind != "poi":
            data |= {"blocks": requests + factors, "commands": commands}
        yield Item("sunspec", f"profile {number}", data, whole=True)


def _item(name: str, number: int, places: list[Place]) -> Item:
    try:
        return Item("sunspec", name, {"blocks": list(blocks(number, places))})
    except Cannot as why:
        return Item("sunspec", name, cannot=str(why))


def blocks(number: int, places: list[Place], scale: float = 1.0) -> Iterator[Data]:
    """Requests of ours for these points and their scale factors."""
    run: list[Place] = []
    for place in sorted(places, key=lambda p: p.offset):
        first, last = _ends([place])
        if last - first > MOST_READ:
            raise Cannot(f"its scale factor is {last - first} registers away")
        first, last = _ends([*run, place])
        if run and last - first > MOST_READ:
            yield _block(number, run, scale)
            run = []
        run.append(place)
    if run:
        yield _block(number, run, scale)


def _ends(places: list[Place]) -> tuple[int, int]:
    spans = [place.span for place in places]
    return min(s[0] for s in spans), max(s[1] for s in spans)


def _block(number: int, places: list[Place], scale: float) -> Data:
    first, last = _ends(places)
    known = {p.offset for p in places}
    factors = {p.factor.offset: p.factor for p in places if p.factor}
    more = [factor for at, factor in factors.items() if at not in known]
    return {
        "sunspec": [number],
        "address": first,
        "count": last - first,
        "points": [point(p, scale) for p in places] + [point(p) for p in more],
    }


def point(place: Place, scale: float = 1.0) -> Data:
    """The point of ours."""
    fact = place.fact
    form, absent = FORMS[fact["type"]]
    said: Data = {"name": label(place), "address": place.offset, "type": form}
    if form in ("text", "version", "hex"):
        said["length"] = place.size
    if absent is not None:
        said["absent"] = absent
    if place.factor is not None:
        said["scale_from"] = label(place.factor)
    elif isinstance(fact.get("sf"), int):
        scale *= 10.0 ** fact["sf"]
    if scale != 1.0:
        said["scale"] = scale
    if fact.get("symbols"):
        said["words"] = {each["value"]: each["name"] for each in fact["symbols"]}
        said["bits"] = fact["type"].startswith("bitfield")
    said |= {"unit": fact.get("units", ""), "meaning": fact.get("label", "")}
    return said | {"writable": fact.get("access") == "RW"}


def label(place: Place) -> str:
    return re.sub(r"\W", "_", place.path.lower())


def find(what: str) -> tuple[int, Place]:
    """The point evcc calls "103:W", or "160:2:DCW" in the second of its groups."""
    number, *group, name = what.split(":")
    index = int(group[0]) if group else 0
    for place in models(MOST_ASKED).get(int(number), ()):
        *path, own = place.path.split(".")
        if own == name and (path[1:2] == [str(index)] if index else not path):
            return int(number), place
    raise Cannot(f"{what} is in no model")


def blocks_of(whats: list[str], scale: float) -> Iterator[Data]:
    """The requests for what evcc reads from any one of several models."""
    for what in whats:
        number, place = find(what)
        yield from blocks(number, [place], scale)


def summed(parts: list[tuple[str, float]], key: str) -> Data:
    """A sum of points of one model."""
    found = [(*find(what), scale) for what, scale in parts]
    number = found[0][0]
    (block,) = blocks(number, [place for _, place, _ in found])
    of = {label(place): scale for _, place, scale in found}
    return {"blocks": [{**block, "sums": [{"key": key, "of": of}]}]}


def command_of(what: str, said: Data, scale: float) -> Iterator[Data]:
    """The write request for a point, then the request that brings its scale factor."""
    number, place = find(what)
    written = point(place, 1.0 / scale)
    keys = ("address", "type", "scale_from", "scale")
    form = {key: written[key] for key in keys if key in written}
    yield {
        "sunspec": [number],
        "address": place.offset,
        "count": place.size,
        "points": [{**form, **said}],
    }
    if place.factor is not None:
        yield _block(number, [place.factor], 1.0)
