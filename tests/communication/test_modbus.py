import struct

from hypothesis import given, settings
from hypothesis import strategies as st

from ppc.communication.modbus import split

FRAMES = st.lists(st.binary(min_size=1, max_size=60), min_size=1, max_size=6)


@settings(max_examples=50, deadline=None)
@given(FRAMES, st.lists(st.integers(0, 400), max_size=8))
def test_frames_are_found_however_the_stream_is_cut(bodies, cuts):
    frames = [
        struct.pack(">HHHB", i, 0, 1 + len(b), 1) + b for i, b in enumerate(bodies)
    ]
    stream, found, rest, at = b"".join(frames), [], b"", 0
    for end in [*sorted(c for c in cuts if c < len(stream)), len(stream)]:
        more, rest = split(rest + stream[at:end])
        found += more
        at = max(at, end)
    assert found == frames
    assert rest == b""
