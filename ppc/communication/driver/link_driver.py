"""What all drivers are: a link that is kept up, and exchanges that take turns on it."""

import asyncio
import contextlib
import logging
from abc import ABC, abstractmethod
from math import inf
from time import monotonic
from typing import Any, ClassVar

from ppc.communication.driver.base import Exchange, LinkCounters, Reply
from ppc.communication.driver.link import Link
from ppc.communication.driver.queue import Queue
from ppc.communication.driver.stations import Stations
from ppc.communication.errors import NotConnected, StationSilent
from ppc.communication.modbus import heads

logger = logging.getLogger(__name__)

_ROUNDING_S = 0.0005
"""uvloop rounds to whole milliseconds: without this it would wake us too early."""


class LinkDriver(ABC):
    """Connects, asks one exchange at a time, and connects again.

    A link that was dropped because its stream could not be trusted is renewed at once,
    and what waits goes on waiting; one that is lost is looked for with back-off.
    """

    Settings: ClassVar[type[Any]]
    says_why: ClassVar[int] = logging.DEBUG
    """The level on which it is told, once per change, why there is no connection."""
    renews: ClassVar[bool] = False
    """Whether a stream that cannot be trusted is renewed at once."""

    def __init__(self, settings: Any, *, rest_s: float = 0.0) -> None:  # noqa: ANN401
        self.counters = LinkCounters()
        self._settings = settings
        self._link: Link | None = None
        self._keeper: asyncio.Task[None] | None = None
        self._queue = Queue()
        self._stations = Stations(settings, rest_s)
        self._renewing = False
        self._pumping = False
        self._last_station: int | None = None
        self._station_gap_s: float = settings.station_gap_s
        self._wake: asyncio.TimerHandle | None = None
        self._broadcasts = settings.turnaround_s is not None
        """Whether station 0 is everybody."""
        self._paced = self.renews or bool(
            settings.request_gap_s or settings.station_gap_s or settings.turnaround_s
        )
        """Whether a request may have to wait though nothing else is there."""
        self._trouble = ""

    @property
    def name(self) -> str:
        name: str = self._settings.name
        return name

    @property
    def connected(self) -> bool:
        return self._link is not None or self._renewing

    def start(self) -> None:
        if self._keeper is None:
            self._keeper = asyncio.get_running_loop().create_task(self._keep_up())

    def submit(self, exchange: Exchange) -> bool:
        if exchange.compiled is None:
            self._learn(exchange)
        link, queue = self._link, self._queue
        if link is None:
            if not self._renewing:
                exchange.done(NotConnected(f"not connected to {self.name}"))
                return True
        elif link.exchange is None and not (
            self._paced or self._stations.troubled or queue.waiting
        ):
            link.ask(exchange)
            return True
        now_s = monotonic()
        if link is not None and link.exchange is exchange:
            if not exchange.function.writes:
                return False
        elif self._stations.left_alone(exchange.station, now_s):
            exchange.done(StationSilent(f"station {exchange.station} is left alone"))
            return True
        taken_up = queue.add(exchange, now_s)
        self._pump()
        return taken_up

    async def close(self) -> None:
        if self._keeper is not None:
            self._keeper.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._keeper
            self._keeper = None

    @abstractmethod
    def make_link(self) -> Link:
        """A link that is not connected yet."""

    @abstractmethod
    async def connect(self, link: Link) -> None:
        """Raises OSError, TimeoutError or ValueError when it cannot."""

    def link_ended(self, link: Link) -> None:  # noqa: B027  (most remember nothing)
        """Remember what the next link should know."""

    def hang_up(self) -> None:  # noqa: B027  (most have nothing)
        """Let go of what outlives a link that is renewed."""

    def _learn(self, exchange: Exchange) -> None:
        broadcast = not exchange.station and self._broadcasts
        if broadcast and not exchange.function.writes:
            raise ValueError("a broadcast is a write: nobody answers one")
        exchange.compiled = heads(exchange)
        if broadcast and exchange.compiled.answer_size:
            exchange.compiled = None
            raise ValueError("a broadcast reads nothing: nobody answers one")
        if not broadcast:
            self._stations.seen.add(exchange.station)

    # --- who goes next

    def _pump(self) -> None:
        """Ask who is next, as soon as the line is free."""
        if self._pumping:
            return
        self._pumping = True
        try:
            while (
                self._link is not None
                and self._link.exchange is None
                and self._queue.waiting
                and self._ask_next(self._link)
            ):
                pass
        finally:
            self._pumping = False

    def _ask_next(self, link: Link) -> bool:
        """Whether there was one to be asked now; if not, there is an alarm for when."""
        now_s, stations = monotonic(), self._stations
        if now_s < link.free_s:
            self._wake_at(link.free_s, now_s)
            return False
        release_s = stations.release(now_s) if stations.held else inf
        exchange = self._queue.next(now_s, stations.held)
        if exchange is None:
            self._wake_at(release_s, now_s)
            return False
        if self._station_gap_s and self._last_station not in (None, exchange.station):
            rested_s = link.free_s + self._station_gap_s
            if now_s < rested_s:
                self._wake_at(rested_s, now_s)
                return False
        self._queue.take(exchange)
        self._last_station = exchange.station
        link.ask(exchange)
        return True

    def _wake_at(self, when_s: float, now_s: float) -> None:
        if self._wake is not None:
            self._wake.cancel()
        loop = asyncio.get_running_loop()
        self._wake = loop.call_later(when_s - now_s + _ROUNDING_S, self._pump)

    # --- what came of it

    def _settled(self, exchange: Exchange, reply: Reply) -> None:
        if self._stations.troubled or not isinstance(reply, bytes):
            reply = self._judge(exchange, reply)
        exchange.done(reply)
        if self._queue.waiting:
            self._pump()

    def _judge(self, exchange: Exchange, reply: Reply) -> Reply:
        stations, station, now_s = self._stations, exchange.station, monotonic()
        if not station and self._broadcasts:
            return reply  # nobody has answered
        reply = stations.judge(station, reply, now_s)
        if stations.doubtful:
            self._renewing = False
            if self._link is not None:
                self._link.abort("no reply")
        if stations.left_alone(station, now_s):
            for waiting in self._queue.take_station(station):
                waiting.done(StationSilent(f"station {station} is left alone"))
        return reply

    # --- the link

    def _dropped(self) -> None:
        """The link is lost: from here on nobody is asked on it."""
        link = self._link
        self._link = None
        if link is not None:
            self._renewing = self.renews and link.spoilt

    async def _keep_up(self) -> None:
        backoff_s = self._settings.backoff_min_s
        try:
            while True:
                link = self.make_link()
                answered = await self._live(link)
                if answered:
                    backoff_s = self._settings.backoff_min_s
                if self._renewing:
                    continue
                self.hang_up()
                self._tell_all(f"connection to {self.name} lost")
                await asyncio.sleep(backoff_s)
                backoff_s = min(2 * backoff_s, self._settings.backoff_max_s)
        finally:
            self._renewing = False
            self.hang_up()
            self._tell_all(f"{self.name} was closed")
            if self._wake is not None:
                self._wake.cancel()

    async def _live(self, link: Link) -> bool:
        """The whole life of a link; whether anybody answered."""
        renewed = self._renewing
        try:
            try:
                await self.connect(link)
            except (OSError, ValueError) as error:
                self._renewing = False
                self._stations.forget()
                self._say(str(error) or "no answer in time")
                return False
            if link.lost.is_set():
                self._renewing = False
                self._say(f"lost at once: {link.why}")
                return False
            self._trouble = ""
            self.counters.connects += 1
            logger.log(
                logging.DEBUG if renewed else logging.INFO, "%s: connected", self.name
            )
            if not renewed:
                self._stations.connected()
            self._link, self._renewing = link, False
            self._pump()
            await link.lost.wait()
        finally:
            link.abort("closed")
            self.link_ended(link)
            under_way = link.take()
            if under_way is not None:
                under_way.done(NotConnected(f"connection to {self.name} lost"))
        logger.log(
            logging.DEBUG if self._renewing else logging.INFO,
            "%s: connection lost: %s",
            self.name,
            link.why,
        )
        return link.answered

    def _say(self, trouble: str) -> None:
        if trouble != self._trouble:  # once per change
            logger.log(self.says_why, "%s: %s", self.name, trouble)
        self._trouble = trouble

    def _tell_all(self, why: str) -> None:
        for exchange in self._queue.take_all():
            exchange.done(NotConnected(why))
