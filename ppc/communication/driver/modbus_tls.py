"""Modbus/TCP Security: Modbus TCP within TLS, both sides with a certificate.

Source: MODBUS/TCP Security Protocol Specification (MB-TCP-Security-v21): port 802, TLS
1.2 or newer, certificates both ways.
"""

import logging
import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from ppc.communication.driver.modbus_tcp import ModbusTcp
from ppc.communication.driver.settings import SocketSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class ModbusTlsSettings(SocketSettings):
    """Where the device is, and who we and it are known to be."""

    port: int = 802
    ca_file: str
    """Certificates, in PEM, of those who vouch for the device."""
    cert_file: str
    """Our own certificate, in PEM, with those between it and its authority."""
    key_file: str
    """The private key that belongs to it, in PEM, without a password."""
    server_name: str = ""
    """The name or address in the certificate of the device. Left out: `host`."""

    def __post_init__(self) -> None:
        SocketSettings.__post_init__(self)
        for name in ("ca_file", "cert_file", "key_file"):
            if not getattr(self, name):
                raise ValueError(f"{name} must name a file")


class ModbusTls(ModbusTcp):
    """Modbus TCP on a secured connection.

    The files are read at every connecting: renewed certificates need no new start.
    """

    Settings: ClassVar[type[Any]] = ModbusTlsSettings
    says_why: ClassVar[int] = logging.WARNING

    def context(self) -> ssl.SSLContext:
        settings = self._settings
        for name in ("ca_file", "cert_file", "key_file"):
            path = Path(getattr(settings, name))
            if not path.is_file():
                raise FileNotFoundError(f"{name}: there is no file {path}")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # checks chain and name
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.load_verify_locations(settings.ca_file)
        context.load_cert_chain(settings.cert_file, settings.key_file, password="")
        return context

    @property
    def server_name(self) -> str:
        return self._settings.server_name or super().server_name
