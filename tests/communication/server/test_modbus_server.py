"""Our server against raw bytes, and against clients that others wrote."""

import asyncio
import socket
import struct

import pytest

from ppc.communication.driver.base import Exchange, Function, Table, ask
from ppc.communication.driver.modbus_tcp import ModbusTcp, ModbusTcpSettings
from ppc.communication.errors import Refused
from ppc.communication.server.limits import Limits
from ppc.communication.server.modbus_server import ModbusServer


class Memory:
    """A station with 1000 registers; some addresses answer badly."""

    def __init__(self):
        self.registers = bytearray(2000)

    def read(self, table, address, count):
        if address == 900:
            raise Refused(6)
        if address == 901:
            raise ZeroDivisionError
        if address + count > 1000:
            raise Refused(2)
        shift = 1 if table is Table.INPUT else 0
        return bytes(
            b + shift for b in self.registers[2 * address : 2 * (address + count)]
        )

    def write(self, address, payload):
        if address >= 500:
            raise Refused(3)
        self.registers[2 * address : 2 * address + len(payload)] = payload


class Served:
    def __init__(self, **options):
        self.memory = Memory()
        self.server = ModbusServer("127.0.0.1", 0, {1: self.memory}, **options)

    async def __aenter__(self):
        await self.server.start()
        self.port = self.server.port
        return self

    async def __aexit__(self, *_):
        await self.server.close()

    async def talk(self, *pieces, pause_s=0.0, expect=1):
        """Send the pieces; the PDUs of as many answers as expected, None at the end."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        answers = []
        try:
            for piece in pieces:
                writer.write(piece)
                await asyncio.sleep(pause_s)
            async with asyncio.timeout(2):
                for _ in range(expect):
                    head = await reader.readexactly(7)
                    answers.append(
                        await reader.readexactly(int.from_bytes(head[4:6]) - 1)
                    )
        except (asyncio.IncompleteReadError, ConnectionError):
            answers.append(None)
        finally:
            writer.transport.abort()
            await asyncio.sleep(0)
        return answers


def frame(pdu, transaction=1, station=1, protocol=0, length=None):
    size = 1 + len(pdu) if length is None else length
    return struct.pack(">HHHB", transaction, protocol, size, station) + pdu


READ = bytes.fromhex("03 0000 0002")
OK = bytes.fromhex("03 04 00000000")


@pytest.mark.parametrize(
    ("pdu", "answer"),
    [
        ("03 0000 0002", "03 04 0000 0000"),
        ("04 0000 0001", "04 02 0101"),
        ("06 0005 1234", "06 0005 1234"),
        ("10 0005 0001 02 1234", "10 0005 0001"),
        ("03 0000 0000", "83 03"),
        ("03 0000 007e", "83 03"),
        ("03 ffff 0002", "83 02"),
        ("03 0384 0001", "83 06"),
        ("03 0385 0001", "83 04"),
        ("03 0000", "83 03"),
        ("03 0000 0001 00", "83 03"),
        ("10 0005 0002 02 1234", "90 03"),
        ("10 0005 0001 02 123456", "90 03"),
        ("10 0005 0000 00", "90 03"),
        ("10 01f4 0001 02 1234", "90 03"),
        ("06 01f4 1234", "86 03"),
        ("63 0000 0001", "e3 01"),
        ("01 0000 0001", "81 01"),
    ],
)
async def test_each_request_has_its_answer(pdu, answer):
    async with Served() as served:
        assert await served.talk(frame(bytes.fromhex(pdu))) == [bytes.fromhex(answer)]


async def test_all_requests_of_one_segment_are_answered_in_order():
    async with Served() as served:
        requests = b"".join(
            frame(bytes.fromhex(f"06 0001 000{i}"), i) for i in range(4)
        )
        answers = await served.talk(requests, expect=4)
        assert [a[-1] for a in answers] == [0, 1, 2, 3]


async def test_a_frame_may_come_in_pieces():
    async with Served() as served:
        whole = frame(READ) + frame(READ)
        assert (
            await served.talk(whole[:18], whole[18:], pause_s=0.02, expect=2)
            == [OK] * 2
        )
        pieces = [bytes((b,)) for b in whole]
        assert await served.talk(*pieces, pause_s=0.001, expect=2) == [OK] * 2


@pytest.mark.parametrize(
    "bad", [{"protocol": 1}, {"length": 2000}, {"length": 1}, {"length": 0}]
)
async def test_what_is_no_modbus_ends_the_connection(bad):
    async with Served() as served:
        assert await served.talk(frame(READ, **bad)) == [None]


async def test_an_unknown_station_does_not_answer_as_another():
    async with Served() as served:
        assert await served.talk(frame(READ, station=7)) == [bytes.fromhex("83 0b")]


async def test_the_transaction_is_given_back():
    async with Served() as served:
        reader, writer = await asyncio.open_connection("127.0.0.1", served.port)
        writer.write(frame(READ, 0xBEEF))
        assert (await reader.readexactly(2)) == b"\xbe\xef"
        writer.transport.abort()


async def test_there_is_room_for_so_many_and_no_more():
    async with Served(limits=Limits(connections=2)) as served:
        kept = [
            await asyncio.open_connection("127.0.0.1", served.port) for _ in range(2)
        ]
        await asyncio.sleep(0.02)
        assert served.server.clients == 2
        assert await served.talk(frame(READ)) == [None]
        for _, writer in kept:
            writer.transport.abort()
        await asyncio.sleep(0.02)
        assert await served.talk(frame(READ)) == [OK]


async def test_a_port_in_use_is_named():
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = holder.getsockname()[1]
        with pytest.raises(OSError, match=rf"127\.0\.0\.1:{port} is in use"):
            await ModbusServer("127.0.0.1", port, {}).start()


async def test_our_driver_and_our_server_understand_each_other():
    async with Served() as served:
        driver = ModbusTcp(ModbusTcpSettings(host="127.0.0.1", port=served.port))
        driver.start()
        while not driver.connected:  # noqa: ASYNC110
            await asyncio.sleep(0.005)
        await ask(driver, Exchange(1, Function.WRITE_MANY, 3, 2, payload=b"\1\2\3\4"))
        assert (
            await ask(driver, Exchange(1, Function.READ_HOLDING, 3, 2)) == b"\1\2\3\4"
        )
        with pytest.raises(Refused):
            await ask(driver, Exchange(1, Function.READ_HOLDING, 999, 2))
        await driver.close()
