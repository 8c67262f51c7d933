"""What an evcc template writes: an action of ours for each mode, with its steps."""

import re
from collections.abc import Iterator
from typing import Any

from tests.expressiveness import sunspec
from tests.expressiveness.evcc_register import Tree, address, form, point, scale, value
from tests.expressiveness.gate import Cannot, Data

FREE = object()
"""The value comes from whoever writes, as with `ppc write`."""
ELSE = "default"
WATCHDOG_S = 60.0
"""Where the template leaves it to an option."""
SINGLE = ("writesingle", "writeholding", "holding")
BITS = re.compile(r"\w+ (&\^|\|) (\d+)")
"""Go: bits cleared, bits set."""
WATTS = re.compile(r"powerlimit := \( \w+ \* curtail \) / 100")
"""A limit in percent, written in watts: our set-points are watts."""
SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0}


def part(name: str, tree: Tree) -> Data:
    """A part of a profile: one action for each case, or one point to write."""
    cases = list(dict.fromkeys(_cases(tree)))
    out: Data = {"points": [], "blocks": [], "commands": []}
    others, begin = {}, []
    for case in cases or [None]:
        label = name if case is None else f"{name}_{case}"
        writer = _Writer(label.lower().replace("-", "minus_"), out)
        writer.write(tree, FREE if case is None else case)
        if writer.steps:
            others[writer.name] = writer.steps
        begin += writer.begin
    return {**out, "actions": {"others": others, "on_connect": begin}}


def _cases(tree: Tree) -> Iterator[Any]:
    """Everything the template tells apart."""
    if tree.get("source") == "ifelse":
        yield from ("if", ELSE)
    if tree.get("source") == "map" and tree["set"]["source"] != "modbus":
        yield from (int(key) for key in tree["values"])
        return
    if "switch" in tree:
        yield from (each["case"] for each in tree["switch"] or ())
        yield ELSE
    for each in tree.below():
        yield from _cases(each)


class _Writer:
    """What is written in one case."""

    def __init__(self, name: str, out: Data) -> None:
        self.name, self.out = name, out
        self.steps: list[Data] = []
        self.begin: list[Data] = []
        self._guarded_s: float | None = None

    def write(self, tree: Tree, given: Any) -> None:
        """All that `tree` does with the value `given`."""
        source = tree.get("source")
        if source is None:
            for each in tree.values():
                if isinstance(each, Tree):
                    self.write(each, given)
            return
        known = getattr(self, f"_{source}", None)
        if known is None:
            raise Cannot(f"{source}: what it writes is made by a program")
        known(tree, given)

    def _sequence(self, tree: Tree, given: Any) -> None:
        for each in tree["set"]:
            self.write(each, given)

    def _switch(self, tree: Tree, given: Any) -> None:
        for each in tree["switch"] or ():
            if each["case"] == given:
                self.write(each["set"], given)
                return
        if isinstance(tree.get(ELSE), Tree):
            self.write(tree[ELSE], given)

    def _ifelse(self, tree: Tree, given: Any) -> None:
        self.write(tree["if" if given == "if" else "else"], given)

    def _const(self, tree: Tree, _: Any) -> None:
        if tree["value"] is not None:
            self.write(tree["set"], tree["value"])

    def _convert(self, tree: Tree, given: Any) -> None:
        self.write(tree["set"], given)

    def _ignore(self, tree: Tree, _: Any) -> None:
        raise Cannot(f"ignore: an answer that must be passed over: {tree['error']}")

    def _error(self, tree: Tree, _: Any) -> None:
        """The device has no such mode: there is no such action."""

    def _sleep(self, tree: Tree, _: Any) -> None:
        if (wait := seconds(tree["duration"])) > 0.0:
            self.steps.append({"wait_s": wait})

    def _watchdog(self, tree: Tree, given: Any) -> None:
        if tree.get("defer"):
            raise Cannot("watchdog defer: a change waits until the last has run out")
        if "initial" in tree:
            first = _Writer(self.name, self.out)
            first.write(tree["set"], tree["initial"])
            self.begin += first.steps
        resets = tree.get("reset", ())
        if given not in (resets if isinstance(resets, list) else [resets]):
            self._guarded_s = seconds(tree["timeout"])
        self.write(tree["set"], given)
        self._guarded_s = None

    def _random(self, tree: Tree, _: Any) -> None:
        """A number that must move: our heartbeat counts."""
        said = point(tree["set"], self.name)
        beat = {key: said[key] for key in ("address", "type")}
        self.out["heartbeat"] = {**beat, "every_s": (self._guarded_s or 2.0) / 2}

    def _go(self, tree: Tree, _: Any) -> None:
        """Scripts of one line: bits set or cleared, a limit told in watts."""
        script = re.sub(r"//.*", "", tree["script"]).strip()
        (out,) = [each["config"] for each in tree.get("out", ())] or [None]
        if out and (found := BITS.fullmatch(script)):
            self._bits(out, int(found[2]), on=found[1] == "|")
        elif out and WATTS.match(script):
            self.out["points"].append(point(out, self.name))
        else:
            raise Cannot("go: what it writes is made by a program")

    def _bits(self, out: Tree, mask: int, *, on: bool) -> None:
        said = {**form(out["register"]), **address(out["register"]["address"])}
        bits = mask // (mask & -mask) if on else 0
        self.out["commands"].append(
            {
                "address": said["address"],
                "count": 1,
                "name": self.name,
                "keep_others": True,
                "points": [{**said, "mask": mask, "constant": bits}],
            }
        )

    def _map(self, tree: Tree, given: Any) -> None:
        values = {float(k): v for k, v in tree["values"].items()}
        inner = tree["set"]
        if given not in (FREE, ELSE):
            if float(given) in values:
                self.write(inner, values[float(given)])
            return
        said = point(inner, self.name)
        self.out["points"].append({**said, "map": {v: k for k, v in values.items()}})

    def _modbus(self, tree: Tree, given: Any) -> None:
        if given is FREE or given == ELSE:
            self._free(tree)
            return
        register, told = tree["register"], scale(tree)
        said = {**address(register["address"]), **form(register)}
        said.pop("absent", None)
        if "base" in told:  # a share of the rating: an option of the device
            raw = value("<.maxacpower>", told["scale"] * float(given))
        else:
            raw = value(given, told.get("scale", 1.0))
        single = register["type"] in SINGLE
        if self._guarded_s is None:
            self.steps.append({"write": {**said, "value": raw, "single": single}})
        else:
            self._repeat({**said, "constant": raw}, single=single)

    def _free(self, tree: Tree) -> None:
        """A value somebody gives: a set-point if it must be renewed."""
        said = point(tree, self.name)
        if self._guarded_s is None:
            self.out["points"].append(said)
            return
        single = tree["register"]["type"] in SINGLE
        kept = {key: said[key] for key in said.keys() - {"writable", "readable"}}
        self._repeat({**kept, "key": "p_set_w"}, single=single)

    def _sunspec(self, tree: Tree, given: Any) -> None:
        for what in tree.what:
            said: Data = {"key": "p_set_w"}
            if given not in (FREE, ELSE):
                said = {"always": value(given)}
            command, *read = sunspec.command_of(what, said, tree.get("scale", 1))
            self.out["commands"].append(command)
            self.out["blocks"] += read

    def _repeat(self, said: Data, *, single: bool) -> None:
        """A set-point that is written again and again, before the device drops it."""
        guarded_s = self._guarded_s or WATCHDOG_S
        bits = int(str(said["type"])[1:])
        self.out["commands"].append(
            {
                "name": self.name,
                "address": said["address"],
                "count": bits // 16,
                "points": [said],
                "refresh_s": guarded_s / 2,
                "watchdog_s": guarded_s,
                "function": "one" if single else "many",
            }
        )


def seconds(text: Any) -> float:
    """ "30s" in seconds; an option counts as a minute."""
    found = re.fullmatch(r"(\d+)(ms|s|m)", str(text))
    return float(found[1]) * SECONDS[found[2]] if found else WATCHDOG_S
