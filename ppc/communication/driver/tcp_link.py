"""A connection of Modbus TCP or TLS: its answers are checked at a glance."""

from time import monotonic

from ppc.communication.driver.base import Exchange
from ppc.communication.driver.link import Link
from ppc.communication.errors import Expired
from ppc.communication.modbus import HEADER, split

_LATE = 1000
"""So many transactions back, an answer is late rather than foreign."""


class TcpLink(Link):
    """Each request has a transaction number, which its answer must repeat.

    So an answer that comes late is told from the next one, and a silence does not cost
    the connection.
    """

    _transaction = 0
    _head = b""
    _size = 0

    def ask(self, exchange: Exchange) -> None:
        now_s = monotonic()
        if now_s > exchange.expires_s:
            exchange.done(Expired("not sent: it waited too long"))
            return
        assert self._transport is not None, "asked before it was connected"
        self._transaction = transaction = (self._transaction + 1) & 0xFFFF
        request, head, size, echoes = exchange.compiled
        pdu, station = request + exchange.payload, exchange.station
        if echoes:
            head += exchange.payload
        self.exchange = exchange
        self._asked_s = now_s
        self._head = HEADER.pack(transaction, 0, 1 + len(head) + size, station) + head
        self._size = len(self._head) + size
        self._counters.requests += 1
        self._transport.write(HEADER.pack(transaction, 0, 1 + len(pdu), station) + pdu)
        if not station and self._turnaround_s is not None:
            self.free_s = now_s + self._turnaround_s
            self._settle(b"")
            return
        self._wait_until(now_s + self._timeout_s, now_s)

    def take(self) -> Exchange | None:
        self._head = b""
        return super().take()

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
        if self.exchange is None or transaction != self._transaction:
            back = (self._transaction - transaction) & 0xFFFF
            if back <= min(_LATE, self._counters.requests):
                self._counters.late_replies += 1  # of a question given up: not data
            else:
                self._distrust(f"answer to transaction {transaction}, never asked")
            return
        refusal = length == 3 and frame[7] == self.exchange.function | 0x80  # noqa: PLR2004
        if refusal and station == self.exchange.station:
            self._refuse(frame[8])
        else:
            self._distrust(f"wrong answer {frame[:12].hex(' ')}")

    def _give_up(self) -> None:
        if self._buffer:  # half an answer: where the next one begins is not known
            self.abort("no reply")
