"""Modbus TCP server: strict, in order, one answer for each request in a segment.

It stores nothing: stations answer. The same server faces SCADA and plays the field.
"""

import asyncio
from collections.abc import Callable

from ppc.communication.modbus import HEADER
from ppc.communication.server.base import Caller
from ppc.communication.server.identification import Identity
from ppc.communication.server.limits import USUAL, Limits
from ppc.communication.server.listener import Listener
from ppc.communication.server.responder import Responder, Stations
from ppc.communication.server.session import Session

_NOBODY = Caller()


class ModbusServer(Listener):
    """Listens on one port and answers for its stations."""

    def __init__(
        self,
        host: str,
        port: int,
        stations: Stations,
        *,
        identity: Identity | None = None,
        limits: Limits = USUAL,
        wrap: Callable[[asyncio.Protocol], asyncio.Protocol] | None = None,
    ) -> None:
        """`wrap`: puts something between a connection and the server, to test with."""
        super().__init__(host, port, limits)
        self._wrap = wrap or (lambda session: session)
        self._responder = Responder(stations, identity, self.counters)
        self._sweeper: asyncio.TimerHandle | None = None

    def connection(self, host: str) -> asyncio.Protocol:
        return self._wrap(Session(self, host))

    def caller(self, host: str, transport: asyncio.BaseTransport) -> Caller:  # noqa: ARG002
        """Who is at the other end of a connection."""
        return Caller(host, self.port)

    def answer(self, frame: bytes, caller: Caller = _NOBODY) -> bytes:
        """The answer to one whole frame."""
        transaction, _, _, unit = HEADER.unpack_from(frame)
        reply = self._responder.answer(caller, unit, frame[HEADER.size :])
        return HEADER.pack(transaction, 0, 1 + len(reply), unit) + reply
