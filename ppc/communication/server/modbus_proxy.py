"""Modbus TCP server through which other masters read the plant's devices.

Many devices serve one master only: that is the controller. Who else wants to look asks
here, and is asked for on the controller's own connection, after everything of its own.
"""

import asyncio
import struct
from collections import OrderedDict, deque
from collections.abc import Callable, Mapping
from time import monotonic
from typing import NamedTuple

from ppc.communication.driver.base import (
    Driver,
    Exchange,
    Function,
    Priority,
    Reply,
)
from ppc.communication.errors import (
    CommunicationError,
    ExceptionCode,
    NotConnected,
    Refused,
)
from ppc.communication.modbus import HEADER, MOST_READ, RANGE, split
from ppc.communication.server.limits import Limits
from ppc.communication.server.listener import Listener

_LIMITS = Limits(connections=16)
_MOST_WAITING = 32
"""Requests of one connection that may wait: one that asks more is dropped."""
_MOST_UNSENT = 64 * 1024
"""Bytes: a client that asks but does not read is dropped."""
_MOST_QUESTIONS = 512
"""Different requests that are remembered."""
_READS = (Function.READ_HOLDING, Function.READ_INPUT)


class Route(NamedTuple):
    """Where a unit id of the proxy leads to."""

    driver: Driver
    station: int


class ModbusProxy(Listener):
    """Reads only. Equal questions share one answer for `life_s`: ten masters cost a
    device no more than one.
    """

    def __init__(
        self,
        host: str,
        port: int,
        routes: Mapping[int, Route],
        *,
        now_s: Callable[[], float],
        life_s: float = 0.2,
    ) -> None:
        super().__init__(host, port, _LIMITS)
        self._routes = routes
        self._now_s, self._life_s = now_s, life_s
        self._questions: OrderedDict[tuple[int, bytes], _Question] = OrderedDict()

    def connection(self, host: str) -> asyncio.Protocol:
        return _Session(self, host)

    def ask(self, unit: int, pdu: bytes, told: Callable[[bytes], None]) -> None:
        """Have `told` called with the answer, at once or when there is one."""
        try:
            question = self._question(unit, pdu)
        except Refused as refusal:
            told(bytes((pdu[0] | 0x80, refusal.code)))
            return
        question.ask(told, self._now_s(), self._life_s)

    def _question(self, unit: int, pdu: bytes) -> "_Question":
        route = self._routes.get(unit)
        if route is None:
            raise Refused(ExceptionCode.NO_PATH)
        if pdu[0] not in _READS:
            raise Refused(ExceptionCode.ILLEGAL_FUNCTION)
        if len(pdu) != RANGE.size:
            raise Refused(ExceptionCode.ILLEGAL_VALUE)
        function, address, count = RANGE.unpack(pdu)
        if not 1 <= count <= MOST_READ:
            raise Refused(ExceptionCode.ILLEGAL_VALUE)
        if address + count > 0x10000:  # noqa: PLR2004
            raise Refused(ExceptionCode.ILLEGAL_ADDRESS)
        question = self._questions.get((unit, pdu))
        if question is None:
            exchange = Exchange(
                route.station, Function(function), address, count, Priority.SLOW
            )
            question = self._questions[unit, pdu] = _Question(route.driver, exchange)
            if len(self._questions) > _MOST_QUESTIONS:
                self._questions.popitem(last=False)
        return question


class _Question:
    """One request to one device, for all who have it."""

    def __init__(self, driver: Driver, exchange: Exchange) -> None:
        self._driver = driver
        self._exchange = exchange
        exchange.done = self._done
        self._waiting: list[Callable[[bytes], None]] = []
        self._answer = b""
        self._asked_s = 0.0

    def ask(self, told: Callable[[bytes], None], now_s: float, life_s: float) -> None:
        if self._answer and now_s - self._asked_s <= life_s:
            told(self._answer)
            return
        self._waiting.append(told)
        if len(self._waiting) == 1:
            self._asked_s, self._answer = now_s, b""
            self._driver.submit(self._exchange)

    def _done(self, reply: Reply) -> None:
        function = self._exchange.function
        if isinstance(reply, CommunicationError):
            answer = bytes((function | 0x80, _code(reply)))
        else:
            answer = self._answer = bytes((function, len(reply))) + reply
        waiting, self._waiting = self._waiting, []
        for told in waiting:
            told(answer)


def _code(error: CommunicationError) -> int:
    """The exception code that says to another what we were told."""
    if isinstance(error, Refused):
        return error.code
    if isinstance(error, NotConnected):
        return ExceptionCode.NO_PATH
    return ExceptionCode.NO_TARGET_RESPONSE


class _Session(asyncio.Protocol):
    """One client; its requests are answered in order."""

    def __init__(self, proxy: ModbusProxy, host: str) -> None:
        self.host = host
        self._proxy = proxy
        self._buffer = b""
        self._frames: deque[bytes] = deque()
        self._busy = False
        self._heard_s = monotonic()
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport  # type: ignore[assignment]  # uvloop's own class
        self._proxy.join(self)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002
        self._transport = None
        self._proxy.leave(self)

    def data_received(self, data: bytes) -> None:
        self._heard_s = monotonic()
        try:
            frames, self._buffer = split(self._buffer + data)
        except ValueError as error:
            self._proxy.counters.malformed += 1
            self._proxy.notices.tell("malformed", f"{self.host}: {error}")
            self.abort()
            return
        self._frames.extend(frames)
        if len(self._frames) > _MOST_WAITING:
            self.abort()
            return
        self._next()

    def abort(self) -> None:
        if self._transport is not None:
            self._transport.abort()

    def overdue(self, now_s: float) -> str:
        idle_s = self._proxy.limits.idle_s
        quiet = now_s - self._heard_s > idle_s
        return f"it asked nothing for {idle_s:g} s" if quiet else ""

    def _next(self) -> None:
        while self._frames and not self._busy:
            frame = self._frames.popleft()
            self._busy = True
            transaction, _, _, unit = HEADER.unpack_from(frame)
            head = struct.pack(">HH", transaction, 0)
            self._proxy.ask(unit, frame[HEADER.size :], _Answer(self, head, unit).send)

    def send(self, frame: bytes) -> None:
        self._busy = False
        if self._transport is None:
            return
        self._transport.write(frame)
        if self._transport.get_write_buffer_size() > _MOST_UNSENT:
            self.abort()
        else:
            asyncio.get_running_loop().call_soon(self._next)


class _Answer(NamedTuple):
    """The frame an answer goes back in."""

    session: _Session
    head: bytes
    unit: int

    def send(self, pdu: bytes) -> None:
        length = struct.pack(">HB", 1 + len(pdu), self.unit)
        self.session.send(self.head + length + pdu)
