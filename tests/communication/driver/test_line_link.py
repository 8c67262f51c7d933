"""Whatever comes on a line, a link gives the right answer or none."""

import struct
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ppc.communication.driver.framing import Ascii, Rtu
from ppc.communication.driver.line_link import LineLink
from tests.communication.driver.links import Asked, near_misses

DATA = struct.pack(">4H", 1, 2, 3, 4)
CONTENT = bytes((17, 3, 8)) + DATA
FRAMINGS = {"rtu": Rtu(), "ascii": Ascii()}


def asked(framing):
    return Asked(LineLink, framing)


@pytest.mark.parametrize("framing", FRAMINGS.values(), ids=FRAMINGS)
@settings(max_examples=200, deadline=None)
@given(pieces=st.lists(st.binary(max_size=300), max_size=6))
async def test_random_bytes_are_never_data(framing, pieces):
    link = asked(framing)
    link.hear(*pieces)
    assert link.data is None


@pytest.mark.parametrize("framing", FRAMINGS.values(), ids=FRAMINGS)
@settings(max_examples=200, deadline=None)
@given(content=st.binary(min_size=2, max_size=60))
async def test_a_sound_frame_with_other_content_is_never_data(framing, content):
    link = asked(framing)
    link.hear(framing.frame(content))
    assert link.data is None or content == CONTENT


@pytest.mark.parametrize("framing", FRAMINGS.values(), ids=FRAMINGS)
@settings(max_examples=200, deadline=None)
@given(chosen=st.data())
async def test_what_is_nearly_the_answer_is_never_other_data(framing, chosen):
    link = asked(framing)
    wrong = chosen.draw(near_misses(framing.frame(CONTENT)))
    link.hear(wrong)
    assert link.data is None or (link.data == DATA and isinstance(framing, Ascii))


@pytest.mark.parametrize("framing", FRAMINGS.values(), ids=FRAMINGS)
@settings(max_examples=50, deadline=None)
@given(cuts=st.lists(st.integers(0, 27), max_size=5))
async def test_the_answer_is_found_however_it_is_cut(framing, cuts):
    link, frame = asked(framing), framing.frame(CONTENT)
    edges = [0, *sorted(cuts), len(frame)]
    link.hear(*(frame[a:b] for a, b in pairwise(edges)))
    assert link.data == DATA


@pytest.mark.parametrize("framing", FRAMINGS.values(), ids=FRAMINGS)
async def test_what_comes_while_nobody_is_asked_is_thrown_away(framing):
    link = asked(framing)
    frame = framing.frame(CONTENT)
    link.hear(frame, frame)
    assert link.replies == [DATA]
    assert link.counters.late_replies == 1
    assert link.link.free_s > link.link.heard_s  # until the line is quiet
