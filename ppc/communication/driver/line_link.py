"""A connection to a bus: nothing tells a late answer from the one that is due."""

import asyncio
from collections.abc import Callable
from time import monotonic

from ppc.communication.driver.base import Exchange, LinkCounters
from ppc.communication.driver.framing import Framing
from ppc.communication.driver.link import Link, Settled
from ppc.communication.driver.settings import LinkSettings
from ppc.communication.errors import Expired

QUIET_S = 0.02
"""Bytes that come less than this apart are one noise: adapters hand over what they
have every 16 ms."""
NOISY_S = 1.0
"""A line that is not quiet for so long is of no use."""
_EXCEPTION, _REFUSED = 0x80, 3


class LineLink(Link):
    """Frames of RTU or ASCII, on a serial port or a socket.

    After any silence and any frame that is wrong the stream is dropped. What comes
    while nobody is asked is thrown away, and the line left alone until it is quiet.
    """

    def __init__(
        self,
        counters: LinkCounters,
        settings: LinkSettings,
        settled: Settled,
        dropped: Callable[[], None],
        framing: Framing,
        *,
        gap_s: float = 0.0,
        character_s: float = 0.0,
    ) -> None:
        super().__init__(counters, settings, settled, dropped)
        self.heard_s = 0.0
        """When the last byte came."""
        self._noisy_s = self._quiet_s = 0.0
        """Since when it has not been quiet; when it is again."""
        self._framing = framing
        self._character_s = character_s
        self._gap_s = gap_s
        self._head = b""
        self._size = 0

    def ask(self, exchange: Exchange) -> None:
        now_s = monotonic()
        if now_s > exchange.expires_s:
            exchange.done(Expired("not sent: it waited too long"))
            return
        assert self._transport is not None, "asked before it was connected"
        request, head, size, echoes = exchange.compiled
        station = bytes((exchange.station,))
        frame = self._framing.frame(station + request + exchange.payload)
        self._head = station + head + (exchange.payload if echoes else b"")
        self._size = len(self._head) + size
        self._buffer = b""
        self.exchange = exchange
        self._asked_s = now_s
        self._counters.requests += 1
        self._transport.write(frame)
        sent_s = now_s + len(frame) * self._character_s
        if not exchange.station and self._turnaround_s is not None:
            self.free_s = sent_s + self._turnaround_s
            self._settle(b"")
            return
        if self._alarm is not None:
            self._alarm.cancel()  # it may be later than this deadline
            self._alarm = None
        answer_s = self._framing.size(self._size) * self._character_s
        self._wait_until(sent_s + answer_s + self._timeout_s, now_s)

    def data_received(self, data: bytes) -> None:
        self.heard_s = monotonic()
        exchange = self.exchange
        if exchange is None:
            self._throw_away()
            return
        self._buffer = data = self._buffer + data
        try:
            content = self._framing.unframe(data, self._head, self._size)
        except ValueError as error:
            self._distrust(str(error))
            return
        if content is None:
            return
        self._buffer = b""
        if len(content) == self._size and content.startswith(self._head):
            self._answer(content[len(self._head) :])
        elif len(content) == _REFUSED and content[:2] == bytes(
            (exchange.station, exchange.function | _EXCEPTION)
        ):
            self._refuse(content[2])
        else:
            self._distrust(f"wrong answer {content[:12].hex(' ')}")

    def _give_up(self) -> None:
        """The answer may still come: it must not be taken for the next one."""
        self.spoilt = True
        self.abort("no reply")

    def _throw_away(self) -> None:
        """What comes while nobody is asked is of nobody: never data."""
        self._counters.late_replies += 1
        if self.heard_s > self._quiet_s:
            self._noisy_s = self.heard_s
        elif self.heard_s > self._noisy_s + NOISY_S:
            self.lose("the line is never quiet")
        self._quiet_s = self.heard_s + QUIET_S
        self.free_s = max(self.free_s, self._quiet_s)

    async def quiet(self, since_s: float) -> None:
        """Wait until the line is quiet, from `since_s` on. Raises TimeoutError."""
        self.heard_s = max(self.heard_s, since_s)
        until_s = max(self.heard_s, monotonic()) + QUIET_S + NOISY_S
        while (now_s := monotonic()) < self.heard_s + QUIET_S:
            if now_s > until_s:
                raise TimeoutError("the line is never quiet")
            await asyncio.sleep(self.heard_s + QUIET_S - now_s)
