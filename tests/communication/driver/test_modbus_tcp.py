"""What our driver makes of devices that do not behave: an error, never data."""

import asyncio
import socket
import struct
import time
from contextlib import ExitStack

import pytest

from ppc.communication.driver.base import Exchange, Function, Priority, ask
from ppc.communication.driver.modbus_tcp import ModbusTcp, ModbusTcpSettings
from ppc.communication.errors import (
    BadReply,
    CommunicationError,
    Expired,
    NoReply,
    NotConnected,
    Refused,
)
from tests.communication.driver.far_ends import Linked, connected
from tests.communication.peers import ScriptedDevice, answer

DATA = struct.pack(">4H", 1, 2, 3, 4)


class Port:
    """A device on the wire that we know only by its port."""

    def __init__(self, port):
        self._port = port

    def driver(self, **settings):
        usual = {"timeout_s": 0.15, "backoff_min_s": 0.01, "backoff_max_s": 0.05}
        address = {"host": "127.0.0.1", "port": self._port}
        return ModbusTcp(ModbusTcpSettings(**(address | usual | settings)))


def linked(port, **settings):
    """A driver connected to a port; nothing is left of it afterwards."""
    return Linked(Port(port), **settings)


def read(count=4, **changes):
    return Exchange(1, Function.READ_HOLDING, 0, count, **changes)


def sends(make):
    async def behave(request, writer):
        writer.write(make(request))

    return behave


def patched(at, value):
    """The right answer with other bytes at one place."""

    def make(request):
        right = bytearray(answer(request))
        right[at : at + len(value)] = value
        return bytes(right)

    return sends(make)


def pdu(*content):
    def make(request):
        body = bytes(content)
        return request[:4] + struct.pack(">HB", 1 + len(body), 1) + body

    return sends(make)


async def silent(request, writer):
    pass


async def drip(request, writer):
    for byte in answer(request):
        writer.write(bytes((byte,)))
        await asyncio.sleep(0.04)


async def close_mid_frame(request, writer):
    writer.write(answer(request)[:9])
    await writer.drain()
    writer.close()


BAD = {
    "wrong transaction": (patched(0, b"\x77\x77"), BadReply),
    "protocol id 1": (patched(2, b"\x00\x01"), BadReply),
    "length 2000": (patched(4, b"\x07\xd0"), BadReply),
    "length 0": (patched(4, b"\x00\x00"), BadReply),
    "wrong station": (patched(6, b"\x09"), BadReply),
    "wrong function": (patched(7, b"\x04"), BadReply),
    "wrong byte count": (patched(8, b"\x06"), BadReply),
    "too few registers": (pdu(3, 2, 0, 1), BadReply),
    "too many registers": (pdu(3, 10, *range(10)), BadReply),
    "exception of another function": (pdu(0x84, 2), BadReply),
    "exception 2": (pdu(0x83, 2), Refused),
    "silence": (silent, NoReply),
    "a byte in 40 ms": (drip, NoReply),
    "half a frame, then the end": (close_mid_frame, NotConnected),
}


@pytest.mark.parametrize(("behave", "error"), BAD.values(), ids=BAD)
async def test_what_is_not_the_answer_is_an_error_and_the_link_recovers(behave, error):
    async with ScriptedDevice(behave) as device, linked(device.port) as driver:
        with pytest.raises(error):
            await ask(driver, read())
        await connected(driver)
        async with asyncio.timeout(5):
            while await reply(driver) != DATA:  # noqa: ASYNC110
                await asyncio.sleep(0.01)


async def reply(driver):
    try:
        return await ask(driver, read())
    except CommunicationError as error:
        return error


@pytest.mark.parametrize("at", [8, 9, 10, 11])
async def test_a_wrong_echo_of_a_write_is_an_error(at):
    async with (
        ScriptedDevice(patched(at, b"\x55")) as device,
        linked(device.port) as driver,
    ):
        with pytest.raises(BadReply):
            await ask(driver, Exchange(1, Function.WRITE_MANY, 7, 2, payload=bytes(4)))


async def test_a_late_answer_is_never_taken_for_the_next():
    async def late(request, writer):
        await asyncio.sleep(0.2)
        writer.write(answer(request))

    async with ScriptedDevice(late) as device, linked(device.port) as driver:
        with pytest.raises(NoReply):
            await ask(driver, read(2))
        assert await ask(driver, read(4)) == DATA
        assert driver.counters.late_replies == 1
        assert device.connections == 1


async def test_each_request_is_noted_with_its_time_and_what_came_of_it():
    async def refused(request, writer):
        await asyncio.sleep(0.05)
        writer.write(request[:4] + bytes((0, 3, 1, request[7] | 0x80, 2)))

    async with (
        ScriptedDevice(refused, silent) as device,
        linked(device.port) as driver,
    ):
        for error in (Refused, NoReply):
            with pytest.raises(error):
                await ask(driver, read())
        first, second = driver.counters.ended
    assert (first[0], first[2]) == (1, Refused)
    assert 0.05 <= first[1] < 0.1
    assert (second[0], second[2]) == (1, NoReply)
    assert second[1] >= 0.15


async def test_two_silences_in_a_row_cost_the_connection():
    async with ScriptedDevice(silent, silent) as device, linked(device.port) as driver:
        for _ in range(2):
            with pytest.raises(NoReply):
                await ask(driver, read())
        await asyncio.sleep(0.1)
        await connected(driver)
        assert await ask(driver, read()) == DATA
        assert device.connections == 2


async def test_writes_of_one_and_of_many_are_checked_by_their_echo():
    async with ScriptedDevice() as device, linked(device.port) as driver:
        many = Exchange(1, Function.WRITE_MANY, 7, 2, payload=b"\1\2\3\4")
        one = Exchange(1, Function.WRITE_ONE, 7, 1, payload=b"\1\2")
        assert await ask(driver, many) == b""
        assert await ask(driver, one) == b""
        assert device.requests[0][7:] == bytes.fromhex("10 0007 0002 04 01020304")
        assert device.requests[1][7:] == bytes.fromhex("06 0007 0102")


async def test_it_connects_when_there_is_somebody_to_connect_to(free_port):
    port = free_port()
    settings = {"backoff_min_s": 0.01, "backoff_max_s": 0.05}
    driver = ModbusTcp(ModbusTcpSettings(host="127.0.0.1", port=port, **settings))
    driver.start()
    with pytest.raises(NotConnected):
        await ask(driver, read())
    async with ScriptedDevice(port=port):
        await connected(driver)
        await driver.close()


async def test_a_peer_that_never_finishes_the_handshake_does_not_hang_us():
    with ExitStack() as stack:
        hole = stack.enter_context(socket.socket())
        hole.bind(("127.0.0.1", 0))
        hole.listen(0)
        for _ in range(3):  # its queue is full: who comes now hears nothing
            filler = stack.enter_context(socket.socket())
            filler.settimeout(0)
            filler.connect_ex(hole.getsockname())
        port = hole.getsockname()[1]
        driver = ModbusTcp(ModbusTcpSettings(host="127.0.0.1", port=port))
        driver.start()
        await asyncio.sleep(0.1)
        assert not driver.connected
        with pytest.raises(NotConnected):
            await ask(driver, read())
        began_s = time.monotonic()
        await driver.close()
        assert time.monotonic() - began_s < 0.5


async def test_the_newest_of_several_writes_is_sent_and_done_is_told_once_each():
    told = []
    async with ScriptedDevice() as device, linked(device.port) as driver:
        write = Exchange(
            1, Function.WRITE_MANY, 0, 1, Priority.COMMAND, done=told.append
        )
        taken = []
        for i in range(5):
            write.payload = bytes((0, i))
            taken.append(driver.submit(write))
        await asyncio.sleep(0.05)
        assert taken == [True, True, False, False, False]
        assert [r[-1] for r in device.requests] == [0, 4]
        assert told == [b"", b""]


async def test_commands_go_before_fast_reads_and_those_before_slow_ones():
    async with ScriptedDevice() as device, linked(device.port) as driver:
        driver.submit(read())
        for address, priority in (
            (30, Priority.SLOW),
            (20, Priority.FAST),
            (10, Priority.COMMAND),
        ):
            driver.submit(Exchange(1, Function.READ_HOLDING, address, 1, priority))
        await asyncio.sleep(0.05)
        assert [int.from_bytes(r[8:10]) for r in device.requests] == [0, 10, 20, 30]


async def test_a_read_under_way_is_not_asked_twice():
    told = []
    async with ScriptedDevice() as device, linked(device.port) as driver:
        exchange = read(done=told.append)
        assert driver.submit(exchange)
        assert not driver.submit(exchange)
        await asyncio.sleep(0.05)
        assert len(device.requests) == len(told) == 1


async def test_what_has_expired_is_told_and_not_sent():
    told = []
    async with ScriptedDevice() as device, linked(device.port) as driver:
        driver.submit(read())
        write = Exchange(
            1, Function.WRITE_MANY, 0, 1, Priority.COMMAND, bytes(2),
            expires_s=time.monotonic() - 1.0, done=told.append,
        )  # fmt: skip
        driver.submit(write)
        await asyncio.sleep(0.05)
        assert len(device.requests) == 1
        assert isinstance(told[0], Expired)


async def test_who_waits_is_told_when_the_connection_ends():
    told = []
    async with ScriptedDevice(close_mid_frame) as device, linked(device.port) as driver:
        for i in range(3):
            driver.submit(Exchange(1, Function.READ_HOLDING, i, 1, done=told.append))
        await asyncio.sleep(0.1)
        assert [type(reply) for reply in told] == [NotConnected] * 3


async def test_a_dead_device_costs_the_others_nothing():
    async with (
        ScriptedDevice(*[silent] * 50) as dead,
        ScriptedDevice() as well,
        linked(dead.port) as one,
        linked(well.port) as other,
    ):
        one.submit(read())
        began_s = time.monotonic()
        for _ in range(20):
            assert await ask(other, read()) == DATA
        assert time.monotonic() - began_s < 0.15
