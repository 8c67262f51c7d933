"""Blocks of plain numbers have a decoder of their own: it must say the same.

The two multiply in another order, so limits are such that no product meets them.
"""

from math import isnan

from hypothesis import given
from hypothesis import strategies as st
from pytest import approx

from ppc.adapter.block import Block
from ppc.adapter.block_image import BlockImage
from ppc.adapter.codec import BlockCodec
from ppc.adapter.point import Base
from ppc.adapter.register_type import RegisterType
from ppc.keys import Key

KEYS = (Key.P_W, Key.Q_VAR, Key.F_HZ)
WHOLE = [t for t in RegisterType if t.plain and not t.is_float]
ORDERS = st.sampled_from(["big", "little"])


@st.composite
def points(draw):
    found, address = [], 0
    for key in KEYS:
        kind = draw(st.sampled_from([t for t in RegisterType if t.plain]))
        address += draw(st.integers(0, 2))
        point = {"key": key, "address": address, "type": kind}
        point["scale"] = draw(st.sampled_from([1.0, -0.1, 100.0]))
        point["divisor"] = draw(st.sampled_from([1.0, -3.0]))
        point["offset"] = draw(st.sampled_from([0.0, -5.0]))
        point["base"] = draw(st.sampled_from([None, Base.P_MAX_W]))
        point["word_order"] = draw(st.sampled_from([None, "big", "little"]))
        point["absent"] = draw(st.sampled_from([None, 0, 1]))
        point["valid"] = draw(
            st.sampled_from([None, (-1234567.8, 1234567.8), (-0.12345, 0.12345)])
        )
        if kind in WHOLE:
            point["map"] = draw(st.sampled_from([None, {0: 2, 1: 3, 2: 4}]))
        found.append(point)
        address += kind.size
    return found


RAWS = st.sampled_from([b"\0\0", b"\0\1", b"\0\2", b"\xff\xff", b"\x7f\xc0", b"\x80\0"])


@given(points(), ORDERS, st.lists(RAWS, min_size=20, max_size=20))
def test_both_decoders_say_the_same(given_points, order, words):
    block = Block(address=0, count=20, points=given_points)
    codec = BlockCodec(block, order, 0.1, ratings={Base.P_MAX_W: 2e3})
    assert codec._plain is not None
    payload = b"".join(words)
    row = codec.decode(payload, 0.0)
    values, bad = codec.image.signals(payload)
    assert row.bad == bad
    for quick, slow in zip(row.values, values, strict=True):
        assert quick == approx(slow, rel=1e-9, abs=1e-300) or (
            isnan(quick) and isnan(slow)
        )


def test_a_part_of_a_rating_counts_from_a_part_of_it():
    p_w = {"key": "p_w", "address": 0, "base": "p_max_w", "scale": 0.01, "offset": -1}
    codec = BlockCodec(
        Block(address=0, count=1, points=[p_w]),
        "big",
        0.1,
        ratings={Base.P_MAX_W: 50e3},
    )
    assert codec.decode(b"\0\x96", 0.0).values == approx((25e3,))
    assert codec.image.values(b"\0\x96")["p_w"] == approx(25e3)
    assert codec.encode({Key.P_W: 25e3}) == b"\0\x96"


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
