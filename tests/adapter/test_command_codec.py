"""Set-points for registers that want more than a number."""

from hypothesis import given
from hypothesis import strategies as st
from pytest import approx, mark, raises

from ppc.adapter.block import CommandBlock
from ppc.adapter.command_codec import CommandCodec
from ppc.adapter.point import Base, CommandPoint
from ppc.keys import Key

RATINGS = {Base.P_MAX_W: 50e3}


def codec(*points, **more):
    taken = [CommandPoint(**point).places[-1] for point in points]
    block = CommandBlock(**({"count": max(taken) + 1, "points": points} | more))
    return CommandCodec(block, "big", ratings=RATINGS)


def written(one, p_w=0.0, q_var=0.0, **more):
    return one.encode({Key.P_SET_W: p_w, Key.Q_SET_VAR: q_var}, **more).hex(" ", 2)


SUNGROW = (
    {
        "key": "p_set_w",
        "address": 0,
        "by_sign": {"negative": 0xAA, "zero": 0xCC, "positive": 0xBB},
    },
    {"key": "p_set_w", "address": 1, "part": "magnitude"},
)


@mark.parametrize(
    ("p_w", "registers"),
    [(0.0, "00cc 0000"), (1500.0, "00bb 05dc"), (-1500.0, "00aa 05dc")],
)
def test_a_direction_and_a_magnitude(p_w, registers):
    one = codec(*SUNGROW)
    assert written(one, p_w) == registers
    assert one.decode(bytes.fromhex(registers)) == {Key.P_SET_W: p_w}


@given(st.floats(-60e3, 60e3))
def test_charge_and_discharge_in_registers_of_their_own(p_w):
    one = codec(
        {"key": "p_set_w", "address": 0, "part": "positive"},
        {"key": "p_set_w", "address": 1, "part": "negative", "scale": -1},
    )
    payload = one.encode({Key.P_SET_W: p_w})
    assert payload[:2] == bytes(2) or payload[2:] == bytes(2)
    assert one.decode(payload)[Key.P_SET_W] == approx(p_w, abs=0.5)


def test_what_must_go_along_in_the_frame():
    one = codec(
        {"constant": 802, "address": 0, "type": "u32"},
        {"key": "p_set_w", "address": 2, "type": "s32"},
    )
    assert written(one, -5.0) == "0000 0322 ffff fffb"
    assert one.keys == (Key.P_SET_W,)


def test_a_part_of_the_rating_within_its_range():
    one = codec(
        {
            "key": "p_set_w",
            "address": 0,
            "base": "p_max_w",
            "scale": 0.01,
            "valid": (0, 50e3),
        }
    )
    assert [written(one, p_w) for p_w in (25e3, 60e3, -1.0)] == ["0032", "0064", "0000"]


def test_an_exponent_that_was_read():
    one = codec(
        {"key": "p_set_w", "address": 0, "type": "s16", "scale_from": "w_set_sf"}
    )
    assert one.needs == {"w_set_sf"}
    assert written(one, -5000.0, exponents={"w_set_sf": 2}) == "ffce"
    with raises(KeyError):
        one.encode({Key.P_SET_W: 1.0})


def test_fronius_what_goes_along_is_told_with_an_exponent():
    one = codec(
        {"key": "p_set_w", "address": 0},
        {"always": 100.0, "address": 1, "type": "s16", "scale_from": "rate_sf"},
    )
    assert one.needs == {"rate_sf"}
    assert written(one, 7.0, exponents={"rate_sf": -2}) == "0007 2710"
    assert one.decode(bytes.fromhex("0007 2710"), exponents={"rate_sf": -2}) == {
        Key.P_SET_W: 7.0
    }


def test_bits_nobody_covers_stay_as_they_are():
    one = codec({"key": "p_set_w", "address": 0, "mask": 0x0FF0}, keep_others=True)
    assert written(one, 3.0, present=bytes.fromhex("a5c3")) == "a033"


@mark.parametrize("exponent", [-32768, 11])
def test_without_an_exponent_nothing_is_written(exponent):
    one = codec({"key": "p_set_w", "address": 0, "scale_from": "sf"})
    with raises(ValueError, match="no exponent of ten"):
        written(one, 5.0, exponents={"sf": exponent})


@mark.parametrize(
    ("p_w", "registers"),
    [(1e9, "0064"), (50e3, "0064"), (25e3, "0032"), (-1.0, "0000")],
)
def test_no_more_than_the_part_of_the_base_that_it_takes(p_w, registers):
    percent = {"scale": 0.01, "base": "p_max_w", "limit_pu": [0, 1]}
    one = codec({"key": "p_set_w", "address": 0, **percent})
    assert written(one, p_w) == registers


@mark.parametrize(
    "limit", [{"limit_pu": [0, 1]}, {"limit_pu": [1, 0], "base": "p_max_w"}]
)
def test_a_part_is_a_part_of_something(limit):
    with raises(ValueError, match="limit_pu is"):
        CommandPoint(key="p_set_w", address=0, **limit)


@given(st.integers(-50, 50))
def test_both_ends_of_a_window_may_carry_the_set_point(percent):
    percents = {"base": "p_max_w", "type": "s16"}
    one = codec(
        {"key": "p_set_w", "address": 0, "scale": 0.01, **percents},
        {"key": "p_set_w", "address": 1, "scale": -0.01, **percents},
    )
    p_w = 500.0 * percent
    registers = one.encode({Key.P_SET_W: p_w})
    assert registers[2:] == (-percent).to_bytes(2, "big", signed=True)
    assert one.decode(registers) == {Key.P_SET_W: approx(p_w)}
