"""The seam towards the plant: registers of one connection, no meaning attached."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from math import inf
from typing import Any, ClassVar, Protocol

from ppc.communication.errors import CommunicationError


class Table(StrEnum):
    """The four tables of Modbus: two of registers, two of single bits."""

    HOLDING = "holding"
    INPUT = "input"
    COIL = "coil"
    DISCRETE = "discrete"


class Function(IntEnum):
    """The Modbus function codes in use."""

    READ_COILS = 1
    READ_DISCRETES = 2
    READ_HOLDING = 3
    READ_INPUT = 4
    WRITE_COIL = 5
    WRITE_ONE = 6
    WRITE_COILS = 15
    WRITE_MANY = 16
    MASK_WRITE = 22
    READ_WRITE = 23

    @property
    def writes(self) -> bool:
        return self >= Function.WRITE_COIL


READ_BY: Mapping[Table, Function] = {
    Table.HOLDING: Function.READ_HOLDING,
    Table.INPUT: Function.READ_INPUT,
    Table.COIL: Function.READ_COILS,
    Table.DISCRETE: Function.READ_DISCRETES,
}
"""With which function a table is read."""


class Priority(IntEnum):
    """Who goes first when several exchanges wait for one line."""

    COMMAND = 0
    FAST = 1
    SLOW = 2


Reply = bytes | CommunicationError
"""What was asked for, as on the wire: registers big-endian, bits eight to a byte, the
first the lowest; empty for a write; or why there is nothing."""


def ignore(_: Reply) -> None:
    """Receive a reply nobody waits for."""


@dataclass(slots=True, eq=False)
class Exchange:
    """One request that is made again and again: a slot, not an entry of a queue.

    `payload`, what is written as on the wire, may be replaced by one as long while the
    exchange waits: the newest set-point is sent and the older one never. For a single
    coil it is FF 00 or 00 00, for a mask write the AND mask and the OR mask. `done` is
    called in the loop, once for each time the exchange was taken up, with the reply.
    A write that is still waiting after `expires_s` (monotonic) is not sent.

    `count` is in registers or bits; of a read and write in one it is what is read from
    `address`, while `payload` goes to `write_address`.
    """

    station: int
    function: Function
    address: int
    count: int
    priority: Priority = Priority.FAST
    payload: bytes = b""
    expires_s: float = inf
    done: Callable[[Reply], None] = field(default=ignore)
    compiled: Any = None
    """What the driver has made of the request, to make it only once."""
    write_address: int = 0


@dataclass(slots=True)
class LinkCounters:
    """What happened on one connection since the start."""

    requests: int = 0
    connects: int = 0
    no_replies: int = 0
    bad_replies: int = 0
    late_replies: int = 0
    refusals: int = 0


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
