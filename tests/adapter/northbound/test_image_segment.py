"""The map without floats: the same values, the same orders."""

import struct
from math import nan
from pathlib import Path

from pytest import approx, fixture, mark, raises

from ppc.adapter.northbound.image_segment import ImageSegment, imaged, rated
from ppc.adapter.northbound.register_map import NorthboundMap
from ppc.communication.errors import ExceptionCode, Refused
from ppc.datamodel.rating import ConnectionPoint

MAP = NorthboundMap.load(
    Path(__file__).parents[3] / "config" / "northbound" / "scada.yaml"
)
PLANT = ConnectionPoint(
    v_nominal_v=20e3, f_nominal_hz=50.0, p_max_w=8e6, p_min_w=-10e6, q_max_var=3.3e6
)
FORMS = {image.name: image for image in MAP.images}
SHOWN = {"p_w": 2.5e6, "q_var": -3.3e6, "v_v": 20.2e3, "f_hz": 50.012, "soc_pu": 0.505,
         "state_code": 3, "pattern_code": 0x01020304, "p_set_w": nan}  # fmt: skip


class Floats:
    """The map with figures of the test's, that keeps what is written."""

    def __init__(self, northbound):
        self.address, self.count = 0, northbound.end
        self.registers = northbound.published()
        self.written = []
        self.layout = northbound.layout()
        self.order = [r.key.value for r in northbound.registers]

    def render(self, view, now_s):  # noqa: ARG002
        return self.layout.pack([SHOWN.get(name, 0) for name in self.order])

    def write(self, address, payload, now_s):  # noqa: ARG002
        self.written.append((address, payload))


class Desk:
    def __init__(self, name, northbound=MAP):
        self.floats = Floats(northbound)
        self.image = ImageSegment(
            FORMS[name], self.floats, self.floats.registers, PLANT
        )
        shown = imaged(FORMS[name], self.floats.registers, PLANT)
        self.at = {r.name: r for r in shown}

    def raw(self, name):
        """The registers of a value, as they are."""
        register = self.at[name]
        first = 2 * (register.address - self.image.address)
        return self.image.render(None, 0.0)[first : first + 2 * register.size]

    def write(self, address, payload):
        self.image.write(address, payload, 0.0)
        return self.floats.written[-1]


@fixture(name="integer")
def _integer():
    return Desk("integer")


@fixture(name="short")
def _short():
    return Desk("short")


@mark.parametrize(
    ("name", "address", "payload"),
    [
        ("p_w", 10200, struct.pack(">i", 25000)),
        ("q_var", 10202, struct.pack(">i", -33000)),
        ("v_v", 10204, struct.pack(">i", 202000)),
        ("f_hz", 10206, struct.pack(">i", 50012)),
        ("soc_pu", 10240, struct.pack(">i", 505)),
        ("p_set_w", 10400, b"\x80\0\0\0"),
        ("state_code", 10100, b"\0\3"),
        ("pattern_code", 10002, b"\1\2\3\4"),
    ],
)
def test_floats_are_32_bit_integers_at_the_same_place(integer, name, address, payload):
    assert integer.at[name].address == address
    assert integer.raw(name) == payload


@mark.parametrize(
    ("name", "address", "payload"),
    [
        ("p_w", 20200, struct.pack(">h", 2500)),
        ("q_var", 20202, struct.pack(">h", -10000)),
        ("v_v", 20204, struct.pack(">H", 10100)),
        ("f_hz", 20206, struct.pack(">H", 50012)),
        ("soc_pu", 20240, struct.pack(">h", 5050)),
        ("p_set_w", 20400, b"\x80\0"),
        ("state_code", 20100, b"\0\3"),
        ("pattern_code", 20002, b"\1\2\3\4"),
    ],
)
def test_floats_are_parts_of_the_rating_in_16_bits(short, name, address, payload):
    assert short.at[name].address == address
    assert short.raw(name) == payload


def test_what_is_too_large_is_never_taken_for_not_available(short, monkeypatch):
    for value, raw in ((-1e9, b"\x80\1"), (1e9, b"\x7f\xff")):
        monkeypatch.setitem(SHOWN, "p_w", value)
        assert short.raw("p_w") == raw


def test_what_is_written_there_is_written_to_the_map(integer, short):
    said = integer.write(10400, struct.pack(">ii", 25000, -1000))
    assert said == (400, struct.pack(">ff", 2.5e6, -1e5))
    assert integer.write(10411, b"\0\7") == (411, b"\0\7")
    address, payload = short.write(20400, struct.pack(">h", -2500))
    assert address == 400
    assert struct.unpack(">f", payload) == (approx(-2.5e6),)
    address, payload = short.write(20400, struct.pack(">hHhH", 5000, 7, 100, 9))
    assert struct.unpack(">ff", payload) == approx((5e6, 33e3))


def test_not_available_is_no_set_point_and_half_a_value_none(integer, short):
    _, payload = integer.write(10400, b"\x80\0\0\0")
    assert payload == b"\x7f\xc0\0\0"  # NaN: the map refuses it
    for desk, address, code in (
        (integer, 10401, ExceptionCode.ILLEGAL_VALUE),
        (integer, 10400, ExceptionCode.ILLEGAL_VALUE),
        (short, 20401, ExceptionCode.ILLEGAL_ADDRESS),
    ):
        with raises(Refused) as refusal:
            desk.write(address, b"\0\1")
        assert refusal.value.code is code


def test_the_order_of_words_is_the_register_s():
    data = MAP.model_dump()
    for register in data["registers"]:
        register["word_order"] = "little" if register["key"] == "p_w" else None
    mixed = Desk("integer", NorthboundMap.model_validate(data))
    assert mixed.raw("p_w") == b"\x61\xa8\0\0"
    assert mixed.raw("v_v") == struct.pack(">i", 202000)
    turned = Desk("integer", MAP.model_copy(update={"word_order": "little"}))
    assert turned.raw("v_v") == b"\x15\x10\0\3"
    assert turned.write(10400, b"\x61\xa8\0\0") == (400, b"\x96\x80\x4a\x18")


def test_what_per_cent_are_of():
    assert rated(PLANT) == {
        "p_rated_w": 10e6,
        "q_rated_var": 3.3e6,
        "v_rated_v": 20e3,
        "f_rated_hz": 50.0,
    }
