from pytest import approx, mark, raises

from ppc.adapter.block import Block
from ppc.adapter.block_image import BlockImage
from ppc.adapter.codec import BlockCodec
from ppc.adapter.planner import planned
from ppc.adapter.point import Point
from ppc.adapter.profile import Requests
from ppc.keys import Key


def image(points):
    (block,) = planned([Point(**p) for p in points], (), Requests())
    return BlockImage(block, "big")


LIMIT = [
    {
        "key": "p_available_min_w",
        "address": 0,
        "scale": -0.1,
        "absent": 0xFFFF,
        "times": "volts",
        "valid": [-1e6, 0],
    },
    {"name": "volts", "address": 1, "scale_from": "sf", "valid": [1, 1500]},
    {"name": "sf", "address": 2, "type": "s16"},
]


@mark.parametrize(
    ("registers", "expected"),
    [
        ("00c8 1f40 ffff", -16000.0),
        ("0000 1f40 ffff", 0.0),
        ("ffff 1f40 ffff", None),
        ("00c8 0000 ffff", None),  # no battery stands at 0 V
        ("00c8 1f40 0000", None),
        ("00c8 1f40 7fff", None),
    ],
)
def test_a_limit_of_current_times_the_voltage_is_one_of_power(registers, expected):
    (found,), bad = image(LIMIT).signals(bytes.fromhex(registers))
    assert (None if bad else found) == expected


def test_a_simulated_device_shows_a_current_for_a_power():
    shown = image(LIMIT).encode({Key.P_AVAILABLE_MIN_W: -30000.0})
    (found,), bad = image(LIMIT).signals(shown)
    assert not bad
    assert found == approx(-30000.0, rel=1e-2)


def test_what_is_multiplied_multiplies_nothing():
    points = [{**point, "times": "volts"} for point in LIMIT[:1]]
    points.append({**LIMIT[1], "times": "sf"})
    with raises(ValueError, match="volts is a product"):
        image([*points, LIMIT[2]])


def test_a_product_of_plain_numbers_is_a_product_too():
    points = (
        {"key": "p_available_w", "address": 0, "times": "volts"},
        {"name": "volts", "address": 1},
    )
    codec = BlockCodec(Block(address=0, count=2, points=points), "big", 0.1)
    assert codec.decode(bytes.fromhex("0003 0190"), 0.0).values == (1200.0,)
    sides = [{**points[0], "times": "v_v"}, {"key": "v_v", "address": 1}]
    codec = BlockCodec(Block(address=0, count=2, points=tuple(sides)), "big", 0.1)
    assert codec.decode(bytes.fromhex("0003 0190"), 0.0).values == (1200.0, 400.0)
