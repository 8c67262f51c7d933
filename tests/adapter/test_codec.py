from math import inf, nan

from hypothesis import given
from hypothesis import strategies as st
from pytest import approx, mark, raises

from ppc.adapter.block import Block, CommandBlock
from ppc.adapter.codec import BlockCodec
from ppc.adapter.command_codec import CommandCodec
from ppc.datamodel.observation import Quality
from ppc.keys import Key

BLOCK = Block(
    address=0,
    count=6,
    points=(
        {"key": "p_w", "address": 0, "type": "s32", "scale": -10.0},
        {
            "key": "soc_pu",
            "address": 2,
            "type": "u16",
            "scale": 0.001,
            "absent": 0xFFFF,
            "valid": (0, 1),
        },
        {"key": "state_code", "address": 3, "type": "u16", "map": {4: 2, 9: 4}},
        {"key": "v_v", "address": 4, "type": "f32"},
    ),
)
COMMANDS = CommandBlock(
    address=7,
    count=4,
    points=(
        {"key": "q_set_var", "address": 7, "type": "s16", "scale": 100.0},
        {"key": "p_set_w", "address": 8, "type": "s32", "valid": (-2e6, 1e6)},
    ),
)
VALUES = {Key.P_W: -1000.0, Key.SOC_PU: 0.5, Key.STATE_CODE: 2.0, Key.V_V: 20e3}


def codec(period_s=0.1):
    return BlockCodec(BLOCK, "big", period_s)


def test_a_row_carries_scaled_values_with_time_and_expiry():
    row = codec().decode(codec().encode(VALUES), 5.0)
    assert row.values == approx((-1000.0, 0.5, 2.0, 20e3))
    assert (row.time_s, row.expires_s, row.bad) == (5.0, approx(5.3), 0)


def test_values_of_a_slow_block_live_three_polls():
    slow = BlockCodec(BLOCK.model_copy(update={"every_s": 2.0}), "big", 0.1)
    assert slow.life_s == approx(6.0)


def test_how_long_values_live_may_be_said():
    said = BLOCK.model_copy(update={"every_s": 2.0, "life_s": 3.0})
    assert BlockCodec(said, "big", 0.1).life_s == 3.0


def test_several_raw_values_may_say_that_there_is_none():
    point = {"key": "p_w", "address": 0, "type": "s16", "absent": [32767, -32768]}
    one = BlockCodec(Block(address=0, count=1, points=[point]), "big", 0.1)
    bad = [one.decode(bytes.fromhex(raw), 0.0).bad for raw in ("7fff", "8000", "7ffe")]
    assert bad == [1, 1, 0]


def test_the_bytes_of_one_point_may_be_swapped():
    points = [{"key": "p_w", "address": 0, "byte_order": "little"}]
    points += [{"key": "q_var", "address": 1}]
    one = BlockCodec(Block(address=0, count=2, points=points), "big", 0.1)
    assert one.decode(bytes.fromhex("0100 0100"), 0.0).values == (1.0, 256.0)


@mark.parametrize(
    ("registers", "key", "quality"),
    [
        ("00000000 ffff 0004 46 9c4000", Key.SOC_PU, Quality.FAILURE),
        ("00000000 0500 0004 46 9c4000", Key.SOC_PU, Quality.OUT_OF_RANGE),
        ("00000000 0100 0005 46 9c4000", Key.STATE_CODE, Quality.FAILURE),
        ("00000000 0100 0004 7f c00000", Key.V_V, Quality.FAILURE),
        ("00000000 0100 0004 7f 800000", Key.V_V, Quality.FAILURE),
    ],
)
def test_what_is_absent_implausible_or_not_a_number_is_marked(registers, key, quality):
    row = codec().decode(bytes.fromhex(registers), 0.0)
    assert row.bad == 1 << codec().keys.index(key)
    told = {o.key: o.quality for o in codec().observations("x", row)}
    assert told[key] is quality
    assert [q for k, q in told.items() if k is not key] == [Quality.GOOD] * 3


def test_an_observation_grows_old():
    row = codec().decode(codec().encode(VALUES), 5.0)
    observation = next(codec().observations("x", row))
    assert observation.quality_at(5.2) is Quality.GOOD
    assert observation.quality_at(5.4) is Quality.OLD_DATA


def test_a_device_without_a_value_shows_absent():
    row = codec().decode(codec().encode({Key.P_W: 0.0, Key.STATE_CODE: 4.0}), 0.0)
    assert row.bad == 0b1010


def test_set_points_are_written_in_the_order_of_the_profile():
    commands = CommandCodec(COMMANDS, "big")
    assert commands.keys == (Key.Q_SET_VAR, Key.P_SET_W)
    payload = commands.encode({Key.Q_SET_VAR: -200.0, Key.P_SET_W: 1000.0})
    assert payload == bytes.fromhex("fffe 0000 03e8 0000")
    assert commands.decode(payload) == {Key.Q_SET_VAR: -200.0, Key.P_SET_W: 1000.0}


@mark.parametrize(
    ("asked", "given"), [(5e6, 1e6), (-9e6, -2e6), (inf, 1e6), (-inf, -2e6)]
)
def test_a_set_point_beyond_the_device_is_clamped(asked, given):
    commands = CommandCodec(COMMANDS, "big")
    payload = commands.encode({Key.Q_SET_VAR: 0.0, Key.P_SET_W: asked})
    assert commands.decode(payload)[Key.P_SET_W] == given


def test_what_is_not_a_number_is_never_written():
    with raises(ValueError, match="p_set_w"):
        CommandCodec(COMMANDS, "big").encode({Key.Q_SET_VAR: 0.0, Key.P_SET_W: nan})


@given(st.floats(-1e6, 1e6), st.floats(-3e6, 3e6))
def test_a_set_point_arrives_within_half_a_step(p_w, q_var):
    commands = CommandCodec(COMMANDS, "little")
    got = commands.decode(commands.encode({Key.Q_SET_VAR: q_var, Key.P_SET_W: p_w}))
    assert got[Key.P_SET_W] == approx(p_w, abs=0.5)
    assert got[Key.Q_SET_VAR] == approx(q_var, abs=50.0)
