"""What may share the registers of a request, and what may not."""

from pytest import approx, mark, raises

from ppc.adapter.block import Block
from ppc.adapter.block_image import BlockImage
from ppc.adapter.point import Base
from ppc.keys import Key


def block(*points):
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
    assert block(*points)


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
        block(*points)


def test_an_exponent_is_chosen_so_that_parts_of_a_rating_fit():
    p_w = {"key": "p_w", "address": 0, "type": "s16", "divisor": -100}
    p_w |= {"scale_from": "sf", "base": "p_max_w", "valid": [-2e6, 2e6]}
    one = Block(
        address=0, count=2, points=[p_w, {"name": "sf", "address": 1, "type": "s16"}]
    )
    image = BlockImage(one, "big", ratings={Base.P_MAX_W: 2e6})
    told = image.encode({Key.P_W: 1.5e6})
    assert image.values(told)["sf"] == -2
    assert image.values(told)["p_w"] == approx(1.5e6)
