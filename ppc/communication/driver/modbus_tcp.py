"""Modbus TCP towards one device or gateway: strict, lean, one request in flight."""

import asyncio
import contextlib
import logging
from collections import deque
from dataclasses import dataclass
from functools import partial
from time import monotonic
from typing import ClassVar

from ppc.communication.driver.base import (
    Exchange,
    Function,
    LinkCounters,
    Priority,
    Reply,
)
from ppc.communication.errors import (
    BadReply,
    Expired,
    NoReply,
    NotConnected,
    Refused,
)
from ppc.communication.modbus import HEADER, heads, split

logger = logging.getLogger(__name__)

_LATE = 1000
"""So many transactions back, an answer is late rather than foreign."""
_SILENCES = 2
"""After so many silences in a row the connection itself is doubted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModbusTcpSettings:
    """Where the device is, and how long it may take."""

    host: str
    port: int = 502
    timeout_s: float = 0.3
    backoff_min_s: float = 0.1
    backoff_max_s: float = 30.0

    def __post_init__(self) -> None:
        if not 0 < self.port < 65536:  # noqa: PLR2004
            raise ValueError(f"port {self.port} is not within 1 to 65535")
        if self.timeout_s <= 0:
            raise ValueError("timeout_s must be greater than 0")
        if not 0 < self.backoff_min_s <= self.backoff_max_s:
            raise ValueError("backoff_min_s must be above 0, at most backoff_max_s")


class ModbusTcp:
    """A connection that keeps itself up, and exchanges one request at a time.

    The head of the right answer is made when asking: one comparison checks
    transaction, protocol, length, station, function, and count or echo. Anything else
    in its place is an error, never data.
    """

    Settings: ClassVar[type[ModbusTcpSettings]] = ModbusTcpSettings

    def __init__(self, settings: ModbusTcpSettings) -> None:
        self.counters = LinkCounters()
        self._settings = settings
        self._link: _Link | None = None
        self._keeper: asyncio.Task[None] | None = None
        self._waiting: tuple[deque[Exchange], ...] = tuple(deque() for _ in Priority)

    @property
    def name(self) -> str:
        return f"{self._settings.host}:{self._settings.port}"

    @property
    def connected(self) -> bool:
        return self._link is not None

    def start(self) -> None:
        if self._keeper is None:
            self._keeper = asyncio.get_running_loop().create_task(self._keep_up())

    def submit(self, exchange: Exchange) -> bool:
        link = self._link
        if link is None:
            exchange.done(NotConnected(f"not connected to {self.name}"))
            return True
        if link.exchange is None:
            link.ask(exchange)
            return True
        queue = self._waiting[exchange.priority]
        if exchange in queue:
            return False
        if link.exchange is exchange and not exchange.function.writes:
            return False
        queue.append(exchange)
        return True

    async def close(self) -> None:
        if self._keeper is not None:
            self._keeper.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._keeper
            self._keeper = None

    def next_waiting(self) -> Exchange | None:
        """The exchange whose turn it is; what has expired is told and skipped."""
        for queue in self._waiting:
            while queue:
                exchange = queue.popleft()
                if monotonic() <= exchange.expires_s:
                    return exchange
                exchange.done(Expired("not sent: it waited too long"))
        return None

    async def _keep_up(self) -> None:
        """Connect, watch for silence until the link is lost, and connect again."""
        settings, loop = self._settings, asyncio.get_running_loop()
        backoff_s = settings.backoff_min_s
        while True:
            link = _Link(self, settings.timeout_s)
            try:
                async with asyncio.timeout(max(1.0, settings.timeout_s)):
                    await loop.create_connection(
                        partial(_same, link), settings.host, settings.port
                    )
            except (OSError, TimeoutError) as error:
                link.abort()
                logger.debug("%s: cannot connect: %s", self.name, error)
                await asyncio.sleep(backoff_s)
                backoff_s = min(2 * backoff_s, settings.backoff_max_s)
                continue
            except BaseException:  # cancelled half-way: leave nothing open
                link.abort()
                raise
            self._link = link
            self.counters.connects += 1
            logger.info("%s: connected", self.name)
            try:
                await self._watch(link)
            finally:
                self._link = None
                link.abort()
                self._give_up(link)
            if link.answered:
                backoff_s = settings.backoff_min_s
            logger.info("%s: connection lost: %s", self.name, link.why)
            await asyncio.sleep(backoff_s)
            backoff_s = min(2 * backoff_s, settings.backoff_max_s)

    async def _watch(self, link: "_Link") -> None:
        """Return when the link is lost. The one timer of the connection."""
        while not link.lost.is_set():
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._settings.timeout_s / 4):
                    await link.lost.wait()
            link.sweep(monotonic())

    def _give_up(self, link: "_Link") -> None:
        """Tell everybody who waits that there is no link."""
        waiting = [x for queue in self._waiting for x in queue]
        for queue in self._waiting:
            queue.clear()
        for exchange in (link.take(), *waiting):
            if exchange is not None:
                exchange.done(NotConnected(f"connection to {self.name} lost"))


class _Link(asyncio.Protocol):
    """One life of the connection."""

    def __init__(self, driver: ModbusTcp, timeout_s: float) -> None:
        self.exchange: Exchange | None = None
        self.lost = asyncio.Event()
        self.why = ""
        self.answered = False
        self._driver = driver
        self._counters = driver.counters
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
            following = self._driver.next_waiting()
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


def _same(link: _Link) -> _Link:
    return link
