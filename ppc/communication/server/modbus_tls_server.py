"""Modbus/TCP Security: our server within TLS, both sides with a certificate.

Source: MODBUS/TCP Security Protocol Specification (MB-TCP-Security-v21): port 802, TLS
1.2 or newer, certificates both ways, the role of the client in its certificate.
"""

import asyncio
import ssl
from dataclasses import dataclass
from pathlib import Path

from ppc.communication.server.base import Caller
from ppc.communication.server.identification import Identity
from ppc.communication.server.limits import USUAL, Limits
from ppc.communication.server.modbus_server import ModbusServer
from ppc.communication.server.responder import Stations
from ppc.communication.server.role import role


@dataclass(frozen=True, slots=True, kw_only=True)
class TlsServerSettings:
    """Who we are known to be, and who vouches for our clients."""

    ca_file: str
    """Certificates, in PEM, of those who vouch for clients."""
    cert_file: str
    """Our own certificate, in PEM, with those between it and its authority."""
    key_file: str
    """The private key that belongs to it, in PEM, without a password."""
    renew_s: float = 60.0
    """The files are read again so often: renewed certificates need no new start."""

    def __post_init__(self) -> None:
        for name in ("ca_file", "cert_file", "key_file"):
            if not getattr(self, name):
                raise ValueError(f"{name} must name a file")
        if not self.renew_s > 0:
            raise ValueError("renew_s must be greater than 0")

    def context(self) -> ssl.SSLContext:
        """How connections are secured. Raises OSError, in words."""
        for name in ("ca_file", "cert_file", "key_file"):
            path = Path(getattr(self, name))
            if not path.is_file():
                raise FileNotFoundError(f"{name}: there is no file {path}")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.verify_mode = ssl.CERT_REQUIRED
        context.options |= ssl.OP_NO_TICKET  # nobody comes back without his certificate
        context.num_tickets = 0
        context.load_verify_locations(self.ca_file)
        context.load_cert_chain(self.cert_file, self.key_file, password="")
        return context


class ModbusTlsServer(ModbusServer):
    """Modbus TCP on secured connections; who asks has the role of his certificate."""

    def __init__(
        self,
        host: str,
        port: int,
        stations: Stations,
        tls: TlsServerSettings,
        *,
        identity: Identity | None = None,
        limits: Limits = USUAL,
    ) -> None:
        super().__init__(host, port, stations, identity=identity, limits=limits)
        self._tls = tls
        self._context: ssl.SSLContext | None = None
        self._renewal: asyncio.Task[None] | None = None

    @property
    def secured(self) -> ssl.SSLContext | None:
        return self._context

    def caller(self, host: str, transport: asyncio.BaseTransport) -> Caller:
        secured = transport.get_extra_info("ssl_object")
        return Caller(host, self.port, role(secured.getpeercert(binary_form=True)))

    async def start(self) -> None:
        """Listen. Raises OSError, which names the file or the port."""
        self._context = await self._read()
        await super().start()
        self._renewal = asyncio.get_running_loop().create_task(self._renew())

    async def close(self) -> None:
        if self._renewal is not None:
            self._renewal.cancel()
        await super().close()

    async def _read(self) -> ssl.SSLContext:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(None, self._tls.context)

    async def _renew(self) -> None:
        """Files that will not do are told of; those before serve on."""
        while True:
            await asyncio.sleep(self._tls.renew_s)
            try:
                self._context = await self._read()
            except OSError as error:
                self.notices.tell("certificates", f"not renewed: {error}")
