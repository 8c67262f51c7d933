"""evcc: templates of meters and chargers, Modbus registers within.

Items are the registers, each with its form and scale, and what is made of them: sums,
tables of meanings, and the writes of each mode.
"""

import re
from collections.abc import Iterator
from typing import Any

import yaml

from ppc.adapter.block import MOST_READ
from tests.expressiveness import evcc_writes, sunspec
from tests.expressiveness.evcc_register import Tree, point
from tests.expressiveness.evcc_writes import seconds
from tests.expressiveness.gate import EVCC, Cannot, Data, Item, members
from tests.expressiveness.go_template import shown

IS_ZERO = re.compile(r"\w+ == 0")
TWO = 2
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
SERVICE = re.compile(r"service: modbus/read\?(\S+)")
KEYS = {
    "power": "p_w",
    "energy": "e_export_wh",
    "returnenergy": "e_import_wh",
    "soc": "soc_pu",
}


def items() -> Iterator[Item]:
    for file, text in _files():
        for number, line in enumerate(text.splitlines(), 1):
            if found := SERVICE.search(line):
                yield _item(f"{file}:{number} parameter", _of_service, found[1])
    seen = set()
    for file, name, tree in meanings():
        for leaf in tree.leaves():
            here = f"{file}:{leaf.line} {'/'.join(leaf.what)}"
            if (here, str(leaf)) not in seen:
                seen.add((here, str(leaf)))
                yield _item(here, _of_leaf, leaf)
        if tree["source"] not in ("modbus", "sunspec"):
            yield _item(f"{file}:{tree.line} {name}", part, name, tree)


def meanings() -> Iterator[tuple[str, str, Tree]]:
    """File, name and tree of all that is made of registers, each once."""
    seen = set()
    for file, text in _files():
        if "source: modbus" not in text and "source: sunspec" not in text:
            continue
        for rendered in dict.fromkeys(shown(text)):
            for name, tree in _attributes(rendered):
                leaves, key = list(tree.leaves()), (file, tree.line, str(tree))
                if leaves and key not in seen and tree.sound:
                    seen.add(key)
                    yield file, name, tree


def _files() -> Iterator[tuple[str, str]]:
    for path, text in members(EVCC):
        if path.endswith(".yaml"):
            yield path.removeprefix("templates/definition/"), text


def _attributes(rendered: str) -> Iterator[tuple[str, Tree]]:
    """What stands below `render`: name and tree, those of a list one by one."""
    lines = rendered.split("\n")
    at = lines.index("render: |") + 1
    body = "\n" * at + "\n".join(lines[at:])
    root = yaml.compose(body, Loader=LOADER)
    for key, node in root.value if root else ():
        tree = Tree.of(node)
        for each in tree if isinstance(tree, list) else [tree]:
            if isinstance(each, Tree):
                yield key.value, each


def _item(name: str, convert: Any, *of: Any) -> Item:
    try:
        return Item("evcc", name, convert(*of))
    except Cannot as why:
        return Item("evcc", name, cannot=str(why))


def _of_service(query: str) -> Data:
    asked = dict(each.split("=", 1) for each in query.split("&") if "=" in each)
    register = Tree({k: asked[k] for k in ("address", "type", "encoding")})
    leaf = Tree({"source": "modbus", "register": register, **asked})
    return {"points": [point(leaf, "parameter")]}


def _of_leaf(leaf: Tree) -> Data:
    if leaf["source"] == "sunspec":
        return {"blocks": list(sunspec.blocks_of(leaf.what, leaf.get("scale", 1)))}
    return _requested(leaf, point(leaf, "register"))


def _requested(leaf: Tree, said: Data) -> Data:
    """The point in the request the template names, if it does."""
    part: Data = {"points": [said]}
    if block := leaf.get("block"):
        where = {"address": block["register"], "count": block["count"]}
        table = {"table": said.pop("table", "holding")}
        part = {"blocks": [{**where, **table, "points": [said]}]}
    if wait := leaf.get("connectdelay"):
        part["timing"] = {"connect_delay_s": seconds(wait)}
    return part


def part(name: str, tree: Tree) -> Data:
    """What is read or written, as a part of a profile of ours."""
    if tree.sets or any(leaf.writes for leaf in tree.leaves()):
        return evcc_writes.part(name, tree)
    return _read(name, tree)


def _read(name: str, tree: Tree) -> Data:
    """What is read: one point, or a sum of several."""
    if tree["source"] == "map":
        values = {int(raw): float(meant) for raw, meant in tree["values"].items()}
        return {"points": [{**point(tree["get"], name), "map": values}]}
    if IS_ZERO.fullmatch(str(tree.get("script"))):
        (told,) = (each["config"] for each in tree["in"])
        return {"points": [{**point(told, name), "map": {0: 1.0}, "default": 0.0}]}
    if _magnitude(tree):
        return _signed(name, tree)
    leaves, offset = list(_addends(tree)), _constant(tree)
    key = KEYS.get(name, "p_w")
    if all(leaf["source"] == "sunspec" for leaf in leaves):
        parts = [(leaf.what[0], float(leaf.get("scale", 1))) for leaf in leaves]
        return sunspec.summed(parts, key)
    if any(leaf["source"] == "sunspec" for leaf in leaves):
        raise Cannot("add: a SunSpec point and a register elsewhere")
    points = [point(leaf, f"{name}_{i}") for i, leaf in enumerate(leaves)]
    if offset:
        points[0]["offset"] = offset
    sums = [{"key": key, "of": {each["name"]: 1.0 for each in points}}]
    return {"points": points, "sums": sums, "requests": {"gap_max": MOST_READ}}


def _addends(tree: Tree) -> Iterator[Tree]:
    """The registers of a sum."""
    if tree["source"] in ("modbus", "sunspec"):
        yield tree
    elif tree["source"] == "cached":
        yield from _addends(tree["value"])
    elif "add" in tree:
        for each in tree["add"]:
            if each["source"] != "const":
                yield from _addends(each)
    elif tree["source"] == "calc":
        kind = next(each for each in tree if each != "source")
        raise Cannot(f"calc {kind}: a product or a quotient of measurements")
    else:
        raise Cannot(f"{tree['source']}: what it means is told by a program")


def _constant(tree: Tree) -> float:
    """What a sum has besides registers."""
    return sum(
        float(each["value"]) if each["source"] == "const" else _constant(each)
        for each in tree.get("add", ())
    )


def _magnitude(tree: Tree) -> bool:
    """A magnitude times 2 s - 1, where s is 0 or 1: the sign is another register."""
    factors = tree.get("mul", ())
    return (
        len(factors) == TWO
        and "abs" in factors[0]
        and float(next(_addends(factors[1])).get("scale", 1)) == TWO
        and _constant(factors[1]) == -1.0
    )


def _signed(name: str, tree: Tree) -> Data:
    magnitude, sign = tree["mul"][0]["abs"], next(_addends(tree["mul"][1]))
    told = {"point": "sign", "negative": [0], "magnitude": True}
    value = {**point(magnitude, name), "sign_from": told}
    state = {**point(sign, "sign"), "scale": 1.0}
    return {"points": [value, state], "requests": {"gap_max": MOST_READ}}
