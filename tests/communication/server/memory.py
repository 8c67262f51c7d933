"""A station that only remembers, and the plainest way to talk to a server."""

import asyncio
import struct

from ppc.communication.driver.base import Table
from ppc.communication.errors import ExceptionCode, Refused


class Memory:
    """Holding registers, and input registers that show the same."""

    def __init__(self, size=1000):
        self.size = size
        self.image = bytearray(2 * size)
        self.writes = []

    def read(self, _table, address, count):
        if address + count > self.size:
            raise Refused(ExceptionCode.ILLEGAL_ADDRESS)
        return bytes(self.image[2 * address : 2 * (address + count)])

    def write(self, address, payload):
        assert payload, "a write of nothing must be refused before"
        assert len(payload) % 2 == 0
        if address + len(payload) // 2 > self.size:
            raise Refused(ExceptionCode.ILLEGAL_ADDRESS)
        self.writes.append((address, payload))
        self.image[2 * address : 2 * address + len(payload)] = payload

    def words(self, address, count):
        return struct.unpack(f">{count}H", self.read(None, address, count))


class BitMemory(Memory):
    """With as many coils, and discrete inputs that show them reversed."""

    def __init__(self, size=1000):
        super().__init__(size)
        self.coils = [False] * size

    def read_bits(self, table, address, count):
        if address + count > self.size:
            raise Refused(ExceptionCode.ILLEGAL_ADDRESS)
        shown = [c ^ (table is Table.DISCRETE) for c in self.coils]
        packed = bytearray((count + 7) // 8)
        for i, on in enumerate(shown[address : address + count]):
            packed[i // 8] |= on << i % 8
        return bytes(packed)

    def write_bits(self, address, count, payload):
        assert len(payload) == (count + 7) // 8 > 0
        if address + count > self.size:
            raise Refused(ExceptionCode.ILLEGAL_ADDRESS)
        for i in range(count):
            self.coils[address + i] = bool(payload[i // 8] >> i % 8 & 1)


def frame(pdu, transaction=1, unit=1, protocol=0, length=None):
    """A frame of Modbus TCP, wrong where it is told to be."""
    size = 1 + len(pdu) if length is None else length
    return struct.pack(">HHHB", transaction, protocol, size, unit) + pdu


class Talker:
    """A client of raw frames."""

    def __init__(self, port, host="127.0.0.1", **secured):
        self._at, self._secured = (host, port), secured

    async def __aenter__(self):
        self.reader, self.writer = await asyncio.open_connection(
            *self._at, **self._secured
        )
        return self

    async def __aexit__(self, *_):
        self.writer.transport.abort()
        await asyncio.sleep(0)

    def send(self, data):
        self.writer.write(data)

    async def answer(self, within_s=3.0):
        """The PDU of the next answer; None: the connection has ended."""
        try:
            async with asyncio.timeout(within_s):
                head = await self.reader.readexactly(7)
                self.transaction = int.from_bytes(head[:2])
                return await self.reader.readexactly(int.from_bytes(head[4:6]) - 1)
        except (asyncio.IncompleteReadError, ConnectionError):
            return None

    async def ask(self, pdu, **frame_options):
        self.send(frame(pdu, **frame_options))
        return await self.answer()
