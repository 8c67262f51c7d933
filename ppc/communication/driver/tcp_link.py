"""A connection of Modbus TCP: one request in flight, its answer checked at a glance."""

import asyncio
from collections.abc import Callable
from time import monotonic

from ppc.communication.driver.base import Exchange, Function, LinkCounters, Reply
from ppc.communication.errors import BadReply, Expired, NoReply, Refused
from ppc.communication.modbus import HEADER, heads, split

_LATE = 1000
"""So many transactions back, an answer is late rather than foreign."""
_SILENCES = 2
"""After so many silences in a row the connection itself is doubted."""


class TcpLink(asyncio.Protocol):
    """One life of the connection, from its making to its loss.

    `following` gives the exchange whose turn it is when one is settled.
    """

    def __init__(
        self,
        counters: LinkCounters,
        timeout_s: float,
        following: Callable[[], Exchange | None],
    ) -> None:
        self.exchange: Exchange | None = None
        self.lost = asyncio.Event()
        self.why = ""
        self.answered = False
        self._counters = counters
        self._following = following
        self._timeout_s = timeout_s
        self._transport: asyncio.Transport | None = None
        self._transaction = 0
        self._sent_s = 0.0
        self._silences = 0
        self._buffer = b""
        self._head = b""
        self._size = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport  # type: ignore[assignment]  # uvloop's own class

    def connection_lost(self, exc: Exception | None) -> None:
        self.why = self.why or (str(exc) if exc else "closed by the other side")
        self.lost.set()

    def ask(self, exchange: Exchange) -> None:
        """Send a request; the line must be free."""
        now_s = monotonic()
        if now_s > exchange.expires_s:
            exchange.done(Expired("not sent: it waited too long"))
            return
        assert self._transport is not None, "asked before it was connected"
        self._transaction = transaction = (self._transaction + 1) & 0xFFFF
        if exchange.compiled is None:
            exchange.compiled = heads(
                exchange.function, exchange.address, exchange.count
            )
        request, head, size = exchange.compiled
        pdu, station = request + exchange.payload, exchange.station
        if exchange.function is Function.WRITE_ONE:
            head += exchange.payload
        self.exchange = exchange
        self._head = HEADER.pack(transaction, 0, 1 + len(head) + size, station) + head
        self._size = len(self._head) + size
        self._sent_s = now_s
        self._counters.requests += 1
        self._transport.write(HEADER.pack(transaction, 0, 1 + len(pdu), station) + pdu)

    def data_received(self, data: bytes) -> None:
        if self._buffer:
            data = self._buffer + data
        if len(data) == self._size and data.startswith(self._head) and self._head:
            self._buffer = b""  # the whole answer and nothing else: the usual case
            self._answer(data[len(self._head) :])
            return
        try:
            frames, self._buffer = split(data)
        except ValueError as error:
            self._distrust(str(error))
            return
        for frame in frames:
            if not self.lost.is_set():
                self._frame(frame)

    def _frame(self, frame: bytes) -> None:
        if self._head and len(frame) == self._size and frame.startswith(self._head):
            self._answer(frame[len(self._head) :])
            return
        transaction, _, length, station = HEADER.unpack_from(frame)
        current = self.exchange is not None and transaction == self._transaction
        if not current:
            back = (self._transaction - transaction) & 0xFFFF
            if back <= min(_LATE, self._counters.requests):
                self._counters.late_replies += 1  # of a question given up: not data
            else:
                self._distrust(f"answer to transaction {transaction}, never asked")
            return
        assert self.exchange is not None
        refusal = length == 3 and frame[7] == self.exchange.function | 0x80  # noqa: PLR2004
        if refusal and station == self.exchange.station:
            self._counters.refusals += 1
            self._settle(Refused(frame[8]))
        else:
            self._distrust(f"wrong answer {frame[:12].hex(' ')}")

    def sweep(self, now_s: float) -> None:
        """Give up a request that has waited too long for its answer."""
        if self.exchange is None or now_s - self._sent_s < self._timeout_s:
            return
        self._counters.no_replies += 1
        self._silences += 1
        if self._silences >= _SILENCES or self._buffer:
            self.why = "no reply"
            self.abort()
        self._settle(NoReply(f"no reply within {self._timeout_s:g} s"), silent=True)

    def abort(self) -> None:
        self.lost.set()
        if self._transport is not None:
            self._transport.abort()

    def take(self) -> Exchange | None:
        """The exchange under way, which is so no longer."""
        exchange, self.exchange, self._head = self.exchange, None, b""
        return exchange

    def _answer(self, payload: bytes) -> None:
        self.answered = True
        self._settle(payload)

    def _settle(self, reply: Reply, *, silent: bool = False) -> None:
        if not silent:
            self._silences = 0
        exchange = self.take()
        assert exchange is not None
        exchange.done(reply)
        if self.exchange is None and not self.lost.is_set():
            following = self._following()
            if following is not None:
                self.ask(following)

    def _distrust(self, why: str) -> None:
        """What came cannot be the answer: an error for who asked, and a new stream."""
        self._counters.bad_replies += 1
        self.why = why
        self.abort()
        exchange = self.take()
        if exchange is not None:
            exchange.done(BadReply(why))
