"""A station as one caller may use it."""

from ppc.adapter.northbound.refusals import Refusals
from ppc.communication.driver.base import Table
from ppc.communication.errors import ExceptionCode, Refused
from ppc.communication.server.base import Station


class Rights:
    """Lets read, write, or both; what is not allowed is ILLEGAL_FUNCTION.

    Source of the code: Modbus/TCP Security Protocol Specification V36, 8.4: who is not
    authorized is answered exception 01 (from memory).
    """

    def __init__(
        self, station: Station, refusals: Refusals, *, read: bool, write: bool
    ) -> None:
        self._station = station
        self._refusals = refusals
        self._read = read
        self._write = write

    def read(self, table: Table, address: int, count: int) -> bytes:
        """As the station does."""
        if not self._read:
            raise self._shut("read", address, count)
        return self._station.read(table, address, count)

    def write(self, address: int, payload: bytes) -> None:
        """As the station does."""
        if not self._write:
            raise self._shut("write", address, len(payload) // 2)
        self._station.write(address, payload)

    def _shut(self, what: str, address: int, count: int) -> Refused:
        refusal = Refused(ExceptionCode.ILLEGAL_FUNCTION)
        self._refusals.refused(address, count, refusal, what=what)
        return refusal
