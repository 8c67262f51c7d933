"""Who goes next, of the exchanges that wait for one line."""

from collections import deque
from collections.abc import Container

from ppc.communication.driver.base import Exchange, Priority

STARVED_S = 1.0
"""Who has waited longer goes first, whatever its priority."""


class Queue:
    """Commands before fast reads before slow ones, the stations of each in turn.

    Who has waited longer than `starved_s` goes before all others, the oldest first,
    but only every other time: where everybody waits that long, commands still do not.
    An exchange stands in it once, so the newest payload is the one that is sent.
    """

    def __init__(self, starved_s: float = STARVED_S) -> None:
        self.waiting: dict[Exchange, float] = {}
        """All that wait, the oldest first, with the time since when."""
        self._starved_s = starved_s
        self._turns: tuple[dict[int, deque[Exchange]], ...] = tuple(
            {} for _ in Priority
        )
        """By priority: what waits by station, the station whose turn it is first."""
        self._by_age = True
        """Whether the next turn may go to the oldest."""

    def add(self, exchange: Exchange, now_s: float) -> bool:
        """False: it waits already."""
        if exchange in self.waiting:
            return False
        self.waiting[exchange] = now_s
        turns = self._turns[exchange.priority]
        if exchange.station in turns:
            turns[exchange.station].append(exchange)
        else:
            turns[exchange.station] = deque((exchange,))
        return True

    def next(self, now_s: float, held: Container[int] = ()) -> Exchange | None:
        """Whose turn it is, of those whose station is not held. It still waits."""
        if self._by_age:
            for exchange, since_s in self.waiting.items():
                if now_s - since_s <= self._starved_s:
                    break
                if exchange.station not in held:
                    return exchange
        for turns in self._turns:
            for station, exchanges in turns.items():
                if station not in held:
                    return exchanges[0]
        return None

    def take(self, exchange: Exchange) -> None:
        """`exchange` goes: the next turn is that of another station."""
        self._by_age = not self._by_age
        del self.waiting[exchange]
        turns = self._turns[exchange.priority]
        exchanges = turns.pop(exchange.station)
        exchanges.remove(exchange)
        if exchanges:
            turns[exchange.station] = exchanges

    def take_station(self, station: int) -> list[Exchange]:
        """Remove and return all that wait for `station`."""
        gone = [exchange for exchange in self.waiting if exchange.station == station]
        for exchange in gone:
            del self.waiting[exchange]
        for turns in self._turns:
            turns.pop(station, None)
        return gone

    def take_all(self) -> list[Exchange]:
        gone = list(self.waiting)
        self.waiting.clear()
        for turns in self._turns:
            turns.clear()
        return gone
