"""Golden registers of every shipped profile: the words of a device, and what they mean.

The words were worked out from the makers' tables, not by the code under test. One file
of `golden/` per profile. `reads`: registers by table and address (those not given are
0), and the values in them; what `absent` names must not be trusted. `writes`:
set-points, the frames that carry them, and under `told` what the device understands
where that is less than it was asked for. Addresses count from 0, as on the wire. A
block that lies in a SunSpec model stands in a table of its own, `model_64201`.
"""

from math import isnan
from pathlib import Path

import yaml
from pytest import approx, mark

from ppc.adapter.codec import BlockCodec
from ppc.adapter.command_codec import CommandCodec
from ppc.adapter.planner import planned
from ppc.adapter.point import Base
from ppc.adapter.profile import DeviceProfile
from ppc.datamodel.rating import EquipmentType

PROFILES = Path(__file__).parents[2] / "config" / "profiles"
GOLDEN = Path(__file__).parent / "golden"
NAMES = sorted(path.stem for path in PROFILES.glob("*.yaml"))
SIGNED = (EquipmentType.BESS, EquipmentType.POI)


def golden(name):
    return yaml.safe_load((GOLDEN / f"{name}.yaml").read_text(encoding="utf-8"))


def load(name, case):
    path = PROFILES / f"{name}.yaml"
    return DeviceProfile.load(path, case.get("options"))


def requests(profile):
    """Everything that can be read: for control, and for people."""
    points = tuple(p for p in profile.points if p.readable)
    return profile.blocks + planned(points, profile.sums, profile.requests)


def table_of(block):
    return f"model_{block.sunspec[0]}" if block.sunspec else block.table.value


def words(registers, block):
    """The payload of `block`, and whether any of its words is given."""
    held = {
        int(first) + i: word
        for first, row in registers.get(table_of(block), {}).items()
        for i, word in enumerate(row.split())
    }
    places = range(block.address, block.address + block.count)
    row = [held.get(place, "0000") for place in places]
    return bytes.fromhex("".join(row)), any(place in held for place in places)


def ratings(case):
    return {Base(name): float(value) for name, value in case.get("rating", {}).items()}


def read(profile, case):
    """Value of every name, and which of them must not be trusted."""
    values, bad = {}, set()
    order = case.get("word_order", profile.word_order)
    for block in requests(profile):
        payload, given = words(case["registers"], block)
        if not given:
            continue
        codec = BlockCodec(
            block, order, 0.1, byte_order=profile.byte_order, ratings=ratings(case)
        )
        values |= codec.image.values(payload)
        row = codec.decode(payload, 0.0)
        for i, (key, value) in enumerate(zip(codec.keys, row.values, strict=True)):
            values[key.value] = value
            bad |= {key.value} if row.bad >> i & 1 else set()
        names = {p.key.value: p.label for p in block.points if p.key}
        values |= {label: values[key] for key, label in names.items()}
        bad |= {label for key, label in names.items() if key in bad}
    return values, bad


def codecs(name, case):
    profile = load(name, case)
    return [
        CommandCodec(
            group,
            case.get("word_order", profile.word_order),
            byte_order=profile.byte_order,
            ratings=ratings(case),
        )
        for group in profile.commands
    ]


def holds(value, expected):
    if isinstance(expected, str):
        return value == expected
    return value == approx(expected, rel=1e-6, abs=1e-9)


def test_every_profile_has_golden_registers():
    assert sorted(path.stem for path in GOLDEN.glob("*.yaml")) == NAMES


@mark.parametrize("name", NAMES)
def test_words_of_the_device_mean_what_its_maker_says(name):
    for case in golden(name)["reads"]:
        values, bad = read(load(name, case), case)
        for label, expected in case["values"].items():
            assert holds(values[label], expected), (label, values[label])
            assert label not in bad, label
        for label in case.get("absent", ()):
            assert label in bad or isnan(values[label]), (label, values[label])


@mark.parametrize("name", NAMES)
def test_every_signal_has_a_golden_value(name):
    cases = golden(name)["reads"]
    keys = {
        key.value
        for case in cases
        for block in load(name, case).reads
        for key in block.keys
    }
    assert keys <= {label for case in cases for label in case["values"]}
    if load(name, {}).type in SIGNED:
        assert any(case["values"].get("p_w", 0) < 0 for case in cases)


@mark.parametrize("name", NAMES)
def test_a_profile_that_knows_absent_values_has_seen_one(name):
    cases = golden(name)["reads"]
    absent = {label for case in cases for label in case.get("absent", ())}
    points = [
        p for block in requests(load(name, {})) for p in block.points if p.absents
    ]
    assert not points or absent


@mark.parametrize("name", NAMES)
def test_set_points_become_the_words_its_maker_asks_for(name):
    cases = golden(name).get("writes", [])
    assert bool(cases) == bool(load(name, {}).commands)
    for case in cases:
        exponents = case.get("exponents", {})
        frames = [
            {
                "table": table_of(codec.block),
                "address": codec.block.address,
                "words": codec.encode(case["set"], exponents=exponents)
                .hex(" ", 2)
                .upper(),
            }
            for codec in codecs(name, case)
        ]
        assert frames == case["frames"]


@mark.parametrize("name", NAMES)
def test_the_words_mean_the_set_points_again(name):
    for case in golden(name).get("writes", []):
        exponents = case.get("exponents", {})
        told = {**case["set"], **case.get("told", {})}
        for codec in codecs(name, case):
            payload = codec.encode(case["set"], exponents=exponents)
            values = codec.decode(payload, exponents=exponents)
            for key, value in values.items():
                assert value == approx(told[key], rel=1e-3, abs=3), key
