"""Modbus TCP server: strict, in order, one answer for each request in a segment.

It stores nothing: stations answer. The same server faces SCADA and plays the field.
"""

import asyncio
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
from ppc.communication.server.listener import Listener

logger = logging.getLogger(__name__)

_TABLES = {Function.READ_HOLDING: Table.HOLDING, Function.READ_INPUT: Table.INPUT}
_MOST_UNSENT = 64 * 1024
"""Bytes: a client that asks but does not read is dropped."""


class ModbusServer(Listener):
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
        super().__init__(host, port, max_connections)
        self._stations = stations
        self._wrap = wrap or (lambda session: session)
        self._failures: set[str] = set()

    def connection(self) -> asyncio.Protocol:
        return self._wrap(_Session(self))

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
