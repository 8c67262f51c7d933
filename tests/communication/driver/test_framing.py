"""Frames of RTU and ASCII: those of the standard, and nothing else."""

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ppc.communication.driver.framing import Ascii, Rtu

FRAMINGS = [Rtu(), Ascii()]
HEAD = b"\x11\x03\x06"
CONTENT = st.binary(min_size=1, max_size=200).map(lambda data: HEAD + data)


def test_frames_are_those_of_the_standard():
    """Source: the examples of the Modbus protocol guide, function 3 of station 17."""
    request = bytes.fromhex("11 03 00 6b 00 03")
    assert Rtu().frame(request).hex() == "1103006b00037687"
    assert Ascii().frame(request) == b":1103006B00037E\r\n"


@pytest.mark.parametrize("framing", FRAMINGS)
@settings(max_examples=50, deadline=None)
@given(content=CONTENT, at=st.integers(0, 500))
def test_a_frame_is_whole_with_its_last_byte(framing, content, at):
    frame = framing.frame(content)
    assert len(frame) == framing.size(len(content))
    assert framing.unframe(frame, HEAD, len(content)) == content
    part = frame[: at % len(frame)]
    if part or isinstance(framing, Rtu):
        assert framing.unframe(part, HEAD, len(content)) is None
    with pytest.raises(ValueError, match=r"more|where"):
        framing.unframe(frame + b"\0", HEAD, len(content))


@pytest.mark.parametrize("framing", FRAMINGS)
@settings(max_examples=100, deadline=None)
@given(content=CONTENT, at=st.integers(0, 500), bit=st.integers(0, 7))
def test_a_flipped_bit_never_gives_other_content(framing, content, at, bit):
    frame = bytearray(framing.frame(content))
    frame[at % len(frame)] ^= 1 << bit
    try:
        found = framing.unframe(bytes(frame), HEAD, len(content))
    except ValueError:
        return
    assert found in (None, content)  # hexadecimal digits may be small


@pytest.mark.parametrize("framing", FRAMINGS)
@settings(max_examples=200, deadline=None)
@given(data=st.binary(min_size=1, max_size=600), size=st.integers(4, 253))
def test_random_bytes_are_no_frame(framing, data, size):
    with suppress(ValueError):
        assert framing.unframe(data, HEAD, size) is None


def test_an_exception_is_shorter_than_the_answer():
    refused = Rtu().frame(b"\x11\x83\x02")
    assert Rtu().unframe(refused[:4], HEAD, 9) is None
    assert Rtu().unframe(refused, HEAD, 9) == b"\x11\x83\x02"
