"""The wire without a network keeps the promises of a driver."""

from pytest import fixture

from ppc.bench.in_process import InProcessWire, WireSettings
from ppc.bench.simulated_time import SimulatedTime
from ppc.communication.driver.base import Exchange, Function, Priority
from ppc.communication.errors import Expired, NoReply, NotConnected, Refused


class Box:
    """Ten registers; refuses all that lies beyond."""

    def __init__(self):
        self.registers = bytearray(range(20))
        self.written = []

    def read(self, table, address, count):
        self.table = table
        if address + count > 10:
            raise Refused(2)
        return bytes(self.registers[2 * address : 2 * (address + count)])

    def write(self, address, payload):
        self.written.append((address, payload))


class Rig:
    def __init__(self):
        self.time = SimulatedTime()
        self.box = Box()
        self.wire = InProcessWire("box", {1: self.box}, self.time, WireSettings())
        self.log = []

    def exchange(self, name, function=Function.READ_HOLDING, address=0, **more):
        exchange = Exchange(more.pop("station", 1), function, address, 2, **more)
        exchange.done = lambda reply: self.log.append((name, reply, self.time.now_s()))
        return exchange


@fixture(name="rig")
def _rig():
    return Rig()


def test_an_answer_takes_the_way_there_and_back(rig):
    rig.wire.submit(rig.exchange("x"))
    assert rig.log == []
    rig.time.sleep_until(1.0)
    assert rig.log == [("x", bytes([0, 1, 2, 3]), 0.001)]


def test_a_refusal_comes_back_as_such(rig):
    rig.wire.submit(rig.exchange("x", address=9))
    rig.time.sleep_until(1.0)
    ((_, reply, _),) = rig.log
    assert isinstance(reply, Refused)
    assert reply.code == 2


def test_one_at_a_time_and_the_urgent_first(rig):
    for name, priority in (
        ("under way", Priority.SLOW),
        ("slow", Priority.SLOW),
        ("fast", Priority.FAST),
        ("command", Priority.COMMAND),
    ):
        rig.wire.submit(rig.exchange(name, priority=priority))
    rig.time.sleep_until(1.0)
    assert [(name, at_s) for name, _, at_s in rig.log] == [
        ("under way", 0.001),
        ("command", 0.002),
        ("fast", 0.003),
        ("slow", 0.004),
    ]


def test_the_newest_payload_is_sent_and_only_once(rig):
    rig.wire.submit(rig.exchange("read"))
    write = rig.exchange("write", Function.WRITE_MANY, payload=b"old!")
    assert rig.wire.submit(write)
    write.payload = b"new!"
    assert not rig.wire.submit(write)
    rig.time.sleep_until(1.0)
    assert rig.box.written == [(0, b"new!")]


def test_what_changes_on_the_way_is_not_what_was_sent(rig):
    write = rig.exchange("write", Function.WRITE_MANY, payload=b"sent")
    rig.wire.submit(write)
    write.payload = b"next"
    rig.time.sleep_until(1.0)
    assert rig.box.written == [(0, b"sent")]


def test_an_expired_write_is_told_and_not_sent(rig):
    rig.wire.submit(rig.exchange("read"))
    rig.wire.submit(
        rig.exchange("write", Function.WRITE_MANY, payload=b"late", expires_s=0.0005)
    )
    rig.time.sleep_until(1.0)
    assert rig.box.written == []
    assert isinstance(rig.log[1][1], Expired)


def test_silence_is_no_reply_after_the_timeout(rig):
    rig.wire.silent = True
    rig.wire.submit(rig.exchange("x"))
    rig.wire.silent = False
    rig.wire.submit(rig.exchange("y"))
    rig.time.sleep_until(1.0)
    (_, silence, at_s), (_, answer, _) = rig.log
    assert isinstance(silence, NoReply)
    assert at_s == 0.3
    assert answer == bytes([0, 1, 2, 3])


def test_an_unknown_station_is_silent(rig):
    rig.wire.submit(rig.exchange("x", station=7))
    rig.time.sleep_until(1.0)
    ((_, reply, at_s),) = rig.log
    assert isinstance(reply, NoReply)
    assert abs(at_s - 0.3) < 1e-9


def test_a_pulled_cable_fails_all_and_forgets_what_was_under_way(rig):
    under_way = rig.exchange("under way")
    rig.wire.submit(under_way)
    rig.wire.submit(rig.exchange("waiting"))
    rig.wire.plugged = False
    assert not rig.wire.connected
    rig.wire.submit(rig.exchange("later"))
    assert [name for name, reply, _ in rig.log if isinstance(reply, NotConnected)] == [
        "under way",
        "waiting",
        "later",
    ]
    rig.wire.plugged = True
    rig.wire.submit(under_way)
    rig.time.sleep_until(0.0007)
    rig.time.sleep_until(1.0)
    assert len(rig.log) == 4
    assert rig.log[3][2] == 0.001  # its own answer, not the one of the time before


def test_who_is_slower_than_the_timeout_is_silent_but_has_heard(rig):
    rig.wire.settings.delay_s = 0.2
    rig.wire.submit(rig.exchange("slow", Function.WRITE_MANY, payload=b"sent"))
    rig.time.sleep_until(0.35)
    ((_, reply, at_s),) = rig.log
    assert isinstance(reply, NoReply)
    assert at_s == 0.3
    assert rig.box.written == [(0, b"sent")]
    rig.wire.settings.delay_s = 0.001
    rig.wire.submit(rig.exchange("next"))
    rig.time.sleep_until(1.0)
    assert [name for name, _, _ in rig.log] == ["slow", "next"]  # no answer twice
