"""The life of each order of one source, told step by step to whoever writes it down."""

from collections.abc import Callable, Collection, Iterator, Mapping
from itertools import count
from typing import NamedTuple

from ppc.adapter.northbound.order_code import OrderCode
from ppc.adapter.northbound.pace import Pace
from ppc.datamodel.observation import Poi
from ppc.datamodel.rating import ConnectionPoint
from ppc.keys import Key

_AT_ONCE, _EVERY_S = 200, 0.2
"""Steps that are told, at once and in the long run: who writes a new value in every
request must not fill the record."""
_NEAR_PU = 0.01
"""An order is achieved when the plant is as near as this."""


class OrderStep(NamedTuple):
    """A step in the life of a command or an order. `number` tells lives apart."""

    source: str
    key: str
    number: int
    value: float
    state: str
    """As in the table `orders` of the record."""
    reason: str = ""


Tell = Callable[[OrderStep], None]


class _Life(NamedTuple):
    number: int
    value: float
    achieved: bool = False


class OrderLives:
    """Orders from their coming in to their end. Lives in the event loop.

    The same value again goes on with the life it has.
    """

    def __init__(
        self, source: str, tell: Tell, numbers: Iterator[int] | None = None
    ) -> None:
        self._source = source
        self._tell = tell
        self._numbers = numbers or count(1)
        self._waiting: dict[Key, _Life] = {}
        self._lives: dict[Key, _Life] = {}
        self._refused: dict[Key, tuple[float, OrderCode]] = {}
        self._pace = Pace(_AT_ONCE, _EVERY_S)
        self._now_s = 0.0

    def received(self, key: Key, value: float, now_s: float) -> None:
        """It came in, and waits for what commits it."""
        self._now_s = now_s
        before = self._waiting.get(key)
        if before and before.value == value:
            return
        if before:
            self._say(key, before, "superseded")
        self._waiting[key] = self._begin(key, value)

    def accepted(self, key: Key, value: float, now_s: float, why: str = "") -> None:
        """It counts from now on, as far as this source is concerned."""
        self._now_s = now_s
        waited, before = self._waiting.pop(key, None), self._lives.get(key)
        self._refused.pop(key, None)
        if before and before.value == value:
            if waited:
                self._say(key, waited, "superseded", "as before")
            return
        if before:
            self._say(key, before, "superseded")
        life = waited._replace(value=value) if waited else self._begin(key, value)
        self._lives[key] = life
        self._say(key, life, "accepted", why)

    def refused(self, key: Key, value: float, why: OrderCode, now_s: float) -> None:
        """It will never count; the same for the same reason is told once."""
        self._now_s = now_s
        waited = self._waiting.get(key)
        committed = waited is not None and waited.value == value
        if self._refused.get(key) == (value, why) and not committed:
            return
        self._refused[key] = (value, why)
        life = self._waiting.pop(key) if committed else self._begin(key, value)
        self._say(key, life, "refused", why.name.lower().replace("_", " "))

    def withdrawn(self, keys: Collection[Key], now_s: float) -> None:
        """They were taken back, or switched off."""
        self._now_s = now_s
        for key in keys:
            for lives in (self._waiting, self._lives):
                if life := lives.pop(key, None):
                    self._say(key, life, "withdrawn")

    def expired(self, alive: Collection[Key], now_s: float) -> None:
        """All that are not `alive` any more have come to their end."""
        self._now_s = now_s
        for key in self._lives.keys() - alive:
            self._say(key, self._lives.pop(key), "expired")

    def see(
        self,
        poi: Poi,
        plant: ConnectionPoint,
        asked_by: Mapping[str, str],
        now_s: float,
    ) -> None:
        """Look whether the plant is where they want it."""
        self._now_s = now_s
        for key, life in self._lives.items():
            if life.achieved or asked_by.get(key.value) != self._source:
                continue
            if _achieved(key, life.value, poi, plant):
                self._lives[key] = life._replace(achieved=True)
                self._say(key, life, "achieved")

    def _begin(self, key: Key, value: float) -> _Life:
        life = _Life(next(self._numbers), value)
        self._say(key, life, "received")
        return life

    def _say(self, key: Key, life: _Life, state: str, why: str = "") -> None:
        if self._pace.allows(self._now_s):
            step = OrderStep(
                self._source, key.value, life.number, life.value, state, why
            )
            self._tell(step)


def _achieved(key: Key, value: float, poi: Poi, plant: ConnectionPoint) -> bool:
    """Whether what is measured is where the order wants it; unknown is not."""
    p_w = max(plant.p_max_w, -plant.p_min_w)
    measured, base = {
        Key.P_SET_W: (poi.p_w, p_w),
        Key.P_LIMIT_MAX_W: (poi.p_w, p_w),
        Key.P_LIMIT_MIN_W: (poi.p_w, p_w),
        Key.Q_SET_VAR: (poi.q_var, plant.q_max_var),
        Key.V_SET_PU: (poi.v_v, plant.v_nominal_v),
    }.get(key, (None, 1.0))
    if measured is None:
        return False
    wanted = value * base if key is Key.V_SET_PU else value
    above = (measured - wanted) / base
    if key is Key.P_LIMIT_MAX_W:
        return above <= _NEAR_PU
    if key is Key.P_LIMIT_MIN_W:
        return above >= -_NEAR_PU
    return abs(above) <= _NEAR_PU
