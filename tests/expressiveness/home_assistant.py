"""Home Assistant: the Sungrow SH map, with what is made of its registers.

Source of the words: documentation of the integrations modbus and template.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any

import yaml

from ppc.adapter.block import MOST_READ
from tests.expressiveness.gate import SUNGROW, Cannot, Data, Item, folder

FORMS = {"uint16": "u16", "int16": "s16", "uint32": "u32", "int32": "s32"}
BIT = re.compile(r"\{\{ states\('sensor\.(\w+)'\)\|int \|bitwise_and\((\w+)\) \}\}")
FACTOR = re.compile(r"\{\{ states\('sensor\.(\w+)'\)\|int( ?\*-1)?\}\}")
ADDEND = re.compile(r"([-+]?)\s*states\('sensor\.(\w+)'\)\|float")
MEANING = re.compile(r"(0x[0-9A-F]+): '([^']*)'")
STATES = re.compile(r"states\('sensor\.(\w+)'\)")
WRITTEN = re.compile(
    r"\{\{ value ?\| ?(?:int|float) ?(?:([*/]) ?(\d+))? ?(?:\| ?int)?\}\}"
)
ON_OFF = {"on": "command_on", "off": "command_off"}


class _Loader(yaml.SafeLoader):
    """Secrets are the user's: the name is left."""


_Loader.add_constructor("!secret", lambda _, node: f"!{node.value}")


def read() -> Data:
    text = (folder() / SUNGROW).read_text(encoding="utf-8")
    data: Data = yaml.load(text, _Loader)  # noqa: S506
    return data


def items() -> Iterator[Item]:
    data = read()
    hub = data["modbus"][0]
    map_ = Map(data)
    groups: list[tuple[str, list[Data], Callable[[Data], Data]]] = [
        ("sensor", hub["sensors"], lambda e: {"points": [point(e)]}),
        ("switch", hub["switches"], _switch),
        ("filter", data["sensor"], _program),
        ("automation", data["automation"], _program),
        ("scene", data["scene"], map_.scene),
    ]
    for template in data["template"]:
        for kind, entities in template.items():
            if kind != "switch":
                groups.append((f"template {kind}", entities, getattr(map_, kind)))
    for kind, entities, convert in groups:
        for entity in entities:
            name = f"{kind}: {entity.get('name') or entity['alias']}"
            try:
                yield Item("home_assistant", name, convert(entity))
            except Cannot as why:
                yield Item("home_assistant", name, cannot=str(why))
    yield Item("home_assistant", "profile: all sensors", map_.profile(), whole=True)


def label(entity: Data) -> str:
    name = re.sub(r"\W+", "_", str(entity["name"]).lower()).strip("_")
    return name if name[0].isalpha() else f"n_{name}"


def point(entity: Data) -> Data:
    """A register that is read."""
    kind = entity["data_type"]
    said: Data = {"name": label(entity), "address": entity["address"]}
    said["table"] = entity.get("input_type", "holding")
    if kind == "string":
        said |= {"type": "text", "length": entity["count"]}
    else:
        said["type"] = FORMS[kind]
    if entity.get("swap"):
        said["word_order"] = {"word": "little"}[entity["swap"]]
    for theirs, ours in (("scale", "scale"), ("offset", "offset")):
        if theirs in entity:
            said[ours] = entity[theirs]
    if "nan_value" in entity:
        said["absent"] = entity["nan_value"]
    if "scan_interval" in entity:
        said["every_s"] = float(entity["scan_interval"])
    return said | {"unit": entity.get("unit_of_measurement", "")}


def _write(address: int, value: float) -> Data:
    return {"write": {"address": address, "value": value, "single": True}}


def _switch(entity: Data) -> Data:
    """On and off, each looked after."""
    verify = entity["verify"]
    others = {
        f"{label(entity)}_{way}": [
            _write(entity["address"], entity[command]),
            {"wait_s": float(verify["delay"])},
            {
                "expect": {
                    "address": verify["address"],
                    "table": verify["input_type"],
                    "among": [verify[f"state_{way}"]],
                }
            },
        ]
        for way, command in ON_OFF.items()
    }
    return {"actions": {"others": others}}


def _program(_: Data) -> Data:
    raise Cannot("a program of Home Assistant")


class Map:
    """The entities, so that templates find those they lean on."""

    def __init__(self, data: Data) -> None:
        self.sensors = {label(e): e for e in data["modbus"][0]["sensors"]}
        self.switches = {label(e): e for e in data["modbus"][0]["switches"]}
        for template in data["template"]:
            for kind, entities in template.items():
                found = {label(e): e for e in entities}
                if kind == "number":
                    self.numbers = found
                elif kind == "select":
                    self.selects = found

    def _of(self, name: str, entity: Data, **more: Any) -> Data:
        if name not in self.sensors:
            raise Cannot("made of an entity that is itself made of others")
        return {**point(self.sensors[name]), "name": label(entity), **more}

    def binary_sensor(self, entity: Data) -> Data:
        if "delay_on" in entity:
            raise Cannot("a delay: it is shown only when it has lasted")
        found = BIT.fullmatch(entity["state"])
        if found is None:
            raise Cannot("a program of Home Assistant")
        mask = int(found[2], 0)
        return {"points": [self._of(found[1], entity, mask=mask)]}

    def sensor(self, entity: Data) -> Data:
        text = entity["state"].strip()
        if found := FACTOR.fullmatch(text):
            told = self._of(found[1], entity)
            factor = told.get("scale", 1.0) * (-1.0 if found[2] else 1.0)
            return {"points": [{**told, "scale": factor}]}
        if "set map = {" in text:
            words = {int(raw, 0): name for raw, name in MEANING.findall(text)}
            return {"points": [self._of(STATES.findall(text)[0], entity, words=words)]}
        if "{% if" in text:
            raise Cannot("half a number: what is below 0 is shown as 0")
        if "{%" in text or "*" in text:
            raise Cannot("a product of measurements")
        return self._sum(text, entity)

    def _sum(self, text: str, entity: Data) -> Data:
        signs = {name: -1.0 if s == "-" else 1.0 for s, name in ADDEND.findall(text)}
        points = [{**self._of(name, entity), "name": name} for name in signs]
        sums = [{"key": "e_export_wh", "of": signs}]
        return {"points": points, "sums": sums, "requests": {"gap_max": MOST_READ}}

    def number(self, entity: Data) -> Data:
        """A register that is written, read where its sensor is."""
        step, what = self._written(entity)
        found = WRITTEN.fullmatch(what)
        if found is None:
            raise Cannot(f"it writes {what}")
        times = float(found[2] or 1.0)
        scale = {"scale": 1.0 / times} if found[1] == "*" else {"scale": times}
        bounds = entity.get("min"), entity.get("max")
        valid = {"valid": bounds} if all(isinstance(b, int) for b in bounds) else {}
        said = {"name": label(entity), "address": step["address"], "writable": True}
        return {"points": [{**said, **scale, **valid}]}

    def select(self, entity: Data) -> Data:
        """A register that takes one of several words."""
        step, _ = self._written(entity)
        words = {raw: name for name, raw in entity["variables"]["map"].items()}
        said = {"name": label(entity), "address": step["address"], "writable": True}
        return {"points": [{**said, "words": words}]}

    def button(self, entity: Data) -> Data:
        (step,) = entity["press"]
        (raw,) = entity["variables"].values()
        steps = [_write(step["data"]["address"], raw)]
        return {"actions": {"others": {label(entity): steps}}}

    def _written(self, entity: Data) -> tuple[Data, str]:
        steps = entity.get("set_value") or entity["select_option"]
        data = next(s["data_template"] for s in steps if "data_template" in s)
        return data, data["value"]

    def scene(self, entity: Data) -> Data:
        """Several registers, each written with what it shall show."""
        steps = [self._shown(*each) for each in entity["entities"].items()]
        return {"actions": {"others": {label(entity): steps}}}

    def _shown(self, name: str, shown: str) -> Data:
        kind, _, name = name.partition(".")
        if kind == "switch":
            entity = self.switches[name]
            return _write(entity["address"], entity[ON_OFF[shown]])
        if kind == "select":
            entity = self.selects[name]
            address = self._written(entity)[0]["address"]
            return _write(address, entity["variables"]["map"][shown])
        (said,) = self.number(self.numbers[name])["points"]
        return _write(said["address"], float(shown) / said["scale"])

    def profile(self) -> Data:
        """All sensors as one profile, and what control needs with its keys."""
        points = [
            {**point(e), **KEYS.get(name, {})} for name, e in self.sensors.items()
        ]
        return {
            "source": "the Sungrow SH map of mkaiser, MIT",
            "type": "bess",
            "points": points,
            "commands": COMMANDS,
        }


KEYS: dict[str, Data] = {
    "total_active_power": {"key": "p_w"},
    "battery_level": {"key": "soc_pu", "scale": 0.001},
    "grid_frequency": {"key": "f_hz"},
}
COMMANDS = {
    "address": 13050,
    "count": 2,
    "points": [
        {
            "key": "p_set_w",
            "address": 13050,
            "by_sign": {"negative": 0xAA, "zero": 0xCC, "positive": 0xBB},
        },
        {"key": "p_set_w", "address": 13051, "part": "magnitude"},
    ],
}
"""Forced charge (0xAA), discharge (0xBB), stop (0xCC), and with how much."""
