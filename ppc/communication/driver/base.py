"""The seam towards the plant: registers of one connection, no meaning attached."""

import asyncio
from collections import deque
from dataclasses import dataclass, field
from typing import Any, ClassVar, Protocol

from ppc.communication.errors import CommunicationError
from ppc.communication.exchange import (
    READ_BY,
    Exchange,
    Function,
    Priority,
    Reply,
    Table,
    ignore,
)

__all__ = [
    "READ_BY",
    "Driver",
    "Exchange",
    "Function",
    "LinkCounters",
    "Priority",
    "Reply",
    "Table",
    "ask",
    "ignore",
]


Ended = tuple[int, float, type[Reply]]
"""A request that has ended: station, seconds from its sending, kind of its reply."""
_ENDED = 1000


@dataclass(slots=True)
class LinkCounters:
    """What happened on one connection since the start."""

    requests: int = 0
    connects: int = 0
    no_replies: int = 0
    bad_replies: int = 0
    late_replies: int = 0
    refusals: int = 0
    ended: deque[Ended] = field(default_factory=lambda: deque(maxlen=_ENDED))
    """The last requests, for one who takes them out, from any thread; broadcasts are
    not among them. Without one the oldest go."""


class Driver(Protocol):
    """One connection, used from the event loop only, so it needs no lock.

    It connects, and connects again with back-off, by itself. It never repeats a
    request: its caller knows what a failure means. It is built inside the running
    loop from its `Settings`, a frozen dataclass.
    """

    Settings: ClassVar[type[Any]]
    counters: LinkCounters

    def __init__(self, settings: Any) -> None: ...  # noqa: ANN401

    @property
    def name(self) -> str:
        """Where it leads to, for people: "127.0.0.1:5020"."""
        ...

    @property
    def connected(self) -> bool: ...

    def start(self) -> None:
        """Begin to connect, in the background."""
        ...

    def submit(self, exchange: Exchange) -> bool:
        """Send `exchange` as soon as the line is free.

        True: it was taken up, and `done` will be called once for it. False: it waits
        already, or it is a read that is still under way. A write that is under way is
        queued behind itself. Without a connection `done` gets NotConnected at once,
        and StationSilent for a station that is left alone because it does not answer.
        Raises ValueError for a request that cannot be made.
        """
        ...

    async def close(self) -> None:
        """End the connection; what waits gets NotConnected."""
        ...


async def ask(driver: Driver, exchange: Exchange) -> bytes:
    """Submit `exchange` and wait for its reply. Raises CommunicationError.

    For tools and tests: the control path takes its replies by `done`.
    """
    future: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()

    def settle(reply: Reply) -> None:
        if future.done():
            return
        if isinstance(reply, CommunicationError):
            future.set_exception(reply)
        else:
            future.set_result(reply)

    exchange.done = settle
    driver.submit(exchange)
    return await future
