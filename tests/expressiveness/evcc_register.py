"""One register of an evcc template, as a point of ours.

The words of the source: `decode` (or `encoding`) is the form; an "s" after the bits
says low word first; "nan" that the greatest number (signed: the least, too) is none;
what is read is multiplied by `scale` afterwards, what is written before.
Source: util/modbus/register.go of github.com/evcc-io/evcc (MIT).
"""

import re
from collections.abc import Iterator
from typing import Any

import yaml

from ppc.adapter.register_type import RegisterType
from tests.expressiveness.gate import Cannot, Data

FORM = re.compile(r"(uint|int|float)(16|32|64)(s?)(nan)?(s?)")
LETTERS = {"uint": "u", "int": "s", "float": "f"}
RATED = re.compile(r"<divf \(maxf \.(maxacpower) 1\) 100>")
STEPS = re.compile(r"<add (\d+) \(mul \(int \.(\w+)\) (\d+)\)>")
VALUES = (
    (re.compile(r"(-?)<[.$](\w+)>"), lambda m: (m[2], -1.0 if m[1] else 1.0)),
    (re.compile(r"<mul \.(\w+) (-?\d+)>"), lambda m: (m[1], float(m[2]))),
    (re.compile(r"<div \.(\w+) (\d+)>"), lambda m: (m[1], 1.0 / float(m[2]))),
)
"""How a value leans on an option of the device: its name, and a factor."""
MOST_REPEATED = 4


class Tree(dict[str, Any]):
    """A mapping of the file that knows where it stands."""

    line: int = 0
    twice = False
    """Something stands in it twice: branches were taken that exclude each other."""

    @classmethod
    def of(cls, node: yaml.Node) -> Any:
        if isinstance(node, yaml.SequenceNode):
            return [cls.of(each) for each in node.value]
        if isinstance(node, yaml.MappingNode):
            tree = cls({k.value: cls.of(v) for k, v in node.value})
            tree.line = node.start_mark.line + 1
            tree.twice = len(tree) < len(node.value)
            return tree
        tag, text = node.tag.rpartition(":")[2], node.value
        if tag == "int":
            return int(text, 0)
        if tag == "float":
            return float(text)
        return None if tag == "null" else text

    def leaves(self) -> Iterator["Tree"]:
        """The registers below, and itself."""
        if self.get("source") in ("modbus", "sunspec"):
            yield self
            return
        for each in self.below():
            yield from each.leaves()

    def below(self) -> Iterator["Tree"]:
        for value in self.values():
            for each in value if isinstance(value, list) else [value]:
                if isinstance(each, Tree):
                    yield each

    @property
    def what(self) -> list[str]:
        """Its registers: an address, or names of points in SunSpec models."""
        if self["source"] == "modbus":
            return [str(self["register"]["address"])]
        value = self["value"]
        return value if isinstance(value, list) else [value]

    @property
    def sound(self) -> bool:
        """Whether the branches taken make sense together."""
        if self.twice or self.get("address", "") is None:
            return False
        if "decode" in self and "address" not in self:
            return False
        return all(each.sound for each in self.below())

    @property
    def writes(self) -> bool:
        return str(self.get("register", {}).get("type", "")).startswith("write")

    @property
    def sets(self) -> bool:
        """Whether something below is told a value."""
        return "set" in self or any(each.sets for each in self.below())


def form(register: Data) -> Data:
    """`type`, `word_order` and `absent` of our point."""
    text = str(register.get("decode") or register.get("encoding"))
    found = FORM.fullmatch(text)
    if found is None:
        raise Cannot(f"{text} is no number")
    letter, bits, s_before, none, s_after = found.groups()
    kind = LETTERS[letter] + bits
    said: Data = {"type": kind}
    if s_before or s_after:
        said["word_order"] = "little"
    if none and letter != "float":
        low, high = (int(end) for end in RegisterType(kind).range)
        said["absent"] = [low, high] if low else high
    return said


def point(leaf: Tree, name: str) -> Data:
    """The point of ours; its name is `name`, with the address where that is known."""
    register = leaf["register"]
    kind = str(register["type"])
    said: Data = {"name": name, **form(register), **scale(leaf)}
    if kind.startswith("write"):
        if said.pop("base", None):
            said["scale"] = 1.0  # a share of the rating, written in watts
        said |= {"writable": True, "readable": False, **_turned(said)}
    elif kind == "input":
        said["table"] = "input"
    elif kind != "holding":
        raise Cannot(f"{kind} is no table")
    return said | address(register["address"], name)


def _turned(said: Data) -> Data:
    """What is written is multiplied: our value is what the raw number divides to."""
    factor = said.get("scale", 1.0)
    return {"scale": 1.0, "divisor": factor} if factor != 1.0 else {}


def scale(leaf: Tree) -> Data:
    text = leaf.get("scale", 1)
    if isinstance(text, int | float):
        return {"scale": float(text)} if text != 1 else {}
    if RATED.fullmatch(text):
        return {"base": "p_max_w", "scale": 0.01}
    try:
        return {"scale": float(text)}
    except ValueError:
        raise Cannot(f"its scale is {text}") from None


def address(text: int | str, name: str = "register") -> Data:
    """A number, an option of the device, or one of a row."""
    if isinstance(text, int) or re.fullmatch(r"0x\w+|\d+", text):
        return {"address": int(str(text), 0)}
    if found := re.fullmatch(r"<\.(\w+)>", text):
        return {"address": "{" + found[1] + "}"}
    if found := STEPS.fullmatch(text):
        first, step = int(found[1]) + int(found[3]), int(found[3])
        return {
            "name": name + "_{n}",
            "address": first,
            "repeat": {"count": MOST_REPEATED, "step": step},
        }
    raise Cannot(f"its address is {text}")


def value(text: Any, factor: float = 1.0) -> float | str:
    """The raw value a step of ours writes, maybe a multiple of an option."""
    if isinstance(text, int | float):
        return text * factor
    for pattern, read in VALUES:
        if found := pattern.fullmatch(str(text)):
            name, times = read(found)
            return f"{{{name}}} * {times * factor:f}"
    raise Cannot(f"it writes {text}")
