"""Points that contradict themselves are refused before anything is read."""

from pytest import approx, mark, raises

from ppc.adapter.action import WriteStep
from ppc.adapter.block import CommandBlock
from ppc.adapter.command_codec import CommandCodec
from ppc.adapter.point import CommandPoint, Point
from ppc.adapter.point_codec import PointCodec
from ppc.keys import Key


@mark.parametrize(
    ("entries", "reason"),
    [
        ({"type": "s16", "absent": 0x8000}, "absent: no s16 is 32768"),
        ({"type": "s32", "absent": [0x7FFFFFFF, 0x80000000]}, "absent: no s32"),
        ({"type": "u16", "absent": -1}, "absent: no u16 is -1"),
        ({"type": "u8_low", "map": {256: 1}}, "map: no u8_low is 256"),
        ({"type": "u16", "special": {65536: 1e9}}, "special: no u16 is 65536"),
        ({"type": "f32", "map": {1: 2}}, "a map needs a whole number"),
        ({"type": "f32", "shift": 1}, "plain bits"),
        ({"type": "bcd16", "mask": 15}, "plain bits"),
        ({"type": "m16", "mask": 15}, "plain bits"),
        ({"type": "u16", "mask": 0x10000}, "mask 0x10000 is wider than u16"),
        ({"type": "s16", "mask": 0x10000}, "mask 0x10000 is wider than s16"),
        ({"type": "u8_high", "mask": 0x100}, "wider than u8_high"),
    ],
)
def test_what_the_registers_cannot_hold_is_refused(entries, reason):
    with raises(ValueError, match=reason):
        Point(key="p_w", address=0, **entries)


@mark.parametrize("type_", ["u16", "s16"])
def test_a_mask_may_cover_all_of_a_register(type_):
    assert Point(key="p_w", address=0, type=type_, mask=0xFFFF).mask == 0xFFFF


def test_a_signal_must_be_readable():
    with raises(ValueError, match="must be readable"):
        Point(key="p_w", address=0, readable=False)
    assert not Point(name="start", address=0, readable=False).readable


def test_a_float_may_have_any_absent():
    assert Point(key="p_w", address=0, type="f32", absent=-3.5).absents == (-3.5,)


@mark.parametrize(
    ("entries", "reason"),
    [
        ({"constant": 0x10000}, "constant: no u16 is 65536"),
        ({"constant": -1}, "constant: no u16 is -1"),
        ({"constant": 1.5}, "constant: no u16 is 1.5"),
        (
            {"key": "p_set_w", "by_sign": {"negative": -1, "zero": 0, "positive": 1}},
            "by_sign: no u16 is -1",
        ),
    ],
)
def test_what_cannot_be_written_is_refused(entries, reason):
    with raises(ValueError, match=reason):
        CommandPoint(address=0, **entries)


def test_a_constant_of_64_bits_keeps_each_of_them():
    most = 0xFFFF_FFFF_FFFF_FFFF
    one = CommandBlock(
        address=0, count=4, points=[{"constant": most, "address": 0, "type": "u64"}]
    )
    assert CommandCodec(one, "big").encode({}) == b"\xff" * 8
    assert WriteStep(address=0, type="u64", value=most).value == most


def test_registers_are_in_the_order_they_are_written_whatever_the_device_does():
    entries = {"key": "p_w", "registers": [2, 0], "type": "u32"}
    codec = PointCodec(Point(**entries), 0, word_order="little")
    assert codec.raw(bytes.fromhex("0003 0000 0001")) == 0x0001_0003
    with raises(ValueError, match="leave word_order out"):
        Point(word_order="little", **entries)


def test_nor_into_none_at_the_other_end():
    entries = {"key": "p_set_w", "address": 0, "absent": 0xFFFF}
    block = CommandBlock(address=0, count=1, points=[entries])
    assert CommandCodec(block, "big").encode({Key.P_SET_W: 1e9}) == b"\xff\xfe"


@mark.parametrize(("asked", "raw"), [(-1e9, -32767), (1e9, 32767), (5, 5)])
def test_a_set_point_beyond_all_is_not_turned_into_none(asked, raw):
    entries = {"key": "p_set_w", "address": 0, "type": "s16", "absent": -32768}
    block = CommandBlock(address=0, count=1, points=[entries])
    written = CommandCodec(block, "big").encode({Key.P_SET_W: asked})
    assert int.from_bytes(written, "big", signed=True) == raw
    assert CommandCodec(block, "big").decode(written) == {Key.P_SET_W: approx(raw)}
