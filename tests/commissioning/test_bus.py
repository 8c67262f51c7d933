from random import Random

from pytest import mark, raises

from ppc.commissioning.bus import RtuListener, TcpListener
from ppc.communication.driver.framing import Rtu

QUESTION = bytes.fromhex("01 03 00 6b 00 03")
ANSWER = bytes.fromhex("01 03 06 00 01 00 02 00 03")
WRITE = bytes.fromhex("01 10 00 01 00 02 04 00 0a 01 02")
ECHO = bytes.fromhex("01 10 00 01 00 02")
REFUSAL = bytes.fromhex("01 83 02")
BOTH = bytes.fromhex("01 17 00 03 00 01 00 0e 00 01 02 00 ff")
TALK = (QUESTION, ANSWER, WRITE, ECHO, QUESTION, REFUSAL, BOTH)


def line_of(*contents):
    return b"".join(Rtu().frame(content) for content in contents)


def heard(listener, data, size):
    found = []
    for i in range(0, len(data), size):
        found += listener.feed(data[i : i + size], i)
    return [bytes((frame.station,)) + frame.pdu for frame in found]


@mark.parametrize("size", [1, 3, 7, 1000])
def test_frames_are_found_in_whatever_pieces_they_come(size):
    assert heard(RtuListener(), line_of(*TALK), size) == list(TALK)


def test_noise_is_passed_over_when_the_line_is_quiet():
    listener = RtuListener()
    assert heard(listener, b"\x55\xaa" + line_of(QUESTION)[:-1] + b"\x00", 100) == []
    assert list(listener.silence(1.0)) == []
    assert listener.lost_count == 10
    assert heard(listener, b"\x00\x01" + line_of(QUESTION, ANSWER), 100) == []
    after = [bytes((f.station,)) + f.pdu for f in listener.silence(2.0)]
    assert after == [QUESTION, ANSWER]


def test_a_line_of_noise_never_fills_the_memory():
    listener, chance = RtuListener(), Random(3)  # noqa: S311
    for _ in range(100):
        list(listener.feed(chance.randbytes(100), 0.0))
    assert len(listener._buffer) < 256


def test_modbus_tcp_is_split():
    listener = TcpListener(asked=True)
    frame = bytes.fromhex("0001 0000 0006 11 03 006b 0003")
    assert list(listener.feed(frame[:5], 0.0)) == []
    found = list(listener.feed(frame[5:] + frame, 1.0))
    assert [(f.station, f.pdu.hex(), f.asked) for f in found] == [
        (17, "03006b0003", True)
    ] * 2
    with raises(ValueError, match="header"):
        list(listener.feed(b"GET / HTTP/1.1\r\n", 2.0))
