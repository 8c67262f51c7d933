from pytest import approx, mark, raises

from ppc.commissioning.maker_cells import (
    Form,
    Place,
    Unreadable,
    form_of,
    number_of,
    place_of,
    unit_of,
    words_of,
)


@mark.parametrize(
    ("text", "place"),
    [
        ("40001", Place(40001)),
        ("0x1F4A", Place(0x1F4A)),
        ("1F4Ah", Place(0x1F4A)),
        ("&H10", Place(16)),
        ("40001-40002", Place(40001, 40002)),
        ("40001 \u2013 40004", Place(40001, 40004)),
        ("40001/2", Place(40001)),
        ("0x10 (16)", Place(16)),
        ("4:0021", Place(21, None, "holding")),
        ("3x0021", Place(21, None, "input")),
        ("30.001", Place(30001)),
        ("100.0", Place(100)),
    ],
)
def test_addresses(text, place):
    assert place_of(text, hexadecimal=False) == place


def test_addresses_without_a_sign_are_hexadecimal_where_the_table_is():
    assert place_of("10", hexadecimal=True) == Place(16)
    with raises(Unreadable):
        place_of("1F", hexadecimal=False)


@mark.parametrize(
    ("text", "registers", "kind", "more"),
    [
        ("UINT16", None, "u16", {}),
        ("Unsigned Int 16", None, "u16", {}),
        ("I32", 2, "s32", {}),
        ("int", 2, "s32", {}),
        ("Float32 (CDAB)", None, "f32", {"little": True}),
        ("IEEE 754", 2, "f32", {}),
        ("float", 4, "f64", {}),
        ("Bitfield16", None, "u16", {"bits": True}),
        ("acc64", None, "u64", {}),
        ("STRING[16]", None, "text", {"length": 8}),
        ("STR", 10, "text", {"length": 10}),
        ("", None, "u16", {}),
        ("", 2, "u32", {}),
    ],
)
def test_types(text, registers, kind, more):
    assert form_of(text, registers) == Form(kind, **more)


@mark.parametrize(
    ("text", "registers"), [("quux", None), ("string", None), ("U32", 1), ("U16", 3)]
)
def test_types_nobody_knows(text, registers):
    with raises(Unreadable):
        form_of(text, registers)


@mark.parametrize(
    ("text", "number"),
    [
        ("0.1", 0.1), ("0,01", 0.01), ("x0.1", 0.1), ("\u00d710", 10.0), ("1/10", 0.1),
        ("/100", 0.01), ("10^-2", 0.01), ("10^\u22121", 0.1), ("1E-3", 1e-3),
        ("", None),         ("-", None), ("n/a", None), ("1000", 1000.0),
    ],
)  # fmt: skip
def test_factors(text, number):
    assert number_of(text) == (None if number is None else approx(number))


def test_what_is_no_factor():
    for text in ("SF_W", "0"):
        with raises(Unreadable):
            number_of(text)


@mark.parametrize(
    ("text", "unit", "factor"),
    [
        ("kW", "W", 1e3), ("0.1 kW", "W", 100.0), ("[V]", "V", 1.0), ("", "", 1.0),
        ("kVAr", "var", 1e3), ("%", "pu", 0.01), ("0,1%", "pu", 0.001),
        ("mHz", "Hz", 1e-3), ("N/A", "", 1.0), ("MWh", "Wh", 1e6), ("rpm", "rpm", 1.0),
    ],
)  # fmt: skip
def test_units(text, unit, factor):
    assert unit_of(text) == (unit, approx(factor))


def test_words_of_values():
    assert words_of("Mode (0: off, 1: on; 2 = fault)") == {
        0: "off",
        1: "on",
        2: "fault",
    }
    assert words_of("0x0000: Standby; 0x0200: On") == {0: "Standby", 512: "On"}
    assert words_of("at 50: nothing") == {}
    assert words_of("") == {}
