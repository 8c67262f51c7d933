"""Our stations on a line: asked by others' masters, among others' stations."""

import asyncio
import os
import tty
from contextlib import asynccontextmanager

from pytest import mark, raises

from ppc.communication.driver.base import Exchange, Function, ask
from ppc.communication.driver.framing import Rtu
from ppc.communication.driver.modbus_rtu import ModbusRtu, ModbusRtuSettings
from ppc.communication.driver.settings import SerialSettings
from ppc.communication.errors import NoReply, Refused
from ppc.communication.server.identification import Identity
from ppc.communication.server.modbus_rtu_server import ModbusRtuServer
from tests.communication.driver.far_ends import connected
from tests.communication.driver.lines import Line
from tests.communication.server.memory import BitMemory

frame = Rtu().frame
IDENTITY = Identity(vendor_name="V", product_code="P", revision="1")
USUAL = {"baudrate": 115200, "parity": "N"}
READ = bytes.fromhex("11 03 0000 0001")
OK = frame(bytes.fromhex("11 03 02 0000"))


class Wire:
    """The other end of the line, in raw bytes."""

    def __init__(self):
        self.master, self.slave = os.openpty()
        tty.setraw(self.slave)
        os.set_blocking(self.master, False)
        self.device = os.ttyname(self.slave)

    def send(self, data):
        os.write(self.master, data)

    async def heard(self, for_s=0.15):
        """All that comes within a while."""
        await asyncio.sleep(for_s)
        try:
            return os.read(self.master, 4096)
        except BlockingIOError:
            return b""

    def close(self):
        for end in (self.master, self.slave):
            os.close(end)


@asynccontextmanager
async def serving(**settings):
    wire, memory = Wire(), BitMemory()
    server = ModbusRtuServer(
        SerialSettings(device=wire.device, **USUAL | settings),
        {17: memory, 18: BitMemory(), 19: memory},
        identity=IDENTITY,
    )
    await server.start()
    try:
        yield wire, memory, server
    finally:
        await server.close()
        wire.close()


@mark.parametrize(
    ("asked", "answered"),
    [
        ("11 03 0000 0001", "11 03 02 0000"),
        ("11 06 0001 0007", "11 06 0001 0007"),
        ("11 10 0001 0001 02 0007", "11 10 0001 0001"),
        ("11 01 0000 0003", "11 01 01 00"),
        ("11 2b 0e 01 02", "11 2b 0e 01 82 00 00 01 02 01 31"),
        ("11 03 0000 007e", "11 83 03"),
        ("11 63 0000 0001", "11 e3 01"),
    ],
)
async def test_each_request_has_its_answer(asked, answered):
    async with serving() as (wire, _, _):
        wire.send(frame(bytes.fromhex(asked)))
        assert await wire.heard() == frame(bytes.fromhex(answered))


async def test_a_frame_may_come_in_pieces_but_not_with_a_silence_in_it():
    async with serving() as (wire, _, server):
        for byte in frame(READ):
            wire.send(bytes((byte,)))
            await asyncio.sleep(0.002)
        assert await wire.heard() == OK
        wire.send(frame(READ)[:4])
        await asyncio.sleep(0.1)
        wire.send(frame(READ)[4:])
        assert await wire.heard() == b""
        assert server.counters.malformed == 2
        wire.send(frame(READ))
        assert await wire.heard() == OK


async def test_what_is_for_others_and_what_they_answer_is_left_alone():
    async with serving() as (wire, memory, server):
        wire.send(frame(bytes.fromhex("05 03 0000 0002")))
        wire.send(frame(bytes.fromhex("05 03 04 00010002")))
        wire.send(frame(bytes.fromhex("05 06 0001 0007")))
        wire.send(frame(bytes.fromhex("05 06 0001 0007")))
        assert await wire.heard() == b""
        assert (server.counters.requests, server.counters.malformed) == (0, 0)
        assert not memory.writes
        wire.send(frame(READ))
        assert await wire.heard() == OK


async def test_a_broadcast_is_written_once_to_each_and_answered_by_nobody():
    async with serving() as (wire, memory, server):
        wire.send(frame(bytes.fromhex("00 06 0001 0007")))
        wire.send(frame(bytes.fromhex("00 03 0001 0007")))
        assert await wire.heard() == b""
        assert memory.writes == [(1, b"\0\7")]
        assert server.counters.requests == 2  # two stations under three numbers


async def test_a_wrong_checksum_is_counted_and_told_of_once(caplog):
    async with serving() as (wire, memory, server):
        for _ in range(4):
            wire.send(bytes.fromhex("11 06 0001 0007 0000"))
            assert await wire.heard(0.06) == b""
        assert server.counters.malformed == 4
        assert not memory.writes
    assert len(caplog.records) == 1


async def test_who_speaks_before_the_answer_is_not_answered():
    async with serving(request_gap_s=0.1) as (wire, _, _):
        wire.send(frame(READ))
        await asyncio.sleep(0.03)
        wire.send(frame(bytes.fromhex("12 03 0000 0001")))
        assert await wire.heard(0.3) == frame(bytes.fromhex("12 03 02 0000"))


async def test_a_port_that_is_lost_is_opened_again(tmp_path, caplog):
    first, second = Wire(), Wire()
    device = tmp_path / "port"
    device.symlink_to(first.device)
    settings = SerialSettings(device=str(device), backoff_min_s=0.02, **USUAL)
    server = ModbusRtuServer(settings, {17: BitMemory()})
    await server.start()
    first.close()
    await asyncio.sleep(0.2)
    device.unlink()
    device.symlink_to(second.device)
    async with asyncio.timeout(5):
        while server.counters.connections < 2:  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    second.send(frame(READ))
    assert await second.heard() == OK
    await server.close()
    second.close()
    assert len(caplog.records) == 2


async def test_a_port_that_is_not_there_is_named():
    server = ModbusRtuServer(SerialSettings(device="/dev/nowhere"), {})
    with raises(OSError, match="/dev/nowhere: cannot be opened"):
        await server.start()
    await server.close()


async def test_our_driver_and_our_server_understand_each_other():
    with Line() as line:
        ours, theirs = line.ends
        memory = BitMemory()
        server = ModbusRtuServer(SerialSettings(device=theirs, **USUAL), {17: memory})
        await server.start()
        driver = ModbusRtu(ModbusRtuSettings(device=ours, timeout_s=0.3, **USUAL))
        driver.start()
        await connected(driver)
        for i in range(20):
            write = Exchange(17, Function.WRITE_MANY, 3, 2, payload=bytes((i, 2, 3, 4)))
            await ask(driver, write)
            read = Exchange(17, Function.READ_HOLDING, 3, 2)
            assert await ask(driver, read) == bytes((i, 2, 3, 4))
        with raises(Refused):
            await ask(driver, Exchange(17, Function.READ_HOLDING, 999, 2))
        with raises(NoReply):
            await ask(driver, Exchange(20, Function.READ_HOLDING, 0, 2))
        await driver.close()
        await server.close()
