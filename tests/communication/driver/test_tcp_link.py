"""Whatever comes, a link gives the right answer or none."""

import struct
from itertools import pairwise
from time import monotonic

from hypothesis import given, settings
from hypothesis import strategies as st

from ppc.communication.driver.base import Exchange, Function, LinkCounters
from ppc.communication.driver.settings import LinkSettings
from ppc.communication.driver.tcp_link import TcpLink
from ppc.communication.errors import CommunicationError
from ppc.communication.modbus import heads
from tests.communication.driver.links import Asked, near_misses

RIGHT = struct.pack(">HHHBBB4H", 1, 0, 11, 17, 3, 8, 1, 2, 3, 4)


def asked():
    return Asked(TcpLink)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.binary(max_size=300), max_size=6))
async def test_random_bytes_are_never_data(pieces):
    link = asked()
    link.hear(*pieces)
    assert link.data is None


@settings(max_examples=300, deadline=None)
@given(near_misses(RIGHT))
async def test_what_is_nearly_the_answer_is_never_other_data(wrong):
    link = asked()
    link.hear(wrong)
    if link.data is not None:  # the registers themselves are TCP's to protect
        assert wrong[:9] == RIGHT[:9]
        assert link.data == wrong[9:17]


@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(0, len(RIGHT)), max_size=5))
async def test_the_answer_is_found_however_it_is_cut(cuts):
    link = asked()
    edges = [0, *sorted(cuts), len(RIGHT)]
    link.hear(*(RIGHT[a:b] for a, b in pairwise(edges)))
    assert link.data == RIGHT[9:]


async def test_an_answer_nobody_waits_for_is_late_and_no_error():
    link = asked()
    link.hear(RIGHT, RIGHT)
    assert link.replies == [RIGHT[9:]]
    assert link.counters.late_replies == 1
    assert link.counters.bad_replies == 0


async def test_what_has_expired_is_not_sent():
    link = asked()
    link.hear(RIGHT)
    told = []
    write = Exchange(
        17, Function.WRITE_ONE, 0, 1, payload=b"\0\1",
        expires_s=monotonic() - 1.0, done=told.append,
    )  # fmt: skip
    write.compiled = heads(write)
    sent = len(link.sent)
    link.link.ask(write)
    assert isinstance(told[0], CommunicationError)
    assert len(link.sent) == sent


async def test_a_broadcast_through_a_gateway_is_done_when_it_is_sent():
    told, counters = [], LinkCounters()
    link = TcpLink(
        counters,
        LinkSettings(turnaround_s=0.2),
        lambda _, reply: told.append(reply),
        lambda: None,
    )
    link.connection_made(asked())
    write = Exchange(0, Function.WRITE_ONE, 0, 1, payload=b"\0\1")
    write.compiled = heads(write)
    link.ask(write)
    assert told == [b""]
    assert link.exchange is None
    assert link.free_s > monotonic() + 0.1
    assert not counters.ended  # nobody has answered
