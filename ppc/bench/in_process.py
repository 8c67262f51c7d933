"""A wire without a network: requests to simulated devices in the same process."""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from ppc.bench.simulated_time import SimulatedTime
from ppc.communication.driver.base import (
    Exchange,
    Function,
    LinkCounters,
    Priority,
    Reply,
    Table,
)
from ppc.communication.errors import (
    ExceptionCode,
    Expired,
    NoReply,
    NotConnected,
    Refused,
)
from ppc.communication.server.base import Station
from ppc.simulation.faults.base import Undo, WireFault

_TABLES = {Function.READ_HOLDING: Table.HOLDING, Function.READ_INPUT: Table.INPUT}


@dataclass(slots=True, kw_only=True)
class WireSettings:
    """How quick the wire is, and how patient who asks.

    `delay_s` each way: 0.5 ms, an answer within a millisecond, as measured on
    loopback and usual on a plant's own network.
    """

    delay_s: float = 0.0005
    timeout_s: float = 0.3


class InProcessWire:
    """A driver whose devices stand in the same process, on simulated time.

    One request is under way at a time, the most urgent that waits goes next, and the
    registers that travel are those of the real wire. Two things can break: unplugged,
    everything fails at once; `silent`, requests vanish and time out.
    """

    Settings: ClassVar[type[WireSettings]] = WireSettings

    def __init__(
        self,
        name: str,
        stations: Mapping[int, Station],
        time: SimulatedTime,
        settings: WireSettings,
    ) -> None:
        self.counters = LinkCounters()
        self.settings = settings
        self.silent = False
        self._name = name
        self._stations = stations
        self._time = time
        self._plugged = True
        self._under_way: Exchange | None = None
        self._turn = 0
        self._sent_s = 0.0
        self._waiting: tuple[deque[Exchange], ...] = tuple(deque() for _ in Priority)

    @property
    def name(self) -> str:
        return self._name

    @property
    def connected(self) -> bool:
        return self._plugged

    @property
    def plugged(self) -> bool:
        return self._plugged

    @plugged.setter
    def plugged(self, plugged: bool) -> None:
        if plugged and not self._plugged:
            self.counters.connects += 1
        self._plugged = plugged
        if plugged:
            return
        lost = [self._under_way, *(x for queue in self._waiting for x in queue)]
        self._under_way = None
        for queue in self._waiting:
            queue.clear()
        for exchange in lost:
            if exchange is not None:
                exchange.done(NotConnected(f"connection to {self._name} lost"))

    def add(self, fault: WireFault) -> Undo:
        """What a fault of the wire amounts to, where there are no frames."""
        match fault.seen:
            case "gone":
                return self._changed("plugged", now=False)
            case "silent":
                return self._changed("silent", now=True)
            case "late":
                before_s = self.settings.delay_s
                later_s: float = getattr(fault, "delay_s", 0.0)
                self.settings.delay_s = before_s + later_s / 2.0
                return lambda: setattr(self.settings, "delay_s", before_s)
        return lambda: None

    def _changed(self, name: str, *, now: bool) -> Undo:
        setattr(self, name, now)
        return lambda: setattr(self, name, not now)

    def start(self) -> None:
        """It is connected from the beginning."""

    async def close(self) -> None:
        """Nothing is open."""

    def submit(self, exchange: Exchange) -> bool:
        if not self._plugged:
            exchange.done(NotConnected(f"not connected to {self._name}"))
            return True
        if self._under_way is None:
            self._send(exchange)
            return True
        queue = self._waiting[exchange.priority]
        if exchange in queue:
            return False
        if self._under_way is exchange and not exchange.function.writes:
            return False
        queue.append(exchange)
        return True

    def _send(self, exchange: Exchange) -> None:
        if self._time.now_s() > exchange.expires_s:
            exchange.done(Expired("not sent: it waited too long"))
            return
        self._under_way, self._sent_s = exchange, self._time.now_s()
        self._turn = turn = self._turn + 1
        self.counters.requests += 1
        delay_s, timeout_s = self.settings.delay_s, self.settings.timeout_s
        heard = not self.silent and exchange.station in self._stations
        if heard:
            self._time.call_later(
                delay_s, self._arrive, exchange, exchange.payload, turn
            )
        if not heard or 2.0 * delay_s >= timeout_s:
            self._time.call_later(timeout_s, self._give_up, turn)

    def _arrive(self, exchange: Exchange, payload: bytes, turn: int) -> None:
        """The request has reached the device, also if nobody waits for it any more."""
        if not self._plugged:
            return
        station = self._stations[exchange.station]
        reply: Reply
        try:
            reply = _answer(station, exchange, payload)
        except Refused as refusal:
            self.counters.refusals += 1
            reply = refusal
        self._time.call_later(self.settings.delay_s, self._settle, turn, reply)

    def _give_up(self, turn: int) -> None:
        if turn == self._turn:
            self.counters.no_replies += 1
        silence = f"no reply within {self.settings.timeout_s:g} s"
        self._settle(turn, NoReply(silence))

    def _settle(self, turn: int, reply: Reply) -> None:
        exchange = self._under_way
        if exchange is None or turn != self._turn:
            return  # too late, or the cable was pulled meanwhile
        self._under_way = None
        took_s = self._time.now_s() - self._sent_s
        self.counters.ended.append((exchange.station, took_s, type(reply)))
        exchange.done(reply)
        while self._under_way is None and (following := self._following()):
            self._send(following)

    def _following(self) -> Exchange | None:
        return next((queue.popleft() for queue in self._waiting if queue), None)


def _answer(station: Station, exchange: Exchange, payload: bytes) -> bytes:
    """What the device answers. Raises Refused."""
    function, address, count = exchange.function, exchange.address, exchange.count
    if function in _TABLES:
        return station.read(_TABLES[function], address, count)
    if function in (Function.WRITE_MANY, Function.WRITE_ONE):
        station.write(address, payload)
        return b""
    if function is Function.READ_WRITE:
        station.write(exchange.write_address, payload)
        return station.read(Table.HOLDING, address, count)
    if function is Function.MASK_WRITE:
        present = station.read(Table.HOLDING, address, 1)
        old, kept, put = (
            int.from_bytes(word) for word in (present, payload[:2], payload[2:])
        )
        station.write(address, (old & kept | put & ~kept & 0xFFFF).to_bytes(2))
        return b""
    raise Refused(ExceptionCode.ILLEGAL_FUNCTION)
