"""Modbus TCP server: strict, in order, one answer for each request in a segment.

It stores nothing: stations answer. The same server faces SCADA and plays the field.
"""

import asyncio
import errno
import logging
import struct
from collections.abc import Callable, Mapping

from ppc.communication.driver.base import Function, Table
from ppc.communication.errors import ExceptionCode, Refused
from ppc.communication.modbus import (
    HEADER,
    MOST_READ,
    MOST_WRITTEN,
    RANGE,
    split,
)
from ppc.communication.server.base import Station

logger = logging.getLogger(__name__)

_TABLES = {Function.READ_HOLDING: Table.HOLDING, Function.READ_INPUT: Table.INPUT}
_MOST_UNSENT = 64 * 1024
"""Bytes: a client that asks but does not read is dropped."""


class ModbusServer:
    """Listens on one port and answers for its stations."""

    def __init__(
        self,
        host: str,
        port: int,
        stations: Mapping[int, Station],
        *,
        max_connections: int = 32,
        wrap: Callable[[asyncio.Protocol], asyncio.Protocol] | None = None,
    ) -> None:
        """`wrap`: puts something between a connection and the server, to test with."""
        self._host = host
        self._port = port
        self._stations = stations
        self._most = max_connections
        self._wrap = wrap or (lambda session: session)
        self._sessions: set[_Session] = set()
        self._server: asyncio.Server | None = None
        self._failures: set[str] = set()

    @property
    def port(self) -> int:
        """The port listened on, also when 0 was asked for."""
        if self._server is None:
            return self._port
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    @property
    def clients(self) -> int:
        """Connections open now."""
        return len(self._sessions)

    async def start(self) -> None:
        """Listen. Raises OSError, which names host and port, when it cannot."""
        loop = asyncio.get_running_loop()
        try:
            self._server = await loop.create_server(
                lambda: self._wrap(_Session(self)),
                self._host,
                self._port,
                reuse_address=True,
            )
        except OSError as error:
            why = "is in use" if error.errno == errno.EADDRINUSE else error.strerror
            raise OSError(error.errno, f"{self._host}:{self._port} {why}") from error

    async def close(self) -> None:
        """Stop listening and end every connection."""
        if self._server is None:
            return
        server, self._server = self._server, None
        server.close()
        for session in list(self._sessions):
            session.abort()
        await server.wait_closed()
        while self._sessions:  # noqa: ASYNC110  (ends with the loop's next turns)
            await asyncio.sleep(0)

    def admit(self, session: "_Session") -> bool:
        """Take a new connection, unless there are too many."""
        self._sessions.add(session)
        if len(self._sessions) <= self._most:
            return True
        logger.warning("more than %d connections: one refused", self._most)
        return False

    def leave(self, session: "_Session") -> None:
        self._sessions.discard(session)

    def answer(self, frame: bytes) -> bytes:
        """The answer to one whole frame."""
        transaction, _, _, station = HEADER.unpack_from(frame)
        pdu = frame[HEADER.size :]
        try:
            if station not in self._stations:
                raise Refused(ExceptionCode.NO_TARGET_RESPONSE)  # noqa: TRY301
            reply = _answer(self._stations[station], pdu)
        except Refused as refusal:
            reply = bytes((pdu[0] | 0x80, refusal.code))
        except Exception as error:  # a bug in a station must not end the connection
            kind = repr(error)
            if kind not in self._failures:
                self._failures.add(kind)
                logger.exception("station %d failed", station)
            reply = bytes((pdu[0] | 0x80, ExceptionCode.DEVICE_FAILURE))
        return HEADER.pack(transaction, 0, 1 + len(reply), station) + reply


class _Session(asyncio.Protocol):
    """One client."""

    def __init__(self, server: ModbusServer) -> None:
        self._server = server
        self._buffer = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport  # type: ignore[assignment]  # uvloop's own class
        if not self._server.admit(self):
            self.abort()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002
        self._server.leave(self)

    def data_received(self, data: bytes) -> None:
        assert self._transport is not None
        try:
            frames, self._buffer = split(self._buffer + data if self._buffer else data)
        except ValueError as error:
            logger.debug("connection closed: %s", error)
            self.abort()
            return
        if frames:
            self._transport.write(b"".join([self._server.answer(f) for f in frames]))
            if self._transport.get_write_buffer_size() > _MOST_UNSENT:
                self.abort()

    def abort(self) -> None:
        if self._transport is not None:
            self._transport.abort()


def _answer(station: Station, pdu: bytes) -> bytes:
    """The answer to one PDU. Raises Refused."""
    function = pdu[0]
    if function in _TABLES:
        address, count = _range(pdu, 5)
        if not 1 <= count <= MOST_READ:
            raise Refused(ExceptionCode.ILLEGAL_VALUE)
        _check_end(address, count)
        registers = station.read(_TABLES[Function(function)], address, count)
        return bytes((function, len(registers))) + registers
    if function == Function.WRITE_ONE:
        address, _ = _range(pdu, 5)
        station.write(address, pdu[3:5])
        return pdu
    if function == Function.WRITE_MANY:
        address, count = _range(pdu)
        payload = pdu[6:]
        whole = len(pdu) > 5 and pdu[5] == 2 * count == len(payload)  # noqa: PLR2004
        if not whole or not 1 <= count <= MOST_WRITTEN:
            raise Refused(ExceptionCode.ILLEGAL_VALUE)
        _check_end(address, count)
        station.write(address, payload)
        return RANGE.pack(function, address, count)
    raise Refused(ExceptionCode.ILLEGAL_FUNCTION)


def _range(pdu: bytes, length: int | None = None) -> tuple[int, int]:
    """Address and count. Refused when the PDU is not as long as it must be."""
    if len(pdu) < RANGE.size or (length is not None and len(pdu) != length):
        raise Refused(ExceptionCode.ILLEGAL_VALUE)
    address, count = struct.unpack_from(">HH", pdu, 1)
    return address, count


def _check_end(address: int, count: int) -> None:
    if address + count > 0x10000:  # noqa: PLR2004
        raise Refused(ExceptionCode.ILLEGAL_ADDRESS)
