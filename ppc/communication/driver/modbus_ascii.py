"""Modbus ASCII on a serial line."""

from dataclasses import dataclass
from typing import Any, ClassVar

from ppc.communication.driver.framing import Ascii, Framing
from ppc.communication.driver.line_driver import SerialDriver
from ppc.communication.driver.settings import SerialSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class ModbusAsciiSettings(SerialSettings):
    """The line, and how long an answer may take."""

    bytesize: int = 7
    """Data bits of a character: 7, or 8 of which one is idle."""

    def __post_init__(self) -> None:
        SerialSettings.__post_init__(self)
        if self.bytesize not in (7, 8):
            raise ValueError(f"bytesize {self.bytesize} is neither 7 nor 8")


class ModbusAscii(SerialDriver):
    """A serial line with the readable frames of Modbus."""

    Settings: ClassVar[type[Any]] = ModbusAsciiSettings
    framing: ClassVar[Framing] = Ascii()

    @property
    def bits(self) -> int:
        bits: int = self._settings.bytesize
        return bits
