import json

from pydantic import ValidationError
from pytest import fixture, raises

from ppc.adapter.block_image import BlockImage
from ppc.adapter.command_codec import CommandCodec
from ppc.adapter.expansion import expanded
from ppc.adapter.point import Base
from ppc.adapter.profile import DeviceProfile
from ppc.keys import Key


@fixture(name="pv")
def _pv():
    return {
        "source": "a model of a device",
        "type": "pv",
        "points": [
            {"key": "p_w", "sunspec": "101,102,103.W"},
            {"key": "q_var", "sunspec": "101,102,103.VAr"},
            {"key": "f_hz", "sunspec": "101,102,103.Hz"},
            {"key": "p_available_w", "sunspec": "120.WRtg", "every_s": 60},
            {"name": "temperature", "sunspec": "101,102,103.TmpCab"},
        ],
        "commands": {
            "points": [
                {
                    "key": "p_set_w",
                    "sunspec": "123.WMaxLimPct",
                    "scale": 0.01,
                    "base": "p_max_w",
                },
                {"sunspec": "123.WMaxLimPct_WinTms", "constant": 0},
                {"sunspec": "123.WMaxLimPct_RvrtTms", "constant": 60},
                {"sunspec": "123.WMaxLimPct_RmpTms", "constant": 0},
                {"sunspec": "123.WMaxLim_Ena", "constant": 1},
            ]
        },
    }


def spans(profile):
    return [(b.models, b.every_s, b.address, b.count) for b in profile.reads]


def test_points_become_requests_of_their_models(pv):
    assert spans(DeviceProfile.of(pv)) == [
        ((101, 102, 103), None, 12, 8),
        ((120,), 60.0, 1, 2),
        ((123,), 60.0, 21, 1),
    ]


def test_the_scale_factor_is_read_in_the_same_frame(pv):
    block = DeviceProfile.of(pv).reads[0]
    image = BlockImage(block, "big")
    raw = image.encode({Key.P_W: -4.0, Key.Q_VAR: 3.0, Key.F_HZ: 50.0})
    assert len(raw) == 16
    registers = bytearray(raw)
    registers[0:4] = (471).to_bytes(2, "big") + (1).to_bytes(2, "big")
    assert image.values(bytes(registers))["p_w"] == 4710.0


def test_points_for_people_do_not_lengthen_what_control_asks(pv):
    profile = DeviceProfile.of(pv)
    assert {p.label for p in profile.points} >= {"temperature", "tmp_sf_101"}
    assert all("temperature" not in {p.label for p in b.points} for b in profile.reads)


def test_a_command_knows_the_exponent_it_has_to_be_told(pv):
    profile = DeviceProfile.of(pv)
    (command,) = profile.commands
    assert (command.models, command.address, command.count) == ((123,), 3, 5)
    codec = CommandCodec(command, "big", ratings={Base.P_MAX_W: 20e3})
    assert codec.needs == {"wmaxlimpct_sf_123"}
    asked = [p.label for b in profile.reads for p in b.points]
    assert codec.needs <= set(asked)
    registers = codec.encode({Key.P_SET_W: 5e3}, exponents={"wmaxlimpct_sf_123": -2})
    assert registers == bytes.fromhex("09c4 0000 003c 0000 0001")


def test_an_exponent_that_is_read_anyhow_is_not_read_twice(pv):
    pv["points"].append({"name": "limit", "key": "v_v", "sunspec": "123.WMaxLimPct"})
    assert spans(DeviceProfile.of(pv))[1] == ((123,), None, 3, 19)
    assert all(
        every_s != 60.0 for m, every_s, *_ in spans(DeviceProfile.of(pv)) if m == (123,)
    )


def test_an_exponent_that_a_block_reads_is_not_read_twice(pv):
    pv["blocks"] = [{"points": [{"key": "v_v", "sunspec": "123.WMaxLimPct"}]}]
    found = [span for span in spans(DeviceProfile.of(pv)) if span[0] == (123,)]
    assert found == [((123,), None, 3, 19)]


def test_it_says_whether_there_is_something_to_find(pv):
    assert DeviceProfile.of(pv).of_models
    del pv["commands"]
    pv |= {
        "type": "poi",
        "points": [
            {"key": key, "address": i}
            for i, key in enumerate(("v_v", "f_hz", "p_w", "q_var"))
        ],
    }
    assert not DeviceProfile.of(pv).of_models


def test_a_command_does_not_write_into_a_gap(pv):
    del pv["commands"]["points"][2]
    with raises(ValidationError, match="a gap would be written as 0"):
        DeviceProfile.of(pv)
    pv["commands"]["keep_others"] = True
    assert DeviceProfile.of(pv).commands[0].count == 5


def test_a_block_as_written_gets_its_place_from_its_points(pv):
    own = pv["points"][:2]
    pv["blocks"] = [{"every_s": 0.5, "points": own}]
    pv["points"] = pv["points"][2:]
    block = DeviceProfile.of(pv).blocks[0]
    assert (block.models, block.address, block.count) == ((101, 102, 103), 12, 8)
    assert [p.label for p in block.points] == ["p_w", "q_var", "w_sf_101", "var_sf_101"]


def test_points_of_two_models_are_not_one_block(pv):
    pv["blocks"] = [{"points": [{"name": "a", "sunspec": "1.DA"}, pv["points"].pop(0)]}]
    with raises(ValidationError, match="is of another model"):
        DeviceProfile.of(pv)


def test_several_of_one_model_are_several_requests(pv):
    pv["points"].append({"key": "p_l1_w", "sunspec": "203.W"})
    pv["points"].append({"key": "p_l2_w", "sunspec": "203.W", "instance": 1})
    found = [
        (b.instance, b.address) for b in DeviceProfile.of(pv).reads if 203 in b.models
    ]
    assert found == [(0, 16), (1, 16)]


def test_a_long_model_is_more_than_one_request(pv):
    pv["points"].append({"key": "p_l1_w", "sunspec": "701.WL1"})
    pv["points"].append({"name": "a", "sunspec": "701.ACType"})
    pv["points"].append({"key": "state_code", "sunspec": "701.InvSt"})
    blocks = [b for b in DeviceProfile.of(pv).reads if 701 in b.models]
    assert [(b.address, b.count) for b in blocks] == [(2, 113)]


def test_a_wrong_name_is_said_where_it_stands(pv):
    pv["points"][1]["sunspec"] = "101,102,103.VAR"
    with raises(ValidationError, match="no point VAR") as caught:
        DeviceProfile.of(pv)
    assert caught.value.errors()[0]["loc"][:2] == ("points", 1)


def test_set_points_whose_exponent_nobody_reads_are_refused(pv):
    pv["commands"]["points"][0]["scale_from"] = "unknown"
    with raises(ValidationError, match="commands need unknown"):
        DeviceProfile.of(pv)


def test_it_can_be_told_as_json_and_checked_strictly(pv):
    pv["actions"] = {"enable": [{"write": {"sunspec": "123.Conn", "value": 1}}]}
    text = json.dumps(expanded(pv, {}))
    made = DeviceProfile.model_validate_json(text, strict=True)
    assert made == DeviceProfile.of(pv)
    assert made.actions.enable[0].write.address == 2


def test_a_wrong_step_is_said_where_it_stands(pv):
    pv["actions"] = {"enable": [{"write": {"sunspec": "123.Con", "value": 1}}]}
    with raises(ValidationError, match="no point Con") as caught:
        DeviceProfile.of(pv)
    assert caught.value.errors()[0]["loc"][:3] == ("actions", "enable", 0)


def test_a_request_is_made_of_the_model_its_points_name(pv):
    named = {"sunspec": "203.W", "key": "p_l1_w", "instance": 1}
    pv["blocks"] = [{"points": [named]}]
    (block,) = DeviceProfile.of(pv).blocks
    assert (block.models, block.instance) == ((203,), 1)
