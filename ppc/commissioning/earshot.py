"""Listening on a serial line without a word."""

import asyncio
from collections.abc import Callable
from time import monotonic

from ppc.commissioning.bus import Frame, RtuListener
from ppc.communication.driver.serial_port import SerialPort, open_port
from ppc.communication.driver.settings import SerialSettings

SILENCE_S = 0.03
"""The line counts as quiet after this: far more than between bytes of a frame, where
adapters hold bytes back for up to 16 ms."""


class SerialEar(asyncio.Protocol):
    """Frames of RTU as they pass; nothing is ever sent."""

    def __init__(self, heard: Callable[[Frame], None]) -> None:
        self._heard = heard
        self._listener = RtuListener()
        self._quiet: asyncio.TimerHandle | None = None
        self._port: SerialPort | None = None
        self.ended = asyncio.Event()

    async def open(self, settings: SerialSettings) -> None:
        """Begin to listen. Raises OSError, ValueError."""
        self._port = await open_port(settings, 8)
        self._port.attach(self)

    def close(self) -> None:
        """Listen no more."""
        if self._quiet is not None:
            self._quiet.cancel()
        if self._port is not None:
            self._port.close()

    @property
    def lost_count(self) -> int:
        """Bytes that belong to no frame."""
        return self._listener.lost_count

    def data_received(self, data: bytes) -> None:
        for frame in self._listener.feed(data, monotonic()):
            self._heard(frame)
        if self._quiet is not None:
            self._quiet.cancel()
        loop = asyncio.get_running_loop()
        self._quiet = loop.call_later(SILENCE_S, self._silence)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002
        self.ended.set()

    def _silence(self) -> None:
        for frame in self._listener.silence(monotonic()):
            self._heard(frame)
