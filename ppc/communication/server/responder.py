"""Finds the station a request is for, and has it answered, whatever happens."""

import logging
from collections.abc import Mapping

from ppc.communication.errors import ExceptionCode, Refused
from ppc.communication.server.answering import answer
from ppc.communication.server.base import Caller, Directory, Station
from ppc.communication.server.counters import ServerCounters
from ppc.communication.server.identification import IDENTIFY, Identity, identify

logger = logging.getLogger(__name__)

Stations = Mapping[int, Station] | Directory
"""The same for every caller, or who finds what where."""


class Responder:
    """Turns requests into answers, for connections and for lines.

    A failure of a station is logged once per kind and answered with DEVICE_FAILURE.
    """

    def __init__(
        self, stations: Stations, identity: Identity | None, counters: ServerCounters
    ) -> None:
        self.find = directory(stations)
        self._identity = identity
        self._counters = counters
        self._failures: set[tuple[int, type[Exception]]] = set()

    def answer(self, caller: Caller, unit: int, pdu: bytes) -> bytes:
        """The answer to a PDU, of at least its function code, for a unit."""
        counters = self._counters
        counters.requests += 1
        code: int
        try:
            station = self.find(caller, unit)
            if station is None:
                code = ExceptionCode.NO_TARGET_RESPONSE
            elif pdu[0] == IDENTIFY:
                return identify(self._identity, pdu)
            else:
                return answer(station, pdu)
        except Refused as refusal:
            code = refusal.code
        except Exception as error:  # a bug in a station must not end the connection
            kind = unit, type(error)
            if kind not in self._failures:
                self._failures.add(kind)
                logger.exception("station %d failed", unit)
            code = ExceptionCode.DEVICE_FAILURE
        counters.exceptions[code] += 1
        return bytes((pdu[0] | 0x80, code))


def directory(stations: Stations) -> Directory:
    """A plain mapping serves every caller alike."""
    if not isinstance(stations, Mapping):
        return stations
    return lambda _, unit: stations.get(unit)
