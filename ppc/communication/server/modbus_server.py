"""Modbus TCP server: strict, in order, one answer for each request in a segment.

It stores nothing: stations answer. The same server faces SCADA and plays the field.
"""

import asyncio
import logging
from collections.abc import Callable

from ppc.communication.modbus import HEADER, split
from ppc.communication.server.base import Caller
from ppc.communication.server.counters import ServerCounters
from ppc.communication.server.identification import Identity
from ppc.communication.server.listener import Listener
from ppc.communication.server.responder import Responder, Stations

logger = logging.getLogger(__name__)

_NOBODY = Caller()
_MOST_UNSENT = 64 * 1024
"""Bytes: a client that asks but does not read is dropped."""


class ModbusServer(Listener):
    """Listens on one port and answers for its stations."""

    def __init__(
        self,
        host: str,
        port: int,
        stations: Stations,
        *,
        identity: Identity | None = None,
        max_connections: int = 32,
        wrap: Callable[[asyncio.Protocol], asyncio.Protocol] | None = None,
    ) -> None:
        """`wrap`: puts something between a connection and the server, to test with."""
        super().__init__(host, port, max_connections)
        self.counters = ServerCounters()
        self._responder = Responder(stations, identity, self.counters)
        self._wrap = wrap or (lambda session: session)

    def connection(self) -> asyncio.Protocol:
        return self._wrap(_Session(self))

    def answer(self, frame: bytes, caller: Caller = _NOBODY) -> bytes:
        """The answer to one whole frame."""
        transaction, _, _, unit = HEADER.unpack_from(frame)
        reply = self._responder.answer(caller, unit, frame[HEADER.size :])
        return HEADER.pack(transaction, 0, 1 + len(reply), unit) + reply


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
