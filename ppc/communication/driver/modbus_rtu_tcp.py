"""Modbus RTU through a gateway that passes the bytes of a serial line over TCP."""

from dataclasses import dataclass
from typing import Any, ClassVar

from ppc.communication.driver.framing import Framing, Rtu
from ppc.communication.driver.line_driver import SocketLineDriver
from ppc.communication.driver.settings import TURNAROUND_S, SocketSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class ModbusRtuTcpSettings(SocketSettings):
    """Where the gateway is, and how long an answer of the bus may take."""

    timeout_s: float = 0.5
    turnaround_s: float | None = TURNAROUND_S


class ModbusRtuTcp(SocketLineDriver):
    """A serial line with the binary frames of Modbus, far away."""

    Settings: ClassVar[type[Any]] = ModbusRtuTcpSettings
    framing: ClassVar[Framing] = Rtu()
