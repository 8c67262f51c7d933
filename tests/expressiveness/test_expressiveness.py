"""Every item of three foreign formats is a part of a profile, or stands on a list."""

import re
from collections import Counter
from functools import cache
from pathlib import Path

import yaml
from pytest import mark

from ppc.adapter.point import Point
from ppc.adapter.point_codec import PointCodec
from tests.expressiveness import evcc, home_assistant, sunspec
from tests.expressiveness.gate import EVCC, Item, members

pytestmark = mark.usefixtures("shared_data")

SOURCES = {
    "evcc": evcc.items,
    "home_assistant": home_assistant.items,
    "sunspec": sunspec.items,
}
LIST = yaml.safe_load((Path(__file__).parent / "cannot.yaml").read_text("utf-8"))
LISTED_AT_MOST = {"evcc": 31, "home_assistant": 26, "sunspec": 27}
"""The list may only shrink: nobody makes these numbers greater."""
ITEMS_AT_LEAST = {"evcc": 1500, "home_assistant": 130, "sunspec": 3500}
"""Below, the converter has overlooked some."""


@cache
def items(source: str) -> tuple[Item, ...]:
    return tuple(SOURCES[source]())


def listed(source: str) -> list[str]:
    return [
        name for entry in LIST if entry["source"] == source for name in entry["items"]
    ]


def troubles(source: str) -> dict[str, str]:
    """What does not convert, and why."""
    return {item.name: item.trouble for item in items(source) if item.trouble}


@mark.parametrize("source", SOURCES)
def test_what_does_not_convert_stands_on_the_list(source: str):
    new = troubles(source).keys() - set(listed(source))
    assert not {name: troubles(source)[name] for name in sorted(new)}


@mark.parametrize("source", SOURCES)
def test_what_stands_on_the_list_does_not_convert(source: str):
    stale = set(listed(source)) - troubles(source).keys()
    assert not sorted(stale), "they convert now, or are gone: take them off the list"


@mark.parametrize("source", SOURCES)
def test_the_list_only_shrinks(source: str):
    assert len(listed(source)) <= LISTED_AT_MOST[source]


@mark.parametrize("source", SOURCES)
def test_all_of_the_source_is_looked_at(source: str):
    names = {item.name for item in items(source)}
    print(f"{source}: {len(names)} items, {len(troubles(source))} on the list")  # noqa: T201
    assert len(names) >= ITEMS_AT_LEAST[source]


def test_no_register_of_a_template_is_overlooked():
    looked_at = {item.name.split()[0] for item in items("evcc")}
    told = [
        f"{path.removeprefix('templates/definition/')}:{number}"
        for path, text in members(EVCC)
        for number, line in enumerate(text.splitlines(), 1)
        if re.match(r"[- ]+source: (modbus|sunspec)\b", line)
    ]
    assert len(told) > 1300
    assert not sorted(set(told) - looked_at)


def test_each_entry_of_the_list_has_its_reason_and_stands_there_once():
    assert all(len(entry["reason"].split()) > 5 for entry in LIST)
    counts = Counter((e["source"], name) for e in LIST for name in e["items"])
    assert not [name for name, count in counts.items() if count > 1]


MODES = {
    "charger/stiebel-lwa.yaml setmode": {
        "setmode_2": [(4001, 0), (4002, 0)],
        "setmode_3": [(4001, 1), (4002, 0)],
        "setmode_1": [(4001, 0), (4002, 1)],
    },
    "meter/huawei-sun2000-hybrid.yaml curtail": {
        "curtail_100": [(47418, 1000), (47415, 0)],
        "curtail_default": [(47415, 7)],
    },
}


@mark.parametrize("what", MODES)
def test_each_mode_is_an_action_of_ours(what: str):
    file, name = what.split()
    (found,) = (
        item.part
        for item in items("evcc")
        if item.name.startswith(f"{file}:") and item.name.endswith(f" {name}")
    )
    others = found["actions"]["others"]
    assert MODES[what] == {
        case: [(step["write"]["address"], step["write"]["value"]) for step in steps]
        for case, steps in others.items()
        if steps
    }


NUMBERS = {
    "Battery Min Soc": 500,
    "Battery Reserved SoC for Backup": 50,
    "Battery charging start power": 5,
    "Battery max charge power": 5,
    "Export power limit": 50,
}


@mark.parametrize("name", NUMBERS)
def test_home_assistant_is_written(name):
    parts = {item.name: item.part for item in items("home_assistant")}
    (said,) = parts[f"template number: {name}"]["points"]
    assert PointCodec(Point(**said), 0).raw_for(50.0) == NUMBERS[name]
