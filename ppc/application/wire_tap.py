"""What goes over a connection, kept for those who watch; costs nothing otherwise."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ppc.communication.driver.base import Driver, Exchange, Reply
from ppc.communication.errors import CommunicationError

_KEPT = 2000
_WATCHED_S = 5.0
"""Nobody has asked for so long: nobody watches any more."""


@dataclass(frozen=True, slots=True)
class Traced:
    """One exchange that has ended. `number` counts them."""

    number: int
    asked_s: float
    latency_s: float
    station: int
    function: int
    address: int
    count: int
    written: bytes
    reply: Reply

    def as_dict(self) -> dict[str, Any]:
        """As JSON."""
        failed = isinstance(self.reply, CommunicationError)
        return {
            "number": self.number,
            "asked_s": self.asked_s,
            "latency_s": self.latency_s,
            "station": self.station,
            "function": self.function,
            "address": self.address,
            "count": self.count,
            "written": self.written.hex(),
            "read": self.reply.hex() if isinstance(self.reply, bytes) else "",
            "failed": str(self.reply) if failed else "",
        }


class WireTap:
    """Listens at one driver, in its event loop, for as long as it is asked.

    The driver does not know: its `submit` is taken over, and given back.
    """

    def __init__(self, driver: Driver, now_s: Callable[[], float]) -> None:
        self._driver = driver
        self._now_s = now_s
        self._submit = driver.submit
        self._kept: deque[Traced] = deque(maxlen=_KEPT)
        self._count = 0
        self._asked_s = now_s()
        self.listens = True
        driver.submit = self._tapped  # type: ignore[method-assign]

    def after(self, number: int, station: int) -> list[Traced]:
        """What has ended since the one of this number, of one station."""
        self._asked_s = self._now_s()
        return [t for t in self._kept if t.number > number and t.station == station]

    def _tapped(self, exchange: Exchange) -> bool:
        if not isinstance(exchange.done, _Listener):
            exchange.done = _Listener(self, exchange, self._now_s())
        return self._submit(exchange)

    def ended(self, listener: "_Listener", reply: Reply) -> None:
        """An exchange has its reply."""
        now_s, exchange = self._now_s(), listener.exchange
        self._count += 1
        self._kept.append(
            Traced(
                self._count,
                listener.asked_s,
                now_s - listener.asked_s,
                exchange.station,
                int(exchange.function),
                exchange.address,
                exchange.count,
                exchange.payload if exchange.function.writes else b"",
                reply,
            )
        )
        if self.listens and now_s - self._asked_s > _WATCHED_S:
            self.listens = False
            del self._driver.submit


class _Listener:
    """In place of `done`, once."""

    __slots__ = ("_done", "_tap", "asked_s", "exchange")

    def __init__(self, tap: WireTap, exchange: Exchange, asked_s: float) -> None:
        self._tap, self.exchange, self.asked_s = tap, exchange, asked_s
        self._done = exchange.done

    def __call__(self, reply: Reply) -> None:
        self.exchange.done = self._done
        self._tap.ended(self, reply)
        self._done(reply)
