"""One life of a connection, from its making to its loss: one request in flight."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable
from time import monotonic

from ppc.communication.driver.base import Exchange, LinkCounters, Reply
from ppc.communication.driver.settings import LinkSettings
from ppc.communication.errors import BadReply, NoReply, Refused

Settled = Callable[[Exchange, Reply], None]


class Link(asyncio.Protocol, ABC):
    """What all links share: who is asked, until when, and how it ends.

    `settled` is called once for each exchange with its reply; `dropped` when the link
    is lost, before who was under way is told. A link that is `spoilt` is lost by our
    own will, because what comes next on its stream cannot be trusted, not because there
    is nobody.
    """

    def __init__(
        self,
        counters: LinkCounters,
        settings: LinkSettings,
        settled: Settled,
        dropped: Callable[[], None],
    ) -> None:
        self.exchange: Exchange | None = None
        self.lost = asyncio.Event()
        self.why = ""
        self.answered = False
        self.spoilt = False
        self.free_s = 0.0
        """The next request may go from then on (monotonic)."""
        self._counters = counters
        self._settled = settled
        self._dropped = dropped
        self._timeout_s = settings.timeout_s
        self._gap_s = settings.request_gap_s or 0.0
        self._turnaround_s = settings.turnaround_s
        self._transport: asyncio.WriteTransport | None = None
        self._buffer = b""
        self._asked_s = self._deadline_s = 0.0
        self._alarm: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport  # type: ignore[assignment]  # uvloop's own class

    def connection_lost(self, exc: Exception | None) -> None:
        self.lose(str(exc) if exc else "closed by the other side")

    @abstractmethod
    def ask(self, exchange: Exchange) -> None:
        """Send a request; the line must be free."""

    def lose(self, why: str) -> None:
        """The link is lost, if it was not before."""
        if self.lost.is_set():
            return
        self.why = self.why or why
        self.lost.set()
        self._dropped()

    def abort(self, why: str = "") -> None:
        self.lose(why)
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None
        if self._transport is not None:
            self._transport.abort()

    def take(self) -> Exchange | None:
        """The exchange under way, which is so no longer."""
        exchange, self.exchange = self.exchange, None
        return exchange

    def _wait_until(self, deadline_s: float, now_s: float) -> None:
        """Expect the answer until `deadline_s`, not before an earlier deadline.

        An alarm that is set already stays: when it rings too early it is set again.
        """
        self._deadline_s = deadline_s
        if self._alarm is None:
            loop = asyncio.get_running_loop()
            self._alarm = loop.call_later(deadline_s - now_s, self._ring)

    def _ring(self) -> None:
        self._alarm = None
        if self.exchange is None:
            return
        now_s = monotonic()
        if now_s < self._deadline_s:
            self._wait_until(self._deadline_s, now_s)
            return
        self._counters.no_replies += 1
        self._give_up()
        self._settle(NoReply(f"no reply within {self._timeout_s:g} s"))

    def _give_up(self) -> None:
        """What a silence means for the stream."""

    def _settle(self, reply: Reply) -> None:
        if self._gap_s:
            self.free_s = max(self.free_s, monotonic() + self._gap_s)
        exchange = self.take()
        assert exchange is not None, "settled twice"
        station = exchange.station
        if station or self._turnaround_s is None:
            took_s = monotonic() - self._asked_s
            self._counters.ended.append((station, took_s, type(reply)))
        self._settled(exchange, reply)

    def _answer(self, payload: bytes) -> None:
        self.answered = True
        self._settle(payload)

    def _refuse(self, code: int) -> None:
        self.answered = True
        self._counters.refusals += 1
        self._settle(Refused(code))

    def _distrust(self, why: str) -> None:
        """What came cannot be the answer: an error for who asked, and a new stream."""
        self._counters.bad_replies += 1
        self.spoilt = self.answered
        self.abort(why)
        if self.exchange is not None:
            self._settle(BadReply(why))
