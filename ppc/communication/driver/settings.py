"""Settings that every driver has, under the same names."""

from dataclasses import dataclass
from math import inf

TURNAROUND_S = 0.1
"""Source: Modbus over Serial Line V1.02, 2.4.1: typically 100 to 200 ms at 9600 bit/s;
quoted from memory."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkSettings:
    """How long answers may take, and how much rest the line and its stations get.

    A link is shared when more than one station is asked on it.
    """

    timeout_s: float = 0.3
    """An answer must be complete after this time."""
    backoff_min_s: float = 0.1
    """Time between two attempts to connect; it doubles with each that fails."""
    backoff_max_s: float = 30.0
    connect_delay_s: float = 0.0
    """Silence after connecting."""
    request_gap_s: float | None = None
    """Silence between an answer and the next request. null: 3.5 characters on a serial
    line, none elsewhere."""
    station_gap_s: float = 0.0
    """More silence when another station is asked than before."""
    turnaround_s: float | None = None
    """Silence after a broadcast, a write to station 0: nobody answers one. null:
    station 0 is the device itself, which answers, as on TCP."""
    busy_delay_s: float = 0.2
    """A station that says it is busy (exceptions 5 and 6) is left alone for this time.
    """
    station_backoff_min_s: float = 0.2
    """A station that does not answer on a shared link is left alone for this time; it
    doubles as long as it does not answer."""
    station_backoff_max_s: float = 10.0

    def __post_init__(self) -> None:
        if not 0 < self.timeout_s < inf:
            raise ValueError("timeout_s must be greater than 0")
        for low, high in (
            ("backoff_min_s", "backoff_max_s"),
            ("station_backoff_min_s", "station_backoff_max_s"),
        ):
            if not 0 < getattr(self, low) <= getattr(self, high) < inf:
                raise ValueError(f"{low} must be above 0, at most {high}")
        for name in (
            *("connect_delay_s", "request_gap_s", "station_gap_s"),
            *("turnaround_s", "busy_delay_s"),
        ):
            value = getattr(self, name)
            if value is not None and not 0 <= value < inf:
                raise ValueError(f"{name} must not be less than 0")


@dataclass(frozen=True, slots=True, kw_only=True)
class SocketSettings(LinkSettings):
    """Where the device or the gateway is."""

    host: str
    port: int = 502

    def __post_init__(self) -> None:
        LinkSettings.__post_init__(self)
        if not 0 < self.port < 65536:  # noqa: PLR2004
            raise ValueError(f"port {self.port} is not within 1 to 65535")

    @property
    def name(self) -> str:
        return f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SerialSettings(LinkSettings):
    """The port of a serial line, and how its characters are made."""

    timeout_s: float = 0.5
    turnaround_s: float | None = TURNAROUND_S
    device: str
    """Path of the serial port."""
    baudrate: int = 19200
    parity: str = "E"
    """N, E or O."""
    stopbits: int = 1

    def __post_init__(self) -> None:
        LinkSettings.__post_init__(self)
        if self.baudrate <= 0:
            raise ValueError("baudrate must be greater than 0")
        if self.parity not in ("N", "E", "O"):
            raise ValueError(f"parity {self.parity!r} is none of N, E, O")
        if self.stopbits not in (1, 2):
            raise ValueError(f"stopbits {self.stopbits} is neither 1 nor 2")

    @property
    def name(self) -> str:
        return self.device

    def character_s(self, bits: int) -> float:
        """Time that one character of so many data bits takes, with what frames it."""
        return (1 + bits + (self.parity != "N") + self.stopbits) / self.baudrate
