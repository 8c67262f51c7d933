"""The seam towards those who ask us: a station answers with registers, or refuses."""

from collections.abc import Callable
from typing import NamedTuple, Protocol, runtime_checkable

from ppc.communication.driver.base import Table


class Caller(NamedTuple):
    """Who asks, as far as the connection tells."""

    host: str = ""
    """Its address; "" on a serial line."""
    port: int = 0
    """The port of ours it came in by; 0 on a serial line."""
    role: str | None = None
    """What its certificate allows it to be called (Modbus/TCP Security, R-21, OID
    1.3.6.1.4.1.50316.802.1); None: there is no certificate, or it tells no role."""


class Station(Protocol):
    """What stands behind one Modbus address of a server.

    Both methods are called in the event loop and must return at once. To refuse they
    raise `Refused` with an exception code; a refused write has changed nothing.
    """

    def read(self, table: Table, address: int, count: int) -> bytes:
        """`count` registers from `address`, two bytes each, big-endian."""
        ...

    def write(self, address: int, payload: bytes) -> None:
        """Take the holding registers in `payload`, from `address`."""
        ...


@runtime_checkable
class BitStation(Station, Protocol):
    """A station that has coils and discrete inputs as well.

    Of one that has not, functions 1, 2, 5 and 15 are refused as unknown.
    """

    def read_bits(self, table: Table, address: int, count: int) -> bytes:
        """`count` bits from `address`, eight to a byte, the first the lowest."""
        ...

    def write_bits(self, address: int, count: int, payload: bytes) -> None:
        """Take `count` coils in `payload`, packed in the same way, from `address`."""
        ...


Directory = Callable[[Caller, int], Station | None]
"""The station that a caller finds at a unit id; None: nobody answers him there. It is
asked for every request, and must return at once."""
