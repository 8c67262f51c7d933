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
    LinkCounters,
    Priority,
)
from ppc.communication.driver.tcp_link import TcpLink
from ppc.communication.errors import (
    Expired,
    NotConnected,
)

logger = logging.getLogger(__name__)


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
        self._link: TcpLink | None = None
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

    def _next_waiting(self) -> Exchange | None:
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
            link = TcpLink(self.counters, settings.timeout_s, self._next_waiting)
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

    async def _watch(self, link: TcpLink) -> None:
        """Return when the link is lost. The one timer of the connection."""
        while not link.lost.is_set():
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._settings.timeout_s / 4):
                    await link.lost.wait()
            link.sweep(monotonic())

    def _give_up(self, link: TcpLink) -> None:
        """Tell everybody who waits that there is no link."""
        waiting = [x for queue in self._waiting for x in queue]
        for queue in self._waiting:
            queue.clear()
        for exchange in (link.take(), *waiting):
            if exchange is not None:
                exchange.done(NotConnected(f"connection to {self.name} lost"))


def _same(link: TcpLink) -> TcpLink:
    return link
