"""The seam towards those who ask us: a station answers with registers, or refuses."""

from typing import Protocol

from ppc.communication.driver.base import Table


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
