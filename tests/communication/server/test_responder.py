"""Whatever a station does, the caller has his answer."""

from pytest import mark

from ppc.communication.server.base import Caller
from ppc.communication.server.counters import ServerCounters
from ppc.communication.server.identification import Identity
from ppc.communication.server.responder import Responder
from tests.communication.server.memory import Memory

READ = bytes.fromhex("03 0000 0001")


class Broken(Memory):
    def read(self, _table, address, _count):
        raise ZeroDivisionError(address)


def responder(stations, identity=None):
    counters = ServerCounters()
    return Responder(stations, identity, counters), counters


def test_each_caller_finds_what_the_directory_has_for_him():
    ours, theirs = Memory(), Memory()
    ours.image[:2] = b"\x00\x07"

    def find(caller, unit):
        if unit != 1:
            return None
        return ours if caller.role == "operator" else theirs

    answers, counters = responder(find)
    operator = Caller("10.0.0.1", 802, "operator")
    assert answers.answer(operator, 1, READ) == bytes.fromhex("03 02 0007")
    assert answers.answer(Caller(), 1, READ) == bytes.fromhex("03 02 0000")
    assert answers.answer(operator, 2, READ) == bytes.fromhex("83 0b")
    assert counters.requests == 3
    assert counters.exceptions == {0x0B: 1}


def test_a_station_that_fails_is_told_of_once_per_kind(caplog):
    answers, counters = responder({1: Broken(), 2: Broken()})
    for i in range(100):
        pdu = b"\x03" + i.to_bytes(2) + b"\x00\x01"
        assert answers.answer(Caller(), 1, pdu) == bytes.fromhex("83 04")
    assert len(caplog.records) == 1
    answers.answer(Caller(), 2, READ)
    assert len(caplog.records) == 2
    assert counters.exceptions == {4: 101}


@mark.parametrize("unit", [1, 2])
def test_who_answers_at_all_says_who_he_is(unit):
    we = Identity(vendor_name="V", product_code="P", revision="1")
    answers, _ = responder({1: Memory()}, we)
    reply = answers.answer(Caller(), unit, bytes.fromhex("2b 0e 01 00"))
    assert reply[:2] == (b"\x2b\x0e" if unit == 1 else b"\xab\x0b")
