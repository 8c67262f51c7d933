"""Modbus RTU on a serial line: pymodbus carries it, behind checks of our own.

On a serial line an answer has no transaction number: one that comes late would be
taken for the answer to the next question. So the line is closed after any silence.
"""

import asyncio
import contextlib
import logging
import struct
import termios
from collections import deque
from collections.abc import Awaitable
from dataclasses import dataclass
from time import monotonic
from typing import Any, ClassVar

from pymodbus import FramerType, ModbusException
from pymodbus.client import AsyncModbusSerialClient
from pymodbus.pdu import ModbusPDU

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

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class ModbusRtuSettings:
    """The line, and how long an answer may take."""

    device: str
    """Path of the serial port."""
    baudrate: int = 19200
    parity: str = "E"
    stopbits: int = 1
    timeout_s: float = 0.5
    backoff_min_s: float = 0.1
    backoff_max_s: float = 30.0

    def __post_init__(self) -> None:
        if self.parity not in ("N", "E", "O"):
            raise ValueError(f"parity {self.parity!r} is none of N, E, O")
        if self.timeout_s <= 0:
            raise ValueError("timeout_s must be greater than 0")
        if not 0 < self.backoff_min_s <= self.backoff_max_s:
            raise ValueError("backoff_min_s must be above 0, at most backoff_max_s")


class ModbusRtu:
    """A serial line, served by one task, one request at a time."""

    Settings: ClassVar[type[ModbusRtuSettings]] = ModbusRtuSettings

    def __init__(self, settings: ModbusRtuSettings) -> None:
        self.counters = LinkCounters()
        self._settings = settings
        self._client: AsyncModbusSerialClient | None = None
        self._waiting: tuple[deque[Exchange], ...] = tuple(deque() for _ in Priority)
        self._under_way: Exchange | None = None
        self._news = asyncio.Event()
        self._trouble = ""
        self._server: asyncio.Task[None] | None = None

    @property
    def name(self) -> str:
        return self._settings.device

    @property
    def connected(self) -> bool:
        return self._client is not None

    def start(self) -> None:
        if self._server is None:
            self._server = asyncio.get_running_loop().create_task(self._serve())

    def submit(self, exchange: Exchange) -> bool:
        if self._client is None:
            exchange.done(NotConnected(f"{self.name} is not open"))
            return True
        queue = self._waiting[exchange.priority]
        if exchange in queue:
            return False
        if self._under_way is exchange and not exchange.function.writes:
            return False
        queue.append(exchange)
        self._news.set()
        return True

    async def close(self) -> None:
        if self._server is not None:
            self._server.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._server
            self._server = None

    async def _serve(self) -> None:
        """Open the line and serve it until it fails, then open it again."""
        backoff_s = self._settings.backoff_min_s
        while True:
            client = await self._open()
            if client is None:
                await asyncio.sleep(backoff_s)
                backoff_s = min(2 * backoff_s, self._settings.backoff_max_s)
                continue
            backoff_s = self._settings.backoff_min_s
            self._client = client
            self.counters.connects += 1
            try:
                await self._serve_line(client)
            finally:
                self._client = None
                client.close()
                self._give_up()

    async def _open(self) -> AsyncModbusSerialClient | None:
        settings = self._settings
        client = AsyncModbusSerialClient(
            settings.device,
            framer=FramerType.RTU,
            baudrate=settings.baudrate,
            parity=settings.parity,
            stopbits=settings.stopbits,
            timeout=settings.timeout_s,
            retries=0,  # whoever asks knows what a failure means
            reconnect_delay=0,  # reopening is ours
        )
        try:
            if await client.connect():
                self._trouble = ""
                return client
            trouble = self._trouble or "cannot be opened"
        except (OSError, termios.error, ModbusException) as error:
            trouble = f"cannot be opened with these settings: {error}"
        client.close()
        if trouble != self._trouble:  # say it once per change
            logger.warning("%s: %s", self.name, trouble)
        self._trouble = trouble
        return None

    async def _serve_line(self, client: AsyncModbusSerialClient) -> None:
        """Exchange in order of priority until a failure spoils the line."""
        while True:
            exchange = self._next()
            if exchange is None:
                self._news.clear()
                await self._news.wait()
                continue
            if monotonic() > exchange.expires_s:
                exchange.done(Expired("not sent: it waited too long"))
                continue
            self._under_way = exchange
            reply = await self._ask(client, exchange)
            self._under_way = None
            exchange.done(reply)
            if isinstance(reply, NoReply | BadReply | NotConnected):
                logger.info("%s: reopened after: %s", self.name, reply)
                return

    def _next(self) -> Exchange | None:
        return next((queue.popleft() for queue in self._waiting if queue), None)

    async def _ask(self, client: AsyncModbusSerialClient, exchange: Exchange) -> Reply:
        self.counters.requests += 1
        try:
            async with asyncio.timeout(1.5 * self._settings.timeout_s):
                answer = await _request(client, exchange)
            return _checked(answer, exchange)
        except TimeoutError:
            self.counters.no_replies += 1
            return NoReply(f"no reply within {self._settings.timeout_s:g} s")
        except ModbusException as error:
            self.counters.no_replies += 1
            return NoReply(str(error))
        except BadReply as error:
            self.counters.bad_replies += 1
            return error
        except Refused as error:
            self.counters.refusals += 1
            return error
        except (OSError, struct.error) as error:
            return NotConnected(str(error))

    def _give_up(self) -> None:
        waiting = [x for queue in self._waiting for x in queue]
        for queue in self._waiting:
            queue.clear()
        under_way, self._under_way = self._under_way, None
        for exchange in (under_way, *waiting):
            if exchange is not None:
                exchange.done(NotConnected(f"{self.name} was closed"))


def _request(client: Any, exchange: Exchange) -> Awaitable[ModbusPDU]:  # noqa: ANN401
    """The call of pymodbus that makes this exchange."""
    unit, address = exchange.station, exchange.address
    words = list(struct.unpack(f">{len(exchange.payload) // 2}H", exchange.payload))
    calls = {
        Function.READ_HOLDING: client.read_holding_registers,
        Function.READ_INPUT: client.read_input_registers,
        Function.WRITE_ONE: client.write_register,
        Function.WRITE_MANY: client.write_registers,
    }
    call = calls[exchange.function]
    answer: Awaitable[ModbusPDU]
    if exchange.function is Function.WRITE_MANY:
        answer = call(address, words, device_id=unit)
    elif exchange.function is Function.WRITE_ONE:
        answer = call(address, words[0], device_id=unit)
    else:
        answer = call(address, count=exchange.count, device_id=unit)
    return answer


def _checked(answer: ModbusPDU, exchange: Exchange) -> bytes:
    """The registers, if this is the answer to that question. pymodbus does not ask."""
    if answer.isError():
        raise Refused(getattr(answer, "exception_code", 0))
    if answer.function_code != exchange.function:
        raise BadReply(f"function {answer.function_code} in the answer")
    if not exchange.function.writes:
        words = list(answer.registers)
        if len(words) != exchange.count:
            raise BadReply(f"{len(words)} registers, {exchange.count} were asked")
        return struct.pack(f">{len(words)}H", *words)
    if answer.address != exchange.address:
        raise BadReply(f"echo of address {answer.address}")
    if exchange.function is Function.WRITE_MANY and answer.count != exchange.count:
        raise BadReply(f"echo of {answer.count} registers")
    return b""
