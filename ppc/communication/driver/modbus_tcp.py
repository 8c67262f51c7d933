"""Modbus TCP towards one device or gateway: strict, lean, one request in flight."""

import asyncio
from dataclasses import dataclass
from ssl import SSLContext
from typing import Any, ClassVar

from ppc.communication.driver.link import Link
from ppc.communication.driver.link_driver import LinkDriver
from ppc.communication.driver.settings import SocketSettings
from ppc.communication.driver.tcp_link import TcpLink

_CONNECT_S = 1.0
"""Least time that is given to a connection to be made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModbusTcpSettings(SocketSettings):
    """Where the device is, and how long it may take."""


class SocketDriver(LinkDriver):
    """A driver whose link is a connection of TCP."""

    async def connect(self, link: Link) -> None:
        settings = self._settings
        context = self.context()
        try:
            async with asyncio.timeout(max(_CONNECT_S, settings.timeout_s)):
                await asyncio.get_running_loop().create_connection(
                    lambda: link,
                    settings.host,
                    settings.port,
                    ssl=context,
                    server_hostname=self.server_name if context else None,
                )
        except TimeoutError:
            raise TimeoutError("no connection in time") from None
        if settings.connect_delay_s:
            await asyncio.sleep(settings.connect_delay_s)

    def context(self) -> SSLContext | None:
        """How the connection is secured. Raises OSError."""
        return None

    @property
    def server_name(self) -> str:
        """The name that must stand in the certificate of the other side."""
        host: str = self._settings.host
        return host


class ModbusTcp(SocketDriver):
    """A connection that keeps itself up, and exchanges one request at a time.

    The head of the right answer is made when asking: one comparison checks
    transaction, protocol, length, station, function, and count or echo. Anything else
    in its place is an error, never data.
    """

    Settings: ClassVar[type[Any]] = ModbusTcpSettings

    def make_link(self) -> Link:
        return TcpLink(self.counters, self._settings, self._settled, self._dropped)
