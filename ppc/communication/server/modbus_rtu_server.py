"""Modbus RTU server: our stations on a serial line, among those of others.

Source: Modbus over Serial Line V1.02, 2.1, 2.2 and 2.5.1.
"""

import asyncio
import logging
from time import monotonic

from ppc.communication.driver.base import Function
from ppc.communication.driver.framing import Rtu
from ppc.communication.driver.line_driver import silence_s
from ppc.communication.driver.line_link import QUIET_S
from ppc.communication.driver.serial_port import SerialPort, open_port
from ppc.communication.driver.settings import SerialSettings
from ppc.communication.server.base import Caller, Station
from ppc.communication.server.counters import ServerCounters
from ppc.communication.server.identification import Identity
from ppc.communication.server.notices import Notices
from ppc.communication.server.responder import Responder, Stations
from ppc.communication.server.rtu_stream import RtuStream

logger = logging.getLogger(__name__)

_BITS = 8
_BROADCAST, _LAST_STATION = 0, 247
_BROADCASTS = frozenset(
    {
        *(Function.WRITE_COIL, Function.WRITE_ONE),
        *(Function.WRITE_COILS, Function.WRITE_MANY, Function.MASK_WRITE),
    }
)
_NOBODY = Caller()


class ModbusRtuServer(asyncio.Protocol):
    """Answers for the stations it has; what is for others it hears and leaves alone.

    Broadcasts are written to every station and not answered. An answer begins 3.5
    characters after its request, and not at all when somebody speaks before. A port
    that is lost is opened again, as a driver would.
    """

    def __init__(
        self,
        settings: SerialSettings,
        stations: Stations,
        *,
        identity: Identity | None = None,
    ) -> None:
        self.counters = ServerCounters()
        self._settings = settings
        self._responder = Responder(stations, identity, self.counters)
        self._notices = Notices(settings.name)
        self._framing = Rtu()
        self._character_s = settings.character_s(_BITS)
        self._gap_s = settings.request_gap_s
        if self._gap_s is None:
            self._gap_s = silence_s(settings.baudrate, self._character_s)
        self._quiet_s = max(QUIET_S, self._gap_s)
        self._port: SerialPort | None = None
        self._keeper: asyncio.Task[None] | None = None
        self._stream = RtuStream(self._has)
        self._heard_s = 0.0
        self._alarm: asyncio.TimerHandle | None = None
        self._due: asyncio.TimerHandle | None = None

    @property
    def name(self) -> str:
        """The device of the line."""
        return self._settings.name

    async def start(self) -> None:
        """Open the port. Raises OSError, which names it, when it cannot."""
        try:
            await self._open()
        except OSError as error:
            raise OSError(f"{self._settings.name}: {error}") from error

    async def close(self) -> None:
        """Let go of the port."""
        if self._keeper is not None:
            self._keeper.cancel()
            self._keeper = None
        self._forget()
        if self._port is not None:
            self._port.close()
            self._port = None

    def connection_lost(self, exc: Exception | None) -> None:
        logger.warning("%s lost: %s", self._settings.name, exc)
        self._forget()
        self._port = None
        self._keeper = asyncio.get_running_loop().create_task(self._reopen())

    def data_received(self, data: bytes) -> None:
        now_s = monotonic()
        if self._due is not None:
            self._due.cancel()  # who speaks now does not wait for an answer
            self._due = None
        if now_s - self._heard_s >= self._quiet_s:
            self._silent()
        self._heard_s = now_s
        self._serve(self._stream.hear(data))
        if self._stream.heard and self._alarm is None:
            loop = asyncio.get_running_loop()
            self._alarm = loop.call_later(self._quiet_s, self._ring)

    def _ring(self) -> None:
        self._alarm = None
        left_s = self._heard_s + self._quiet_s - monotonic()
        if left_s <= 0:
            self._silent()
        elif self._stream.heard:
            self._alarm = asyncio.get_running_loop().call_later(left_s, self._ring)

    def _silent(self) -> None:
        self._serve(self._stream.silence())
        if self._stream.wrong > self.counters.malformed:
            self.counters.malformed = self._stream.wrong
            self._notices.tell("malformed", "what was heard is no frame of RTU")

    def _has(self, unit: int) -> bool:
        return self._responder.find(_NOBODY, unit) is not None

    def _serve(self, requests: list[bytes]) -> None:
        """Do what is asked; only the last of several is waited for."""
        for request in requests:
            unit, pdu = request[0], request[1:]
            if unit == _BROADCAST:
                self._broadcast(pdu)
            elif self._has(unit):
                content = request[:1] + self._responder.answer(_NOBODY, unit, pdu)
                if request is requests[-1] and not self._stream.heard:
                    self._answer(self._framing.frame(content))

    def _broadcast(self, pdu: bytes) -> None:
        if pdu[0] not in _BROADCASTS:
            return
        told: list[Station] = []
        for unit in range(1, _LAST_STATION + 1):
            station = self._responder.find(_NOBODY, unit)
            if station is not None and not any(station is each for each in told):
                told.append(station)
                self._responder.answer(_NOBODY, unit, pdu)

    def _answer(self, frame: bytes) -> None:
        """Send it when the line has been silent for as long as it must be."""
        delay_s = max(0.0, self._heard_s + (self._gap_s or 0.0) - monotonic())
        loop = asyncio.get_running_loop()
        self._due = loop.call_later(delay_s, self._send, frame)

    def _send(self, frame: bytes) -> None:
        self._due = None
        if self._port is not None:
            self._port.write(frame)

    async def _open(self) -> None:
        port = self._port = await open_port(self._settings, _BITS)
        self._stream = RtuStream(self._has)
        self._stream.wrong = self.counters.malformed
        port.attach(self)
        self.counters.connections += 1

    async def _reopen(self) -> None:
        wait_s = self._settings.backoff_min_s
        while True:
            await asyncio.sleep(wait_s)
            try:
                await self._open()
            except (OSError, ValueError):
                wait_s = min(2 * wait_s, self._settings.backoff_max_s)
                continue
            logger.warning("%s is there again", self._settings.name)
            return

    def _forget(self) -> None:
        """Nothing that was begun is to go on."""
        for handle in (self._alarm, self._due):
            if handle is not None:
                handle.cancel()
        self._alarm = self._due = None
