"""What no request could carry, and what may share its registers."""

from pydantic import ValidationError
from pytest import mark, raises

from ppc.adapter.block import Block, CommandBlock, bits_of
from ppc.adapter.point import Point

WORD = {"key": "p_set_w", "address": 0}
BIT = {"key": "p_set_w", "address": 0, "type": "bit"}


@mark.parametrize(
    ("entries", "reason"),
    [
        ({"table": "input"}, "input is only read"),
        ({"function": "one", "count": 2}, "function one writes one register"),
        ({"function": "mask", "count": 2}, "function mask writes one register"),
        ({"function": "read_write", "count": 122}, "at most 121"),
        ({"function": "mask", "table": "coil", "points": [BIT]}, "holding registers"),
    ],
)
def test_what_no_request_can_carry_is_a_mistake(entries, reason):
    with raises(ValidationError, match=reason):
        CommandBlock.model_validate({"count": 1, "points": [WORD], **entries})


def sharing(*points):
    named = [{"name": f"p{i}", "address": 0, **p} for i, p in enumerate(points)]
    return Block(address=0, count=4, points=named)


@mark.parametrize(
    "points",
    [
        [{"mask": 0x0F}, {"mask": 0xF0}],
        [{"type": "u8_high"}, {"type": "u8_low"}],
        [{"type": "u8_high", "mask": 0x0F}, {"mask": 0x00FF}],
        [{"type": "u8_high", "mask": 0x0F}, {"type": "u8_high", "mask": 0xF0}],
        [{"shift": 8}, {"mask": 0xFF}],
        [{"type": "u32", "mask": 0xFFFF}, {"type": "u32", "mask": 0xFFFF0000}],
    ],
)
def test_points_may_share_registers_if_their_bits_differ(points):
    assert sharing(*points)


@mark.parametrize(
    "points",
    [
        [{"mask": 0x0F}, {"mask": 0xF8}],
        [{"type": "u8_high", "mask": 0x0F}, {"mask": 0x0F00}],
        [{"type": "s8_low"}, {"mask": 0x0080}],
        [{"shift": 4}, {"mask": 0xFF}],
        [{"type": "u32", "mask": 0xFFFF0000}, {"mask": 0x0001}],
        [{"type": "u32", "mask": 0x0001}, {"address": 1, "mask": 0x0002}],
    ],
)
def test_points_that_share_bits_are_refused(points):
    with raises(ValueError, match="overlap"):
        sharing(*points)


@mark.parametrize(
    ("entries", "bits"),
    [
        ({"mask": 0x0FF0}, 0x0FF0),
        ({"type": "u8_high", "mask": 0x0F}, 0x0F00),
        ({"type": "s8_low"}, 0x00FF),
        ({"shift": 4}, 0xFFF0),
        ({"type": "u32", "mask": 0xFFFF0000}, 0xFFFF),
    ],
)
def test_the_bits_a_point_takes_of_a_register(entries, bits):
    assert bits_of(Point(name="x", address=0, **entries)) == bits
