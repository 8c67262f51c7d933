"""One connection of Modbus TCP: requests in, answers out, in order and in bounds."""

import asyncio
from math import inf
from time import monotonic
from typing import Protocol

from ppc.communication.modbus import frame_end
from ppc.communication.server.base import Caller
from ppc.communication.server.counters import ServerCounters
from ppc.communication.server.limits import Bucket, Limits
from ppc.communication.server.notices import Notices

_AT_ONCE = 4
"""Requests of one connection in one turn of the loop: all who storm in it together must
not keep a good client waiting."""
_REST_S = 0.02
"""Who asks too fast is answered in bundles, so far apart."""


class Host(Protocol):
    """The server a session belongs to."""

    limits: Limits
    counters: ServerCounters
    notices: Notices

    def join(self, session: "Session") -> None: ...
    def leave(self, session: "Session") -> None: ...
    def answer(self, frame: bytes, caller: Caller) -> bytes: ...
    def caller(self, host: str, transport: asyncio.BaseTransport) -> Caller: ...


class Session(asyncio.Protocol):
    """One client.

    A client that asks too fast, or does not take its answers, is not read: TCP holds
    it back, and nothing is lost, refused or put out of order by it.
    """

    def __init__(self, server: Host, host: str) -> None:
        self.host = host
        self._server = server
        self._caller = Caller()
        self._bucket = Bucket(server.limits.requests_per_s, server.limits.burst)
        self._buffer = b""
        self._transport: asyncio.Transport | None = None
        self._held = self._full = self._closing = False
        self._asked_s = monotonic()
        self._partial_s = inf
        """Since when a frame has been incomplete, or an end has been waited for."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        flow: asyncio.Transport = transport  # type: ignore[assignment]  # uvloop's own
        flow.set_write_buffer_limits(high=self._server.limits.unsent_bytes)
        self._transport = flow
        self._caller = self._server.caller(self.host, transport)
        self._server.join(self)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002
        self._transport = None
        self._server.leave(self)

    def data_received(self, data: bytes) -> None:
        self._buffer = self._buffer + data if self._buffer else data
        if not (self._held or self._closing) and self._work():
            self._hold()

    def pause_writing(self) -> None:
        self._full = True

    def resume_writing(self) -> None:
        self._full = False
        if self._held:
            asyncio.get_running_loop().call_soon(self._go_on)

    def abort(self) -> None:
        if self._transport is not None:
            self._transport.abort()

    def overdue(self, now_s: float) -> str:
        """Why the connection should end now; empty: it should not."""
        limits = self._server.limits
        if now_s - self._partial_s > limits.partial_s:
            return "a frame did not become whole"
        if now_s - self._asked_s > limits.idle_s:
            return f"it asked nothing for {limits.idle_s:g} s"
        return ""

    def _work(self) -> bool:
        """Answer what is whole, as far as may be now; whether more of it is left."""
        assert self._transport is not None, "data come after a connection"
        now_s, data, first = monotonic(), self._buffer, 0
        most = 0 if self._full else min(self._bucket.there(now_s), _AT_ONCE)
        answers: list[bytes] = []
        wrong = ""
        end = 0
        try:
            while (end := frame_end(data, first)) and len(answers) < most:
                answers.append(self._server.answer(data[first:end], self._caller))
                first = end
        except ValueError as error:
            wrong = str(error)
        self._buffer = data[first:]
        if answers:
            self._asked_s, self._partial_s = now_s, inf
            self._bucket.take(len(answers))
            self._transport.write(b"".join(answers))
        if wrong:
            self._end(wrong, now_s)
        elif self._buffer and self._partial_s == inf:
            self._partial_s = now_s
        return end > 0 and not wrong

    def _end(self, wrong: str, now_s: float) -> None:
        """End the connection, when the answers before what was wrong are sent."""
        assert self._transport is not None, "nothing is wrong before it is made"
        server, self._closing = self._server, True
        self._buffer, self._partial_s = b"", now_s
        server.counters.malformed += 1
        server.notices.tell("malformed", f"{self.host}: {wrong}: connection closed")
        self._transport.close()

    def _hold(self) -> None:
        """Read no more before what has come is answered."""
        assert self._transport is not None, "held with something to answer"
        self._partial_s = inf
        if not self._held:
            self._held = True
            self._transport.pause_reading()
        if self._full:
            return  # until `resume_writing`
        loop = asyncio.get_running_loop()
        if self._bucket.there(monotonic()):
            loop.call_soon(self._go_on)
        else:
            self._server.counters.held_back += 1
            loop.call_later(max(_REST_S, self._bucket.next_s), self._go_on)

    def _go_on(self) -> None:
        if self._transport is None or self._closing or not self._held:
            return
        if self._work():
            self._hold()
        elif not self._closing:
            self._held = False
            self._transport.resume_reading()
