"""Profiles as people write them: repeats, variants, options and written addresses."""

from pydantic import ValidationError
from pytest import fixture, mark, raises

from ppc.adapter.expansion import expanded
from ppc.adapter.profile import DeviceProfile


@fixture
def data():
    return {
        "source": "a test",
        "type": "bess",
        "points": [
            {"key": "p_w", "address": 40001, "type": "s16"},
            {"key": "soc_pu", "address": 40002},
        ],
        "commands": {
            "address": 40011,
            "count": 1,
            "points": [{"key": "p_set_w", "address": 40011, "type": "s16"}],
        },
        "address_base": 40001,
    }


def test_a_repeat_within_a_variant_counts_from_the_written_address(data):
    several = {
        "name": "cell_{n}",
        "meaning": "cell {n}",
        "address": 40101,
        "write_address": 40301,
        "repeat": {"count": "{cells}", "step": 2},
        "when": {"pack": "long"},
    }
    apart = {
        "name": "far_{n}",
        "registers": [40201, 40211],
        "type": "u32",
        "repeat": {"count": 2, "step": 1},
    }
    data["points"] += [several, apart]
    data["options"] = {"cells": 3, "pack": "short"}
    found = DeviceProfile.of(data, {"pack": "long"}).points[2:]
    assert [(p.name, p.meaning, p.places, p.write_address) for p in found] == [
        ("cell_1", "cell 1", (100,), 300),
        ("cell_2", "cell 2", (102,), 302),
        ("cell_3", "cell 3", (104,), 304),
        ("far_1", "", (200, 210), None),
        ("far_2", "", (201, 211), None),
    ]
    assert [p.name for p in DeviceProfile.of(data).points[2:]] == ["far_1", "far_2"]


def test_a_repeat_within_a_repeat(data):
    inner = {"name": "v_{n}", "address": 40101, "repeat": {"count": 2, "step": 1}}
    block = {"address": 40101, "count": 2, "points": [inner]}
    data["blocks"] = [block | {"repeat": {"count": 2, "step": 10}}]
    blocks = DeviceProfile.of(data).blocks
    assert [(b.address, [p.address for p in b.points]) for b in blocks] == [
        (100, [100, 101]),
        (110, [110, 111]),
    ]


@mark.parametrize(
    "repeat",
    [{"count": "many", "step": 1}, {"count": "{cells}"}, {"times": 3}, 3, {"step": 1}],
)
def test_a_repeat_that_is_none_is_refused_where_it_stands(data, repeat):
    data["points"][1]["repeat"] = repeat
    with raises(ValidationError, match=r"points\.1\.repeat"):
        DeviceProfile.of(data)


def test_one_group_of_commands_may_be_for_some_devices_only(data):
    data["commands"]["when"] = {"control": True}
    assert expanded(data, {"control": False})["commands"] == []
    assert len(DeviceProfile.of(data, {"control": True}).commands) == 1


def test_addresses_within_a_model_do_not_count_from_the_written_base(data):
    data["commands"]["sunspec"] = [64201]
    data["commands"] |= {"address": 7}
    data["commands"]["points"][0]["address"] = 7
    data["points"].append({"name": "maker", "sunspec": "1.Mn"})
    profile = DeviceProfile.of(data)
    assert profile.commands[0].address == profile.commands[0].points[0].address == 7
    assert [p.address for p in profile.points] == [0, 1, 0]


def test_options_are_no_addresses(data):
    data["options"] = {"address": 40005, "first": "A"}
    assert DeviceProfile.of(data).options == {"address": 40005, "first": "A"}


@mark.parametrize("given", ["5000", True])
def test_what_is_no_number_has_no_multiple(data, given):
    data["points"][0]["scale"] = "{most} * 0.1"
    assert DeviceProfile.of(data, {"most": 5000}).points[0].scale == 500.0
    with raises(ValidationError, match="scale"):
        DeviceProfile.of(data, {"most": given})
