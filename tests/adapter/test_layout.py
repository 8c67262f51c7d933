import struct
from typing import NamedTuple

from hypothesis import given
from hypothesis import strategies as st
from pytest import mark, raises

from ppc.adapter.layout import Layout
from ppc.adapter.register_type import RegisterType


class F(NamedTuple):
    address: int
    type: RegisterType
    word_order: str | None = None


def test_numbers_stand_where_the_map_says():
    layout = Layout([F(10, RegisterType.U16), F(12, RegisterType.S32)], 10, 5)
    payload = bytes.fromhex("0007 0000 ffff fffe 0000")
    assert layout.unpack(payload) == (7, -2)
    assert layout.pack([7, -2]) == payload


def test_the_order_of_the_fields_is_kept_whatever_their_addresses():
    fields = [F(4, RegisterType.U16), F(0, RegisterType.U32), F(2, RegisterType.F32)]
    layout = Layout(fields, 0, 5)
    payload = struct.pack(">IfH", 1, 2.5, 3)
    assert layout.unpack(payload) == (3, 1, 2.5)
    assert layout.pack([3, 1, 2.5]) == payload


def test_little_word_order_puts_the_low_word_first():
    layout = Layout([F(0, RegisterType.U32)], 0, 2, "little")
    assert layout.pack([0x01020304]) == bytes.fromhex("0304 0102")


def test_a_point_may_differ_from_the_word_order_of_its_map():
    fields = [F(0, RegisterType.U32, "big"), F(2, RegisterType.U32)]
    layout = Layout(fields, 0, 4, "little")
    assert layout.pack([1, 1]) == bytes.fromhex("0000 0001 0001 0000")


@mark.parametrize(
    "fields",
    [
        [F(0, RegisterType.U32), F(1, RegisterType.U16)],
        [F(3, RegisterType.U32)],
        [F(9, RegisterType.U16)],
    ],
)
def test_overlapping_or_outlying_points_are_refused(fields):
    with raises(ValueError, match="registers"):
        Layout(fields, 0, 4)


types = st.sampled_from([kind for kind in RegisterType if kind.plain])
orders = st.sampled_from(["big", "little", None])


@given(
    st.lists(st.tuples(types, orders, st.integers(0, 3)), min_size=1, max_size=8),
    orders,
)
def test_what_is_packed_is_unpacked_again(shapes, order):
    fields, at = [], 0
    for kind, word_order, gap in shapes:
        fields.append(F(at + gap, kind, word_order))
        at += gap + kind.size
    layout = Layout(fields[::-1], 0, at, order or "big")
    raw = [kind.range[1] if not kind.is_float else 1.5 for kind, _, _ in shapes[::-1]]
    assert list(layout.unpack(layout.pack(raw))) == raw
