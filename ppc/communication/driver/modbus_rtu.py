"""Modbus RTU on a serial line."""

from dataclasses import dataclass
from typing import Any, ClassVar

from ppc.communication.driver.framing import Framing, Rtu
from ppc.communication.driver.line_driver import SerialDriver
from ppc.communication.driver.settings import SerialSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class ModbusRtuSettings(SerialSettings):
    """The line, and how long an answer may take. Characters have 8 data bits."""


class ModbusRtu(SerialDriver):
    """A serial line with the binary frames of Modbus."""

    Settings: ClassVar[type[Any]] = ModbusRtuSettings
    framing: ClassVar[Framing] = Rtu()
