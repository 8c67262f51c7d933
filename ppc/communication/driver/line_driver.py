"""A bus: one framing, on a serial port or on a socket."""

import logging
from time import monotonic
from typing import ClassVar

from ppc.communication.driver.framing import Framing
from ppc.communication.driver.line_link import LineLink
from ppc.communication.driver.link import Link
from ppc.communication.driver.link_driver import LinkDriver
from ppc.communication.driver.modbus_tcp import SocketDriver
from ppc.communication.driver.serial_port import SerialPort, open_port
from ppc.communication.driver.settings import SerialSettings, SocketSettings

_SILENT_CHARACTERS, _LEAST_SILENCE_S, _FAST_BAUD = 3.5, 0.00175, 19200


class SocketLineDriver(SocketDriver):
    """A bus behind a gateway that passes bytes on as they are."""

    renews: ClassVar[bool] = True
    framing: ClassVar[Framing]

    def __init__(self, settings: SocketSettings) -> None:
        super().__init__(settings, rest_s=settings.timeout_s)

    def make_link(self) -> Link:
        return LineLink(
            self.counters,
            self._settings,
            self._settled,
            self._dropped,
            self.framing,
            gap_s=self._settings.request_gap_s or 0.0,
        )


class SerialDriver(LinkDriver):
    """A bus on a serial port.

    To renew the stream means to throw away what comes until the line is quiet. The port
    stays open, for to open it moves its control lines, unless it is in doubt itself.
    """

    renews: ClassVar[bool] = True
    says_why: ClassVar[int] = logging.WARNING
    framing: ClassVar[Framing]

    def __init__(self, settings: SerialSettings) -> None:
        super().__init__(settings, rest_s=settings.timeout_s)
        self._port: SerialPort | None = None
        self._heard_s = 0.0
        """When a byte came last, in the life of the link before."""
        self._character_s = settings.character_s(self.bits)
        self._gap_s = settings.request_gap_s
        if self._gap_s is None:
            self._gap_s = silence_s(settings.baudrate, self._character_s)

    @property
    def bits(self) -> int:
        """Data bits of a character."""
        return 8

    def make_link(self) -> Link:
        return LineLink(
            self.counters,
            self._settings,
            self._settled,
            self._dropped,
            self.framing,
            gap_s=self._gap_s or 0.0,
            character_s=self._character_s,
        )

    async def connect(self, link: Link) -> None:
        assert isinstance(link, LineLink)
        if self._port is None or not self._port.is_open:
            self._port = await open_port(self._settings, self.bits)
            self._heard_s = monotonic() + self._settings.connect_delay_s
        self._port.attach(link)
        await link.quiet(self._heard_s)

    def link_ended(self, link: Link) -> None:
        assert isinstance(link, LineLink)
        self._heard_s = link.heard_s

    def hang_up(self) -> None:
        if self._port is not None:
            self._port.close()
            self._port = None


def silence_s(baudrate: int, character_s: float) -> float:
    """Silence between two frames of RTU.

    Source: Modbus over Serial Line V1.02, 2.5.1.1: 3.5 characters, above 19200 bit/s
    1.75 ms.
    """
    if baudrate > _FAST_BAUD:
        return _LEAST_SILENCE_S
    return _SILENT_CHARACTERS * character_s
