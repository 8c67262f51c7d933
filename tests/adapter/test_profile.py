from pathlib import Path

import yaml
from pydantic import ValidationError
from pytest import fixture, mark, raises

from ppc.adapter.codec import BlockCodec
from ppc.adapter.command_codec import CommandCodec
from ppc.adapter.profile import DeviceProfile

PROFILES = Path(__file__).parents[2] / "config" / "profiles"


@mark.parametrize("path", sorted(PROFILES.glob("demo_*.yaml")), ids=lambda p: p.stem)
def test_a_shipped_profile_reads_back_what_it_writes(path):
    profile = DeviceProfile.load(path)
    for block in profile.reads:
        codec = BlockCodec(block, profile.word_order, 0.1)
        middle = {
            p.key: max(p.map.values()) if p.map else sum(p.valid or (0, 100)) / 2
            for p in block.points
        }
        row = codec.decode(codec.encode(middle), 0.0)
        assert row.bad == 0
        for point, value in zip(block.points, row.values, strict=True):
            assert abs(value - middle[point.key]) <= abs(point.scale)
    for group in profile.commands:
        CommandCodec(group, profile.word_order)


@fixture
def pv():
    return yaml.safe_load((PROFILES / "demo_pv_inverter.yaml").read_text())


def refuse(data, text):
    with raises(ValidationError, match=text):
        DeviceProfile.of(data)


def test_two_points_on_one_register_are_refused(pv):
    pv["blocks"][0]["points"][1]["address"] = 2
    refuse(pv, "overlap")


def test_a_point_outside_its_block_is_refused(pv):
    pv["blocks"][0]["count"] = 5
    refuse(pv, "leave")


def test_a_misspelt_entry_is_refused(pv):
    pv["blocks"][0]["points"][1]["scael"] = 1
    refuse(pv, "scael")


def test_a_unit_without_set_points_is_refused(pv):
    del pv["commands"]
    refuse(pv, "p_set_w, and q_set_var if it can")


def test_a_unit_that_does_not_say_what_it_gives_is_refused(pv):
    points = pv["blocks"][0]["points"]
    pv["blocks"][0]["points"] = [p for p in points if p["key"] != "p_w"]
    refuse(pv, "must measure p_w")


def test_a_signal_read_twice_is_refused(pv):
    pv["blocks"] = pv["blocks"] * 2
    refuse(pv, "read in two places")


def test_scale_zero_is_refused(pv):
    pv["blocks"][0]["points"][1]["scale"] = 0
    refuse(pv, "scale")


def test_a_refresh_slower_than_the_device_watchdog_is_refused(pv):
    pv["commands"]["refresh_s"] = 5
    refuse(pv, "shorter than watchdog_s")


def test_options_stand_where_they_are_named(pv):
    step = {"write": {"address": "{limit}", "value": "{charge_w} * -0.1"}}
    pv["actions"] = {"others": {"charge": [step]}}
    refuse(pv, "address")
    profile = DeviceProfile.of(pv, {"limit": 40, "charge_w": 5000})
    (found,) = profile.actions.others["charge"]
    assert (found.write.address, found.write.value) == (40, -500.0)


def test_a_request_that_is_written_out_keeps_to_the_longest(pv):
    longest = max(block["count"] for block in pv["blocks"])
    pv["requests"] = {"read_max": longest, "write_max": pv["commands"]["count"]}
    assert DeviceProfile.of(pv)
    refuse(pv | {"requests": {"read_max": longest - 1}}, "longer than read_max")
    short = {"write_max": pv["commands"]["count"] - 1}
    refuse(pv | {"requests": short}, "set_points is longer than write_max")


def test_the_shortest_watchdog_is_that_of_the_device(pv):
    group = pv["commands"]
    other = group | {"name": "other", "watchdog_s": 2 * group["watchdog_s"]}
    pv["commands"] = [other, group]
    assert DeviceProfile.of(pv).watchdog_s == group["watchdog_s"]


def test_what_is_stored_is_not_refreshed(pv):
    pv["commands"] |= {"stored": True, "refresh_s": 0.1}
    refuse(pv, "is not refreshed")


def test_one_register_is_written_by_function_one(pv):
    pv["commands"] |= {"function": "one"}
    refuse(pv, "function one writes")


BMS = {
    "source": "this test",
    "type": "bms",
    "points": [{"key": "soc_pu", "address": 1, "scale": 0.01}],
}


ONE = {"address": 9, "count": 1}


def test_a_bms_needs_no_set_points():
    beat = {"address": 70, "every_s": 1.0}
    profile = DeviceProfile.of({**BMS, "heartbeat": beat})
    assert not profile.type.is_unit
    assert profile.heartbeat is not None


@mark.parametrize(
    ("entry", "reason"),
    [
        ({"points": [{"key": "state_code", "address": 1}]}, "must measure soc_pu"),
        (
            {"commands": {**ONE, "points": [{"key": "p_set_w", "address": 9}]}},
            "a bms takes no set-points",
        ),
        (
            {"actions": {"enable": [{"write": {"address": 9, "value": 1}}]}},
            "a bms takes no set-points",
        ),
    ],
)
def test_a_bms_only_tells(entry, reason):
    with raises(ValidationError, match=reason):
        DeviceProfile.of(BMS | entry)
