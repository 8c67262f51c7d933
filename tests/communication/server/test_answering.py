"""Every function code: what it does, what it answers, and what it refuses."""

from pytest import fixture, mark, raises

from ppc.communication.errors import Refused
from ppc.communication.server.answering import answer
from tests.communication.server.memory import BitMemory, Memory


@fixture(name="station")
def _station():
    station = BitMemory(1000)
    station.image[0:6] = bytes.fromhex("1234 5678 9abc")
    station.coils[3] = station.coils[9] = True
    return station


@mark.parametrize(
    ("request_", "reply"),
    [
        ("01 0000 000a", "01 02 08 02"),
        ("02 0000 000a", "02 02 f7 01"),
        ("01 0003 0001", "01 01 01"),
        ("03 0001 0002", "03 04 5678 9abc"),
        ("04 0001 0001", "04 02 5678"),
        ("05 0007 ff00", "05 0007 ff00"),
        ("05 0003 0000", "05 0003 0000"),
        ("06 0005 cafe", "06 0005 cafe"),
        ("0f 0010 000a 02 cd01", "0f 0010 000a"),
        ("10 0005 0002 04 0001 0002", "10 0005 0002"),
        ("16 0000 00f2 0025", "16 0000 00f2 0025"),
        ("17 0000 0003 0001 0001 02 beef", "17 06 1234 beef 9abc"),
    ],
)
def test_every_function_answers_in_its_form(station, request_, reply):
    assert answer(station, bytes.fromhex(request_)) == bytes.fromhex(reply)


def test_what_is_written_is_there(station):
    answer(station, bytes.fromhex("05 0007 ff00"))
    answer(station, bytes.fromhex("05 0003 0000"))
    answer(station, bytes.fromhex("0f 0010 000a 02 cd01"))
    assert [i for i, on in enumerate(station.coils) if on] == [
        *(7, 9, 16, 18, 19, 22, 23, 24)
    ]
    answer(station, bytes.fromhex("06 0005 cafe"))
    answer(station, bytes.fromhex("10 0006 0002 04 0001 0002"))
    assert station.words(5, 3) == (0xCAFE, 1, 2)


def test_a_mask_leaves_the_other_bits_alone(station):
    """The example of the specification, 6.16: 12, F2, 25 give 17 (hexadecimal)."""
    station.image[8:10] = b"\x00\x12"
    answer(station, bytes.fromhex("16 0004 00f2 0025"))
    assert station.words(4, 1) == (0x17,)
    answer(station, bytes.fromhex("16 0004 ff00 ffab"))
    assert station.words(4, 1) == (0xAB,)


@mark.parametrize(
    ("request_", "code"),
    [
        ("01 0000 0000", 3),
        ("01 0000 07d1", 3),
        ("02 0000 00", 3),
        ("02 ffff 0002", 2),
        ("03 0000 007e", 3),
        ("03 ffff 0002", 2),
        ("03 03e8 0001", 2),
        ("05 0000 ff01", 3),
        ("05 0000 0001", 3),
        ("05 0000", 3),
        ("05 03e8 ff00", 2),
        ("06 0000 0000 00", 3),
        ("0f 0000 0008 02 0000", 3),
        ("0f 0000 0009 01 00", 3),
        ("0f 0000 0000 00", 3),
        ("0f ffff 0002 01 00", 2),
        ("10 0000 0001 02 0000 00", 3),
        ("10 0000 0001", 3),
        ("10", 3),
        ("16 0000 0000", 3),
        ("16 03e8 0000 0000", 2),
        ("17 0000 0001 0000 0000 00", 3),
        ("17 0000 007e 0000 0001 02 0000", 3),
        ("17 0000 0001 0000 0001 02 00", 3),
        ("17 0000 0001 0000 0001 04 00000000", 3),
        ("17 0000 0001 ffff 0002 04 00000000", 2),
        ("17 0000", 3),
        ("07", 1),
        ("00", 1),
        ("ff 0000 0001", 1),
    ],
)
def test_what_is_wrong_is_refused_and_changes_nothing(station, request_, code):
    image, coils = bytes(station.image), list(station.coils)
    with raises(Refused) as refusal:
        answer(station, bytes.fromhex(request_))
    assert refusal.value.code == code
    assert (station.image, station.coils) == (image, coils)


def test_the_most_that_may_be_asked_in_one_request_is_answered():
    station = BitMemory(2000)
    assert len(answer(station, bytes.fromhex("03 0000 007d"))) == 252
    assert len(answer(station, bytes.fromhex("01 0000 07d0"))) == 252
    answer(station, bytes.fromhex("10 0000 007b f6") + bytes(246))
    answer(station, bytes.fromhex("0f 0000 07b0 f6") + bytes(246))
    answer(station, bytes.fromhex("17 0000 007d 0000 0079 f2") + bytes(242))
    for request in (
        bytes.fromhex("10 0000 007c f8") + bytes(248),
        bytes.fromhex("0f 0000 07b1 f7") + bytes(247),
        bytes.fromhex("17 0000 0001 0000 007a f4") + bytes(244),
    ):
        with raises(Refused):
            answer(station, request)


def test_nothing_is_written_when_what_is_to_be_read_is_not_there(station):
    with raises(Refused):
        answer(station, bytes.fromhex("17 03e7 0002 0000 0001 02 beef"))
    assert station.writes == []


@mark.parametrize("function", [1, 2, 5, 15])
def test_a_station_without_bits_does_not_know_their_functions(function):
    with raises(Refused) as refusal:
        answer(Memory(), bytes((function, 0, 0, 0, 1)))
    assert refusal.value.code == 1
