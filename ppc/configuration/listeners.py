"""`scada.listeners` of plant.yaml: TCP ports, with TLS or without, and serial lines."""

from typing import Literal, Self

from pydantic import model_validator

from ppc.adapter.strict import Address, Strict


class TlsSection(Strict):
    """Files in PEM, by their path from the folder of plant.yaml."""

    ca_file: str
    """Who vouches for the certificates of those who call."""
    cert_file: str
    """Our certificate, with those that lead to its authority."""
    key_file: str
    """Our key, without a pass phrase."""


class ListenerSection(Strict):
    """One way in: a TCP port, or a serial line on which we are a station."""

    host: str = "127.0.0.1"
    port: Address = 0
    tls: TlsSection | None = None
    """Modbus/TCP Security. Left out: plain Modbus TCP."""
    serial: str | None = None
    """The device of a serial line, Modbus RTU; such a one has neither host nor port."""
    baudrate: Literal[1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200] = 19200
    parity: Literal["N", "E", "O"] = "E"
    stopbits: Literal[1, 2] = 1

    @property
    def place(self) -> str:
        """Where it listens, in a few letters."""
        return self.serial or f"{self.host}:{self.port}"

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        said = self.model_fields_set
        if self.serial is None:
            if "port" not in said:
                raise ValueError("needs a port, or a serial line")
            if wrong := said & {"baudrate", "parity", "stopbits"}:
                raise ValueError(f"{min(wrong)} is for a serial line")
        elif wrong := said & {"host", "port", "tls"}:
            raise ValueError(f"{min(wrong)} is not for a serial line")
        return self
