"""The other end of every driver, which answers as a script says, byte for byte.

Its registers hold the number of the request they answer, so that an answer taken for
another one shows.
"""

import asyncio
import os
import struct
import tty
from contextlib import suppress

from ppc.communication.driver.framing import Ascii, Rtu
from ppc.communication.driver.modbus_ascii import ModbusAscii
from ppc.communication.driver.modbus_rtu import ModbusRtu
from ppc.communication.driver.modbus_rtu_tcp import ModbusRtuTcp
from ppc.communication.driver.modbus_tcp import ModbusTcp
from ppc.communication.driver.modbus_tls import ModbusTls

TIMEOUT_S = 0.12
USUAL = {
    "timeout_s": TIMEOUT_S,
    "backoff_min_s": 0.01,
    "backoff_max_s": 0.05,
    "busy_delay_s": 0.02,
    "station_backoff_min_s": 0.05,
}


def data(number, count):
    """The registers of request `number`."""
    return struct.pack(f">{count}H", *(number % 256 << 8 | i for i in range(count)))


def right(content, number):
    """Station and PDU of the right answer to station and PDU of a request."""
    station, function = content[:2]
    count = int.from_bytes(content[4:6])
    if function in (1, 2):
        bits = bytes((number + i) % 256 for i in range((count + 7) // 8))
        return bytes((station, function, len(bits))) + bits
    if function in (3, 4, 23):
        return bytes((station, function, 2 * count)) + data(number, count)
    return content[:8] if function == 22 else content[:6]


class Call:
    """One request, and the means to answer it."""

    def __init__(self, end, content, prefix, write, hang_up):
        self.content = content
        self.number = len(end.requests)
        self.hang_up = hang_up
        self._end, self._prefix, self.write = end, prefix, write

    def right(self):
        return right(self.content, self.number)

    def wrap(self, content):
        """The frame with this content that belongs to this request."""
        return self._end.wire.wrap(content, self._prefix)

    def send(self, content):
        self.write(self.wrap(content))


async def honest(call):
    call.send(call.right())


async def silent(call):
    pass


class FarEnd:
    """Behaves for each request as the next entry of `script` says, then honestly."""

    def __init__(self, *script, otherwise=honest):
        self.script = list(script)
        self.otherwise = otherwise
        self.requests = []
        self.connections = 0
        self._tasks = set()

    def heard(self, buffer, write, hang_up=lambda: None):
        """Answer what is whole in `buffer`; what is left of it."""
        while (found := self.wire.cut(buffer)) is not None:
            content, prefix, buffer = found
            self.requests.append(content)
            call = Call(self, content, prefix, write, hang_up)
            behave = self.script.pop(0) if self.script else self.otherwise
            task = asyncio.get_running_loop().create_task(behave(call))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return buffer

    def stop(self):
        for task in self._tasks:
            task.cancel()


class Mbap:
    """Frames of Modbus TCP."""

    def cut(self, buffer):
        if len(buffer) < 6 or len(buffer) < (end := 6 + int.from_bytes(buffer[4:6])):
            return None
        return buffer[6:end], buffer[:4], buffer[end:]

    def wrap(self, content, prefix):
        return prefix + struct.pack(">H", len(content)) + content


class RtuFrames:
    """Requests of RTU: how long they are, their function says."""

    framing = Rtu()

    def cut(self, buffer):
        if len(buffer) < 8:
            return None
        at = {15: 6, 16: 6, 23: 10}.get(buffer[1])
        size = (at + 1 + buffer[at]) if at else 8 if buffer[1] == 22 else 6
        frame, rest = buffer[: size + 2], buffer[size + 2 :]
        assert frame == self.framing.frame(frame[:-2]), "our own checksum is wrong"
        return frame[:-2], b"", rest

    def wrap(self, content, prefix):  # noqa: ARG002
        return self.framing.frame(content)


class AsciiFrames:
    framing = Ascii()

    def cut(self, buffer):
        frame, end, rest = buffer.partition(b"\r\n")
        if not end:
            return None
        return bytes.fromhex(frame[1:].decode())[:-1], b"", rest

    def wrap(self, content, prefix):  # noqa: ARG002
        return self.framing.frame(content)


class SocketEnd(FarEnd):
    """It listens on a socket."""

    def __init__(self, kind, wire, *script, context=None, files=None, **more):
        super().__init__(*script, **more)
        self.kind, self.wire, self.context = kind, wire, context
        self._files = files or {}
        self._writers = []
        self.deaf = False

    async def __aenter__(self):
        self._server = await asyncio.start_server(
            self._serve, "127.0.0.1", ssl=self.context
        )
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_):
        self.stop()
        self._server.close()
        for writer in self._writers:
            writer.transport.abort()
        await asyncio.sleep(0.01)

    async def _serve(self, reader, writer):
        self.connections += 1
        self._writers.append(writer)
        if self.deaf:
            writer.transport.abort()
        buffer = b""
        with suppress(ConnectionError):
            while piece := await reader.read(4096):
                buffer += piece
                buffer = self.heard(buffer, writer.write, writer.transport.abort)
        writer.transport.abort()

    def driver(self, **settings):
        usual = {"host": "127.0.0.1", "port": self.port, **USUAL, **self._files}
        return self.kind(self.kind.Settings(**(usual | settings)))


class PtyEnd(FarEnd):
    """It holds the other end of a pseudo-terminal."""

    def __init__(self, kind, wire, *script, **more):
        super().__init__(*script, **more)
        self.kind, self.wire = kind, wire
        self._buffer = b""

    async def __aenter__(self):
        self._master, self._slave = os.openpty()
        tty.setraw(self._slave)
        self.device = os.ttyname(self._slave)
        asyncio.get_running_loop().add_reader(self._master, self._read)
        return self

    async def __aexit__(self, *_):
        self.stop()
        self.cut()

    def cut(self):
        """The adapter is pulled out."""
        if self._master is not None:
            asyncio.get_running_loop().remove_reader(self._master)
            os.close(self._master)
            os.close(self._slave)
            self._master = None

    def _read(self):
        piece = os.read(self._master, 4096)
        self._buffer = self.heard(self._buffer + piece, self._write)

    def _write(self, data):
        if self._master is not None:
            os.write(self._master, data)

    def driver(self, **settings):
        usual = {"device": self.device, "baudrate": 115200, "parity": "N", **USUAL}
        if self.kind is ModbusAscii:
            usual["bytesize"] = 8  # a pseudo-terminal knows no others
        return self.kind(self.kind.Settings(**(usual | settings)))


WIRES = ("tcp", "tls", "rtu", "ascii", "rtu_tcp")


def far_end(name, certificates, *script, **more):
    """The other end of the driver `modbus_<name>`."""
    match name:
        case "tcp":
            return SocketEnd(ModbusTcp, Mbap(), *script, **more)
        case "tls":
            return SocketEnd(
                ModbusTls, Mbap(), *script, context=certificates.context(),
                files=certificates.files("client"), **more,
            )  # fmt: skip
        case "rtu":
            return PtyEnd(ModbusRtu, RtuFrames(), *script, **more)
        case "ascii":
            return PtyEnd(ModbusAscii, AsciiFrames(), *script, **more)
    return SocketEnd(ModbusRtuTcp, RtuFrames(), *script, **more)


class Linked:
    """A driver connected to an end; nothing is left of it afterwards."""

    def __init__(self, end, **settings):
        self._end, self._settings = end, settings

    async def __aenter__(self):
        self.driver = self._end.driver(**self._settings)
        self.driver.start()
        await connected(self.driver)
        return self.driver

    async def __aexit__(self, *_):
        await self.driver.close()
        assert self.driver._keeper is None
        assert not self.driver.connected


async def connected(driver):
    async with asyncio.timeout(5):
        while not driver.connected:  # noqa: ASYNC110
            await asyncio.sleep(0.002)
