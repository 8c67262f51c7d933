"""What is heard on a line: requests among answers, noise and frames that are wrong."""

from hypothesis import given, settings
from hypothesis import strategies as st
from pytest import fixture, mark

from ppc.communication.driver.framing import Rtu
from ppc.communication.server.rtu_stream import RtuStream

OURS = 17
frame = Rtu().frame


@fixture(name="stream")
def _stream():
    return RtuStream(lambda unit: unit == OURS)


REQUESTS = [
    "01 0000 0010",
    "02 0000 0010",
    "03 0000 0002",
    "04 0000 0002",
    "05 0001 ff00",
    "06 0001 1234",
    "07",
    "08 0000 1234",
    "0b",
    "0f 0000 0009 02 ff01",
    "10 0000 0002 04 00010002",
    "11",
    "16 0000 00f2 0025",
    "17 0000 0001 0000 0001 02 1234",
    "18 0000",
    "2b 0e 01 00",
]
ANSWERS = {
    0x01: "01 02 ffff",
    0x02: "02 02 ffff",
    0x03: "03 04 00010002",
    0x04: "04 04 00010002",
    0x05: "05 0001 ff00",
    0x06: "06 0001 1234",
    0x07: "07 00",
    0x08: "08 0000 1234",
    0x0B: "0b 0000 0001",
    0x0F: "0f 0000 0009",
    0x10: "10 0000 0002",
    0x11: "11 02 01ff",
    0x16: "16 0000 00f2 0025",
    0x17: "17 02 1234",
}


@mark.parametrize("pdu", REQUESTS)
def test_every_request_is_told_byte_by_byte_and_in_one_go(stream, pdu):
    content = bytes((OURS,)) + bytes.fromhex(pdu)
    whole = frame(content)
    assert stream.hear(whole) == [content]
    heard = [stream.hear(bytes((byte,))) for byte in whole]
    assert heard == [[]] * (len(whole) - 1) + [[content]]
    assert not stream.heard


@mark.parametrize("pdu", REQUESTS)
def test_the_answers_of_others_are_passed_over(stream, pdu):
    """With nothing between them that we could hear as a silence."""
    request = bytes((5,)) + bytes.fromhex(pdu)
    ours = bytes((OURS,)) + bytes.fromhex("03 0000 0002")
    answers = [bytes((5, request[1] | 0x80, 2))]
    if request[1] in ANSWERS:
        answers.append(bytes((5,)) + bytes.fromhex(ANSWERS[request[1]]))
    for answer in answers:
        data = frame(request) + frame(answer) + frame(ours) + frame(ours)
        assert stream.hear(data) == [request, ours, ours]
        assert not stream.heard


def test_data_of_others_do_not_pass_for_a_request_to_us(stream):
    """An answer that begins like a frame, and holds a write to us."""
    inner = frame(bytes((OURS,)) + bytes.fromhex("06 0001 dead"))
    like_a_request = frame(bytes.fromhex("05 03 0d 0000 00"))
    answer = frame(like_a_request + inner)
    request = bytes((5,)) + bytes.fromhex("03 0000 0006")
    assert stream.hear(frame(request) + answer) == [request]
    assert not stream.heard


def test_the_same_write_twice_is_two_writes_when_it_is_to_us(stream):
    content = bytes((OURS,)) + bytes.fromhex("06 0001 1234")
    assert stream.hear(frame(content)) == [content]
    assert stream.hear(frame(content)) == [content]
    every = bytes((0,)) + bytes.fromhex("06 0001 1234")
    assert stream.hear(frame(every) * 2) == [every] * 2


def test_what_is_wrong_is_dropped_with_the_silence_after_it(stream):
    content = bytes((OURS,)) + bytes.fromhex("03 0000 0002")
    broken = bytearray(frame(content))
    broken[4] ^= 1
    assert stream.hear(bytes(broken)) == []
    assert stream.silence() == []
    assert stream.wrong == 1
    assert stream.hear(frame(content)) == [content]
    assert stream.hear(frame(content)[:5]) == stream.silence() == []
    assert stream.wrong == 2
    assert stream.silence() == []
    assert stream.wrong == 2


def test_a_function_nobody_knows_is_told_when_it_is_silent(stream):
    content = bytes((OURS, 99, 1, 2, 3))
    assert stream.hear(frame(content)) == []
    assert stream.silence() == [content]
    other = bytes((5, 99, 1, 2, 3))
    assert stream.hear(frame(other)) == []
    assert stream.silence() == [other]
    assert stream.hear(frame(other)) == []
    assert stream.silence() == []  # that was his answer
    assert stream.wrong == 0


@given(st.lists(st.binary(max_size=300), max_size=8), st.integers(1, 247))
@settings(max_examples=200, deadline=None)
def test_noise_takes_no_room_and_a_request_after_a_silence_is_heard(noise, unit):
    stream = RtuStream(lambda own: own == OURS)
    for piece in noise:
        stream.hear(piece)
        assert len(stream.heard) <= 512
    stream.silence()
    content = bytes((unit,)) + bytes.fromhex("03 0000 0002")
    assert stream.hear(frame(content)) == [content]
