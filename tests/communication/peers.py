"""A Modbus TCP device that answers as a script says, byte for byte."""

import asyncio
import struct
from collections.abc import Awaitable, Callable

Behave = Callable[[bytes, asyncio.StreamWriter], Awaitable[None]]


def answer(request: bytes) -> bytes:
    """The right answer: registers 1, 2, 3 ... to a read, the echo to a write."""
    transaction, _, _, station, function = struct.unpack_from(">HHHBB", request)
    if function in (3, 4):
        count = int.from_bytes(request[10:12])
        pdu = bytes((function, 2 * count)) + struct.pack(
            f">{count}H", *range(1, count + 1)
        )
    else:
        pdu = request[7:12]
    return struct.pack(">HHHB", transaction, 0, 1 + len(pdu), station) + pdu


async def honest(request: bytes, writer: asyncio.StreamWriter) -> None:
    writer.write(answer(request))


class ScriptedDevice:
    """Behaves for each request as the next entry of `script` says, then honestly."""

    def __init__(self, *script: Behave, port: int = 0) -> None:
        self.script = list(script)
        self.port = port
        self.requests: list[bytes] = []
        self.connections = 0
        self._writers: list[asyncio.StreamWriter] = []

    async def __aenter__(self):
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_):
        await asyncio.sleep(0.02)  # let what has just been accepted arrive
        self._server.close()
        for writer in self._writers:
            writer.transport.abort()
        await asyncio.sleep(0.01)

    async def _serve(self, reader, writer):
        self.connections += 1
        self._writers.append(writer)
        try:
            while True:
                head = await reader.readexactly(6)
                request = head + await reader.readexactly(int.from_bytes(head[4:6]))
                self.requests.append(request)
                behave = self.script.pop(0) if self.script else honest
                await behave(request, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.transport.abort()
