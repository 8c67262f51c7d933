"""The register that tells a device that its controller is alive."""

from collections.abc import Iterator
from itertools import count, cycle
from math import inf

from ppc.adapter.action import Heartbeat
from ppc.application.clock import next_deadline
from ppc.application.errand import Unmet
from ppc.application.requests import payload, writing
from ppc.application.steps import Party
from ppc.application.telling import Telling
from ppc.communication.driver.base import Reply
from ppc.communication.errors import CommunicationError


class Beating:
    """Moves the register on, as often as it is due.

    It has no clock: whoever controls calls `beat` in each cycle, so that the register
    stands still when control does.
    """

    def __init__(
        self,
        heartbeat: Heartbeat,
        party: Party,
        telling: Telling,
    ) -> None:
        self._heartbeat = heartbeat
        self._party = party
        self._telling = telling
        self._values = _values(heartbeat)
        self._due_s = 0.0
        size = heartbeat.type.size
        self._exchange = writing(
            party.station,
            heartbeat.table,
            heartbeat.address,
            size,
            single=heartbeat.single,
        )
        self._exchange.done = self._done

    def beat(self, now_s: float, expires_s: float) -> None:
        """Write the next value, if it is time."""
        if now_s < self._due_s or not self._party.driver.connected:
            return
        self._due_s, _ = next_deadline(self._due_s, self._heartbeat.every_s, now_s)
        written = bytearray(2 * self._heartbeat.type.size)
        self._party.codec(self._heartbeat).put(written, next(self._values))
        exchange = self._exchange
        exchange.payload = payload(exchange.function, bytes(written), b"")
        exchange.expires_s = expires_s
        self._party.driver.submit(exchange)

    def learnt(self) -> None:
        """Where it stands is known."""
        size = self._heartbeat.type.size
        try:
            self._exchange.address = self._party.place(self._heartbeat, size)
        except Unmet as reason:
            self._due_s = inf
            self._telling.trouble("heartbeat", str(reason))
            return
        self._due_s = 0.0
        self._exchange.compiled = None

    def _done(self, reply: Reply) -> None:
        if isinstance(reply, CommunicationError):
            self._telling.trouble("heartbeat", str(reply))
        else:
            self._telling.well("heartbeat")


def _values(heartbeat: Heartbeat) -> Iterator[int]:
    if heartbeat.values is not None:
        return cycle(heartbeat.values)
    _, most = heartbeat.type.range
    return (value % (int(most) + 1) for value in count())
