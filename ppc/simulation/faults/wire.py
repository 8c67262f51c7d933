"""Faults on real sockets: what a server hears and says goes through them."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import cast

from ppc.communication.modbus import split
from ppc.simulation.faults.base import Piece, Undo, WireFault


class Wire:
    """The faults between one listening socket and its clients. Without: no cost."""

    def __init__(self) -> None:
        self.faults: tuple[WireFault, ...] = ()
        self.connections: set[FaultyConnection] = set()

    def add(self, fault: WireFault) -> Undo:
        self.faults = (*self.faults, fault)
        if not fault.opened(len(self.connections)):
            for connection in list(self.connections):
                connection.reset()

        def undo() -> None:
            self.faults = tuple(f for f in self.faults if f is not fault)

        return undo

    def wrap(self, inner: asyncio.Protocol) -> asyncio.Protocol:
        """The protocol for a new connection, in front of the server's own."""
        return FaultyConnection(self, inner)


class FaultyConnection(asyncio.Protocol):
    """One connection. The server writes into it as if it were the transport."""

    def __init__(self, wire: Wire, inner: asyncio.Protocol) -> None:
        self._wire = wire
        self._inner = inner
        self._transport: asyncio.Transport | None = None
        self._first = True
        self._before = b""
        self._free_s = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._wire.connections.add(self)
        self._inner.connection_made(cast("asyncio.BaseTransport", self))
        count = len(self._wire.connections)
        if not all(fault.opened(count) for fault in self._wire.faults):
            self.reset()

    def connection_lost(self, exc: Exception | None) -> None:
        self._wire.connections.discard(self)
        self._inner.connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        first, self._first = self._first, False
        if not self._wire.faults:
            self._inner.data_received(data)
            return
        pieces = [Piece(data)]
        for fault in self._wire.faults:
            pieces = [
                more
                for piece in pieces
                if piece.data is not None
                for more in fault.request(piece.data, first)
            ]
        for piece in pieces:
            self._send(piece, self._inner.data_received)

    def pause_writing(self) -> None:
        self._inner.pause_writing()

    def resume_writing(self) -> None:
        self._inner.resume_writing()

    # What a server asks of its transport:

    def write(self, data: bytes) -> None:
        assert self._transport is not None, "answers come after a connection"
        frames = split(data)[0]
        if not self._wire.faults:
            self._before = frames[-1] if frames else b""
            self._transport.write(data)
            return
        for frame in frames:
            pieces = [Piece(frame)]
            for fault in self._wire.faults:
                pieces = [
                    more
                    for piece in pieces
                    for more in (
                        [piece]
                        if piece.data is None
                        else fault.reply(piece.data, self._before)
                    )
                ]
            self._before = frame
            for piece in pieces:
                self._send(piece, self._put)

    def abort(self) -> None:
        self.reset()

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()

    def set_write_buffer_limits(self, high: int) -> None:
        if self._transport is not None:
            self._transport.set_write_buffer_limits(high=high)

    def pause_reading(self) -> None:
        if self._transport is not None:
            self._transport.pause_reading()

    def resume_reading(self) -> None:
        if self._transport is not None:
            self._transport.resume_reading()

    def reset(self) -> None:
        if self._transport is not None:
            self._transport.abort()

    def _send(self, piece: Piece, to: Callable[[bytes], None]) -> None:
        """Pass it on, not before what was sent earlier."""
        loop = asyncio.get_running_loop()
        now_s = loop.time()
        at_s = max(now_s, self._free_s) + piece.after_s
        if at_s <= now_s:
            self._pass(piece, to)
            return
        self._free_s = at_s
        loop.call_at(at_s, self._pass, piece, to)

    def _pass(self, piece: Piece, to: Callable[[bytes], None]) -> None:
        if piece.data is None:
            self.reset()
        elif self._transport is not None and not self._transport.is_closing():
            to(piece.data)

    def _put(self, data: bytes) -> None:
        assert self._transport is not None, "passed on to a connection"
        with suppress(OSError):
            self._transport.write(data)
