"""The operator as a device: what was ordered, and until when it may be believed."""

from collections.abc import Mapping
from math import inf
from types import MappingProxyType
from typing import NamedTuple

from ppc.adapter.northbound import ORDERS
from ppc.datamodel.observation import Orders
from ppc.keys import Key

_WITHDRAWN = {
    1: (Key.P_SET_W,),
    2: (Key.Q_SET_VAR,),
    4: (Key.V_SET_PU,),
    16: (Key.Q_MODE_CODE, Key.PF_SET_PU, Key.EXCITATION_CODE),
    32: (Key.RUN_BACK_CODE, Key.P_RESERVE_W),
    64: (Key.F_TEST_HZ, Key.V_TEST_PU),
}

_LIMITS = 8
_NO_LIMITS = {Key.P_LIMIT_MAX_W: inf, Key.P_LIMIT_MIN_W: -inf}


class _Order(NamedTuple):
    value: float
    written_s: float


class _Book(NamedTuple):
    """Everything at one moment; replaced, never changed: two threads read it."""

    orders: Mapping[Key, _Order] = MappingProxyType({})
    heartbeat: float = 0.0
    alive_until_s: float = -inf


class OperatorOrders:
    """Orders with their expiry.

    While the heartbeat moves, orders live; when it stands still for
    `heartbeat_timeout_s` all of them expire at once. An order written without any
    heartbeat lives for `order_life_s`. What has expired never comes back by itself.
    Written by the event loop, read by any thread.
    """

    def __init__(self, *, heartbeat_timeout_s: float, order_life_s: float) -> None:
        self._timeout_s = heartbeat_timeout_s
        self._life_s = order_life_s
        self._book = _Book()

    def take(self, values: Mapping[Key, float], now_s: float) -> None:
        """Take what SCADA wrote in one request; already checked for range."""
        book = self._book
        orders = {
            key: order
            for key, order in book.orders.items()
            if now_s <= self._expires_s(order, book)
        }
        beat = values.get(Key.HEARTBEAT_IN, book.heartbeat)
        alive_until_s = book.alive_until_s
        if beat != book.heartbeat:
            alive_until_s = now_s + self._timeout_s
        withdrawn = int(values.get(Key.WITHDRAW_CODE, 0))
        for bit, keys in _WITHDRAWN.items():
            if withdrawn & bit:
                orders = {k: o for k, o in orders.items() if k not in keys}
        if withdrawn & _LIMITS:
            # No order at all would look like one that expired, and limits hold then.
            orders |= {k: _Order(v, now_s) for k, v in _NO_LIMITS.items()}
        orders |= {k: _Order(v, now_s) for k, v in values.items() if k in ORDERS}
        self._book = _Book(MappingProxyType(orders), beat, alive_until_s)

    def at(self, now_s: float) -> Orders:
        """What is in force at `now_s`."""
        return Orders(**{k.value: v for k, v in self.received(now_s).items()})

    def received(self, now_s: float) -> dict[Key, float]:
        """The orders in force, by key."""
        book = self._book
        return {
            key: order.value
            for key, order in book.orders.items()
            if now_s <= self._expires_s(order, book)
        }

    def heartbeat(self) -> float:
        """The last heartbeat received, 0 before the first."""
        return self._book.heartbeat

    def left_s(self, now_s: float) -> float | None:
        """Time until the first order in force expires; None: there is none."""
        book = self._book
        left_s = [self._expires_s(o, book) - now_s for o in book.orders.values()]
        return min((s for s in left_s if s >= 0), default=None)

    def _expires_s(self, order: _Order, book: _Book) -> float:
        if order.written_s <= book.alive_until_s:
            return book.alive_until_s
        return order.written_s + self._life_s
