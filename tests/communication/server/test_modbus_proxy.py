"""Other masters read the devices through the controller's own connection."""

import asyncio
import struct
import time
from contextlib import asynccontextmanager

from pytest import mark, raises

from ppc.communication.driver.base import Exchange, Function, ask
from ppc.communication.driver.modbus_tcp import ModbusTcp, ModbusTcpSettings
from ppc.communication.errors import Refused
from ppc.communication.server.limits import Limits
from ppc.communication.server.modbus_proxy import ModbusProxy, Route
from ppc.communication.server.modbus_server import ModbusServer


class Device:
    """Registers that hold their own address; counts what it is asked."""

    def __init__(self):
        self.asked = []
        self.written = []

    def read(self, table, address, count):
        self.asked.append((table.value, address, count))
        if address == 500:
            raise Refused(2)
        return struct.pack(f">{count}H", *range(address, address + count))

    def write(self, address, payload):
        self.written.append((address, payload))


@asynccontextmanager
async def rig(life_s=0.05):
    device = Device()
    server = ModbusServer("127.0.0.1", 0, {7: device}, limits=Limits(connections=1))
    await server.start()
    driver = ModbusTcp(
        ModbusTcpSettings(host="127.0.0.1", port=server.port, timeout_s=0.3)
    )
    driver.start()
    async with asyncio.timeout(5):
        while not driver.connected:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    proxy = ModbusProxy(
        *("127.0.0.1", 0, {3: Route(driver, 7)}), now_s=time.monotonic, life_s=life_s
    )
    await proxy.start()
    try:
        yield device, driver, proxy, server
    finally:
        await proxy.close()
        await driver.close()
        await server.close()


def frame(pdu, unit=3, transaction=1):
    return struct.pack(">HHHB", transaction, 0, 1 + len(pdu), unit) + bytes(pdu)


def read(address, count, function=3):
    return struct.pack(">BHH", function, address, count)


async def answers(proxy, *frames, cut=None):
    """Whole answers to frames sent in one go, or in two pieces."""
    reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
    data = b"".join(frames)
    for piece in (data,) if cut is None else (data[:cut], data[cut:]):
        writer.write(piece)
        await asyncio.sleep(0.01)
    got = []
    try:
        async with asyncio.timeout(3):
            for _ in frames:
                head = await reader.readexactly(7)
                transaction, _, length, unit = struct.unpack(">HHHB", head)
                got.append((transaction, unit, await reader.readexactly(length - 1)))
    finally:
        writer.close()
    return got


async def test_a_read_is_passed_on_and_answered_in_order():
    async with rig() as (device, _, proxy, _):
        got = await answers(
            proxy, frame(read(10, 2)), frame(read(20, 1, 4), transaction=2), cut=15
        )
        assert got == [
            (1, 3, bytes((3, 4, 0, 10, 0, 11))),
            (2, 3, bytes((4, 2, 0, 20))),
        ]
        assert device.asked == [("holding", 10, 2), ("input", 20, 1)]


@mark.parametrize(
    ("pdu", "unit", "code"),
    [
        (read(500, 1), 3, 2),
        (read(0, 126), 3, 3),
        (read(0, 0), 3, 3),
        (read(65535, 2), 3, 2),
        (read(0, 1)[:-1], 3, 3),
        (read(0, 1), 4, 0x0A),
        (struct.pack(">BHH", 6, 0, 1), 3, 1),
        (struct.pack(">BHHBH", 16, 0, 1, 2, 1), 3, 1),
        (bytes((99,)), 3, 1),
    ],
)
async def test_what_cannot_be_passed_on_is_refused(pdu, unit, code):
    async with rig() as (device, _, proxy, _):
        ((_, told, answer),) = await answers(proxy, frame(pdu, unit))
        assert (told, answer) == (unit, bytes((pdu[0] | 0x80, code)))
        assert device.written == []


async def test_ten_masters_cost_the_device_one_request():
    async with rig(life_s=0.5) as (device, _, proxy, _):
        many = (answers(proxy, frame(read(10, 2))) for _ in range(10))
        assert len({tuple(got) for got in await asyncio.gather(*many)}) == 1
        assert device.asked == [("holding", 10, 2)]
        await asyncio.sleep(0.6)
        await answers(proxy, frame(read(10, 2)))
        assert len(device.asked) == 2


async def test_a_device_that_is_gone_is_said_to_be():
    async with rig() as (_, driver, proxy, server):
        await server.close()
        async with asyncio.timeout(5):
            while driver.connected:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        ((_, _, answer),) = await answers(proxy, frame(read(1, 1)))
        assert answer == bytes((0x83, 0x0A))


async def test_noise_and_floods_end_only_their_own_connection():
    async with rig() as (_, _, proxy, _):
        for data in (b"\x00\x01\x00\x09" + bytes(20), frame(read(1, 1)) * 40):
            reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
            writer.write(data)
            async with asyncio.timeout(3):
                while await _more(reader):
                    pass
            writer.close()
        assert len(await answers(proxy, frame(read(1, 1)))) == 1


async def _more(reader):
    try:
        return await reader.read(4096)
    except ConnectionError:
        return b""


async def test_the_controller_goes_first():
    async with rig() as (device, driver, proxy, _):
        told = []
        for address in range(20):
            proxy.ask(3, read(address, 1), told.append)
        await ask(driver, Exchange(7, Function.READ_HOLDING, 900, 10))
        assert [address for _, address, _ in device.asked] == [0, 900]
        async with asyncio.timeout(5):
            while len(told) < 20:  # noqa: ASYNC110
                await asyncio.sleep(0.01)


async def test_a_port_that_is_taken_is_named():
    async with rig() as (_, _, proxy, _):
        second = ModbusProxy("127.0.0.1", proxy.port, {}, now_s=time.monotonic)
        with raises(OSError, match=f"127.0.0.1:{proxy.port} is in use"):
            await second.start()


async def test_more_masters_than_it_serves_are_turned_away():
    async with rig() as (_, _, proxy, _):
        ends = [
            await asyncio.open_connection("127.0.0.1", proxy.port) for _ in range(16)
        ]
        reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
        async with asyncio.timeout(3):
            assert await _more(reader) == b""
        writer.close()
        assert proxy.clients == 16
        for _, each in ends:
            each.close()
        async with asyncio.timeout(3):
            while proxy.clients:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        assert len(await answers(proxy, frame(read(1, 1)))) == 1
