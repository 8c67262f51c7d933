"""Each feature of the format against the registers of a real map that needs it.

The map is named in each case; what it is known for: docs/profile_format.md.
"""

from math import isnan

from hypothesis import assume, given
from hypothesis import strategies as st
from pytest import approx, mark, raises

from ppc.adapter.block_image import BlockImage
from ppc.adapter.form import bytes_of, raw_of
from ppc.adapter.planner import planned
from ppc.adapter.point import Base, Point, Sum
from ppc.adapter.point_codec import PointCodec
from ppc.adapter.profile import Requests
from ppc.adapter.register_type import RegisterType
from ppc.keys import Key

NUMBERS = {
    "Huawei SUN2000 32080: active power": (
        {"type": "s32"}, "ffff fc18", -1000,
    ),
    "Sungrow SH 13033: low word first": (
        {"type": "s32", "word_order": "little"}, "fc18 ffff", -1000,
    ),
    "Deye 625 and 687: words apart": (
        {"type": "u32", "registers": [2, 0], "address": None}, "0003 0000 0001", 65539,
    ),
    "SolaX: two numbers in one register, upper": ({"type": "u8_high"}, "1e05", 30),
    "SolaX: two numbers in one register, lower": ({"type": "u8_low"}, "1e05", 5),
    "temperature as a signed byte": ({"type": "s8_low"}, "00f6", -10),
    "Wiren Board s24": ({"type": "s24"}, "00ff fffe", -2),
    "Wiren Board u24": ({"type": "u24"}, "00ff fffe", 16777214),
    "Siemens PAC: energy in 64 bits": ({"type": "f64"}, "4059 0000 0000 0000", 100.0),
    "Janitza UMG: float": ({"type": "f32"}, "c3e6 8000", -461.0),
    "energy in 48 bits": ({"type": "u48"}, "0001 0000 0000", 4294967296),
    "DTSD422: sign and magnitude": ({"type": "m32"}, "8000 03e8", -1000),
    "sign and magnitude, one register": ({"type": "m16"}, "8005", -5),
    "electricity meter in BCD": ({"type": "bcd32"}, "0012 3456", 123456),
    "bytes swapped as well": (
        {"type": "s32", "byte_order": "little"}, "ffff 18fc", -1000,
    ),
    "Victron: scale as divisor": ({"divisor": 10}, "0905", 230.9),
    "Victron: divisor below zero": ({"divisor": -10, "type": "s16"}, "0064", -10.0),
    "Deye: temperature with offset": ({"scale": 0.1, "offset": -100}, "04e2", 25.0),
    "GoodWe: mask in a shared register": ({"mask": 0x0F00}, "a5c3", 5),
    "a shift without a mask": ({"shift": 4}, "00f3", 15),
    "Growatt: 255 is no limit": ({"special": {255: 1e9}}, "00ff", 1e9),
    "Sungrow 13000: state": ({"map": {0: 0, 1: 2}, "default": 4}, "0007", 4),
    "SMA: limit in percent of the rating": (
        {"base": "p_max_w", "scale": 0.01}, "0032", 25e3,
    ),
}  # fmt: skip
NONE = {
    "SunSpec int16": ({"type": "s16", "absent": -32768}, "8000"),
    "Huawei: the greatest number, not the least": (
        {"type": "s16", "absent": 0x7FFF}, "7fff",
    ),
    "evcc int32nan: either": (
        {"type": "s32", "absent": [0x7FFFFFFF, -0x80000000]}, "8000 0000",
    ),
    "SolarEdge: the least float": (
        {"type": "f32", "word_order": "little", "absent": -3.4028234663852886e38},
        "ffff ff7f",
    ),
    "not a number": ({"type": "f32"}, "7fc0 0000"),
    "a digit above nine in BCD": ({"type": "bcd16"}, "00a1"),
    "a word no map knows": ({"map": {1: 2}}, "0005"),
    "evcc uint64nan: whole, for 64 bits do not fit a float": (
        {"type": "u64", "absent": 2**64 - 1}, "ffff ffff ffff ffff",
    ),
}  # fmt: skip
TEXTS = {
    "serial number": ({"type": "text", "length": 3}, "4142 4300 0000", "ABC"),
    "text with bytes swapped": (
        {"type": "text", "length": 2, "byte_order": "little"}, "4241 0043", "ABC",
    ),
    "solarman rule 7: version": (
        {"type": "version", "length": 2}, "0102 0a03", "1.2.10.3",
    ),
    "SunSpec 11: hardware address": (
        {"type": "hex", "length": 4}, "0000 00a0 de01 02ff", "000000a0de0102ff",
    ),
    "GoodWe: date in three registers": (
        {"type": "date_bytes"}, "1a0b 150a 1e05", "2026-11-21 10:30:05",
    ),
    "Sungrow 5000: date in six registers": (
        {"type": "date_words"}, "07ea 000b 0015 000a 001e 0005", "2026-11-21 10:30:05",
    ),
    "Deye: time of day in digits": ({"type": "time_digits"}, "0531", "13:29"),
    "time of day in bytes": ({"type": "time_bytes"}, "0d1d", "13:29"),
}  # fmt: skip


def codec(more):
    point = {"name": "x", "address": 0} | more
    return PointCodec(Point(**point), 0, ratings={Base.P_MAX_W: 50e3})


def value(more, registers):
    one = codec(more)
    return one.value(one.raw(bytes.fromhex(registers)), {})


@mark.parametrize(("more", "registers", "expected"), NUMBERS.values(), ids=NUMBERS)
def test_a_number_is_read_and_written_back(more, registers, expected):
    one, payload = codec(more), bytes.fromhex(registers)
    assert value(more, registers) == approx(expected)
    if "default" in more:
        return  # several raw values mean the same
    again = bytearray(payload)
    one.put(again, one.raw_for(expected))
    assert bytes(again) == payload


@mark.parametrize(("more", "registers"), NONE.values(), ids=NONE)
def test_what_is_not_there_is_no_number(more, registers):
    assert isnan(value(more, registers))


@mark.parametrize(("more", "registers", "expected"), TEXTS.values(), ids=TEXTS)
def test_a_text_is_read(more, registers, expected):
    assert codec(more).raw(bytes.fromhex(registers)) == expected


@mark.parametrize(
    ("kind", "registers"),
    [("date_bytes", "1a0d 150a 1e05"), ("time_digits", "0a00"), ("time_bytes", "1900")],
)
def test_an_impossible_date_is_none(kind, registers):
    assert codec({"type": kind}).raw(bytes.fromhex(registers)) is None


def image(points, sums=()):
    (block,) = planned([Point(**p) for p in points], sums, Requests(gap_max=20))
    return BlockImage(block, "big")


SUNSPEC = [
    {"key": "p_w", "address": 0, "type": "s16", "absent": -32768, "scale_from": "sf"},
    {"name": "sf", "address": 1, "type": "s16", "absent": -32768},
]


@mark.parametrize(
    ("registers", "expected"),
    [
        ("0032 0002", 5000.0),
        ("0032 fffe", 0.5),
        ("8000 0002", None),
        ("0032 8000", None),
        ("0032 fff6", 50e-10),
        ("0032 fff5", None),
        ("0032 000a", 50e10),
        ("0032 000b", None),
    ],
)
def test_the_scale_factor_of_sunspec(registers, expected):
    (found,), bad = image(SUNSPEC).signals(bytes.fromhex(registers))
    assert (None if bad else found) == expected


@mark.parametrize(
    ("rule", "registers", "expected"),
    [
        ({"mask": 2}, "01f4 0001", 500.0),
        ({"mask": 2}, "01f4 0002", -500.0),
        ({"negative": [3, 4]}, "01f4 0004", -500.0),
        ({"negative": [0], "magnitude": True}, "fe0c 0000", -500.0),
        ({"negative": [0], "magnitude": True}, "fe0c 0001", 500.0),
    ],
)
def test_sungrow_and_solis_tell_the_sign_of_battery_power_beside_it(
    rule, registers, expected
):
    points = [
        {
            "key": "p_w",
            "address": 0,
            "type": "s16",
            "sign_from": {"point": "state", **rule},
        },
        {"name": "state", "address": 1},
    ]
    (found,), bad = image(points).signals(bytes.fromhex(registers))
    assert (found, bad) == (expected, 0)


def test_the_greatest_number_but_one_of_64_bits_is_a_number():
    more = {"type": "u64", "absent": 2**64 - 1}
    assert value(more, "ffff ffff ffff fffe") == approx(2.0**64)


def test_a_number_that_never_falls_and_one_that_does_not_jump():
    points = [
        {"key": "e_export_wh", "address": 0, "rising": True},
        {"key": "soc_pu", "address": 1, "scale": 0.01, "step_max": 0.1},
    ]
    one = image(points)
    course = [
        "000a 0032",
        "0009 0033",
        "000a 0000",
        "000b 0034",
        "0000 0050",
        "0001 0050",
    ]
    told = [one.signals(bytes.fromhex(registers))[1] for registers in course]
    assert told == [0b00, 0b01, 0b10, 0b00, 0b10, 0b00]


@given(st.sampled_from([k for k in RegisterType if not k.is_text]), st.data())
def test_every_form_holds_its_whole_range(kind, data):
    low, high = kind.range
    raw = (
        data.draw(st.floats(low, high, width=16 * kind.size))
        if kind.is_float
        else data.draw(st.integers(int(low), int(high)))
    )
    assert raw_of(kind, bytes_of(kind, raw, kind.size)) == raw


@given(st.floats(-1e4, 1e4), st.integers(0, 65535), st.integers(0, 8))
def test_a_masked_write_leaves_the_other_bits(wanted, before, shift):
    mask = 0xFF << shift
    one = codec({"mask": mask})
    registers = bytearray(before.to_bytes(2, "big"))
    raw = one.raw_for(wanted)
    one.put(registers, raw)
    after = int.from_bytes(registers, "big")
    assert after & ~mask == before & ~mask
    assert (after & mask) >> shift == raw


def test_a_rating_the_unit_does_not_have_is_told():
    with raises(ValueError, match="x needs e_max_wh"):
        codec({"base": "e_max_wh"})


@given(st.binary(min_size=12, max_size=12), st.sampled_from(list(RegisterType)))
def test_any_bytes_are_a_value_or_none(payload, kind):
    assume(kind is not RegisterType.BIT)
    length = {"length": 4} if kind.size == 0 else {}
    raw = codec({"type": kind, **length}).raw(payload)
    assert raw is None or isinstance(raw, int | float | str)


def test_a_mean_is_told_by_parts_that_are_alike():
    lines = [{"name": f"u{i}", "address": 2 * i, "type": "f32"} for i in range(3)]
    mean = Sum(key="v_v", of=dict.fromkeys(("u0", "u1", "u2"), 1 / 3))
    shown = image(lines, [mean])
    assert shown.raws(shown.encode({Key.V_V: 400.0})) == {
        "u0": 400.0,
        "u1": 400.0,
        "u2": 400.0,
    }
