"""A source of orders as a device: what it ordered, and until when it is believed."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from math import inf, nan
from types import MappingProxyType
from typing import Literal, NamedTuple

from ppc.adapter.northbound.register_map import DATED, ORDERABLE, ORDERS
from ppc.adapter.northbound.set_points import is_careful
from ppc.datamodel.observation import Orders
from ppc.keys import Key

WITHDRAWN: Mapping[int, Collection[Key]] = {
    1: (Key.P_SET_W, *DATED),
    2: (Key.Q_SET_VAR,),
    4: (Key.V_SET_PU,),
    8: (Key.P_LIMIT_MAX_W, Key.P_LIMIT_MIN_W),
    16: (Key.Q_MODE_CODE, Key.PF_SET_PU, Key.EXCITATION_CODE),
    32: (Key.RUN_BACK_CODE, Key.P_RESERVE_W),
    64: (Key.F_TEST_HZ, Key.V_TEST_PU),
}
"""What each bit of `withdraw_code` takes back."""

# No order at all would look like one that expired, and limits hold then.
_NO_LIMITS = {Key.P_LIMIT_MAX_W: inf, Key.P_LIMIT_MIN_W: -inf}
_MOST_DATED = 100

Fallback = Literal["none", "hold", "limits", "default"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Belief:
    """How long a source is believed, and what stands in for it afterwards."""

    heartbeat_timeout_s: float
    order_life_s: float
    reset_s: float = 0.0
    """How long its heartbeat must be steady again after a loss before it counts."""
    fallback: Fallback = "none"
    """Of each order that expired: nothing; the last one; the last one of limits and of
    a block; or the default below. A block also stays with default, unless it has one.
    """
    default: Mapping[Key, float] = field(default_factory=dict)


class _Order(NamedTuple):
    value: float | None
    """None: taken back."""
    written_s: float
    due_s: float
    """From when it counts; later than `written_s` for one with a date."""
    at_s: float = nan
    """The date, Unix time."""
    life_s: float | None = None
    """How long it counts at most. None: that is up to the belief in its source."""
    careful: bool = False
    """Whether it counts at once, however steady its source is."""


class Standing(NamedTuple):
    """How it stands about the newest order of one key."""

    left_s: float
    """0: it has expired."""
    waits: bool = False
    """Whether it does not count yet: its source must be steady first."""


class _Book(NamedTuple):
    """Everything at one moment; replaced, never changed: two threads read it."""

    orders: Mapping[Key, _Order] = MappingProxyType({})
    dated: tuple[_Order, ...] = ()
    """Powers for later."""
    held: Mapping[Key, _Order] = MappingProxyType({})
    """What counted before the last write."""
    heartbeat: float = 0.0
    alive_until_s: float = -inf
    settled_s: float = -inf
    local: bool = False


class OperatorOrders:
    """Orders with their expiry.

    While the heartbeat moves, orders live; when it stands still for
    `heartbeat_timeout_s` all of them expire at once. An order written without any
    heartbeat lives for `order_life_s`. What has expired never comes back by itself.
    Written by the event loop, read by any thread.
    """

    def __init__(self, belief: Belief) -> None:
        self._belief = belief
        self._book = _Book()

    def take(
        self,
        values: Mapping[Key, float],
        now_s: float,
        *,
        next_due_s: float = inf,
        allowed: Collection[Key] = ORDERABLE,
        lives_s: Mapping[Key, float] = MappingProxyType({}),
        off: Collection[Key] = (),
    ) -> None:
        """Take what was written in one request; already checked for range.

        `next_due_s`: when the date in it is reached, by the clock of `now_s`;
        `lives_s`: how long orders count that say so; `off`: what is taken back.
        """
        book = self._book
        counted = self._counted(book, now_s)
        orders = self._alive({**book.orders, **counted}, book, now_s)
        dated = self._ahead(book, now_s)
        withdrawn = {*withdrawn_by(values, allowed), *off}
        for key in withdrawn:
            orders[key] = _Order(_NO_LIMITS.get(key), now_s, now_s)
        if Key.P_SET_W in withdrawn:
            dated.clear()
        orders |= {
            k: _Order(v, now_s, now_s, nan, lives_s.get(k), is_careful(k, v))
            for k, v in values.items()
            if k in ORDERS
        }
        if Key.P_NEXT_AT_S in values:
            at_s = values[Key.P_NEXT_AT_S]
            later = _Order(values[Key.P_NEXT_W], now_s, next_due_s, at_s)
            dated = [*(o for o in dated if o.at_s != at_s), later]
        self._book = _Book(
            MappingProxyType(orders),
            tuple(dated),
            {**book.held, **counted},
            *self._life(values, book, now_s),
            bool(values.get(Key.LOCAL_CODE, book.local)),
        )

    def _alive(
        self, orders: Mapping[Key, _Order], book: _Book, now_s: float
    ) -> dict[Key, _Order]:
        """Those that have not expired."""
        return {
            key: order
            for key, order in orders.items()
            if now_s <= self._expires_s(order, book)
        }

    def _life(
        self, values: Mapping[Key, float], book: "_Book", now_s: float
    ) -> tuple[float, float, float]:
        """The heartbeat, until when it counts, and from when on after a loss."""
        beat = values.get(Key.HEARTBEAT_IN, book.heartbeat)
        alive_until_s, settled_s = book.alive_until_s, book.settled_s
        if beat != book.heartbeat:
            if -inf < alive_until_s < now_s:
                settled_s = now_s + self._belief.reset_s
            alive_until_s = now_s + self._belief.heartbeat_timeout_s
        return beat, alive_until_s, settled_s

    def at(self, now_s: float) -> Orders:
        """What is in force at `now_s`."""
        return Orders(**{k.value: v for k, v in self.received(now_s).items()})

    def received(self, now_s: float) -> dict[Key, float]:
        """The orders in force, by key, with what stands in for those that expired."""
        book = self._book
        counted = self._counted(book, now_s)
        values: dict[Key, float | None] = dict(self._stand_ins(book, counted, now_s))
        for key, order in counted.items():
            if now_s <= self._expires_s(order, book):
                values[key] = order.value
        return {key: value for key, value in values.items() if value is not None}

    def heartbeat(self) -> float:
        """The last heartbeat received, 0 before the first."""
        return self._book.heartbeat

    def local(self) -> bool:
        """Whether the source has taken charge at the plant. Silence changes nothing."""
        return self._book.local

    def full(self) -> bool:
        """Whether no more set-points with a date can be kept."""
        return len(self._book.dated) >= _MOST_DATED

    def following(self, now_s: float) -> tuple[float, float] | None:
        """Power and Unix time of the next dated set-point; None: there is none."""
        book = self._book
        ahead = self._ahead(book, now_s)
        first = min(ahead, key=lambda order: order.due_s, default=None)
        if first is None or first.value is None:
            return None
        return first.value, first.at_s

    def left_s(self, now_s: float) -> float | None:
        """Time until the first order in force expires; None: there is none."""
        book = self._book
        left_s = [
            self._expires_s(order, book) - now_s
            for order in self._counted(book, now_s).values()
            if order.value is not None
        ]
        return min((s for s in left_s if s >= 0), default=None)

    def _ahead(self, book: _Book, now_s: float) -> list[_Order]:
        """The dated powers whose time is still to come."""
        return [
            order
            for order in book.dated
            if now_s <= self._expires_s(order, book)
            and not self._counts(order, book, now_s)
        ]

    def _counted(self, book: _Book, now_s: float) -> dict[Key, _Order]:
        """Of each key the newest order that counts, or has until it expired."""
        counted = {k: o for k, o in book.orders.items() if self._counts(o, book, now_s)}
        for order in book.dated:
            newest = counted.get(Key.P_SET_W)
            older = newest is None or newest.due_s <= order.due_s
            if older and self._counts(order, book, now_s):
                counted[Key.P_SET_W] = order
        return counted

    def _counts(self, order: _Order, book: _Book, now_s: float) -> bool:
        """Whether its time has come at all before it expired."""
        if order.careful:
            return True
        begins_s = max(order.due_s, book.settled_s)
        if self._belief.reset_s and -inf < book.alive_until_s < order.written_s:
            return False  # the source is lost: it must be steady first
        return begins_s <= min(now_s, self._expires_s(order, book))

    def standings(self, now_s: float) -> dict[Key, Standing]:
        """Of every key that was ordered and not taken back."""
        book = self._book
        newest = {**book.orders, **self._counted(book, now_s)}
        return {
            key: Standing(
                max(self._expires_s(order, book) - now_s, 0.0),
                waits=not self._counts(order, book, now_s),
            )
            for key, order in newest.items()
            if order.value not in (None, inf, -inf)
        }

    def reverts(self, now_s: float) -> dict[Key, float]:
        """What counts of each key once its order has expired; not there: nothing."""
        book = self._book
        stand_ins = dict(self._stand_ins(book, self._counted(book, now_s), inf))
        return {key: value for key, value in stand_ins.items() if value is not None}

    def _expires_s(self, order: _Order, book: _Book) -> float:
        own_s = inf if order.life_s is None else order.due_s + order.life_s
        if order.written_s <= book.alive_until_s:
            return min(book.alive_until_s, own_s)
        if order.life_s is not None:
            return own_s
        return order.due_s + self._belief.order_life_s

    def _stand_ins(
        self, book: _Book, counted: Mapping[Key, _Order], at_s: float
    ) -> Iterator[tuple[Key, float | None]]:
        """What counts where no order is alive.

        An order that said itself how long it counts is not held for longer.
        """
        fallback, default = self._belief.fallback, self._belief.default
        if fallback == "none":
            return
        for key, order in {**book.held, **counted}.items():
            if order.life_s is not None and at_s > order.due_s + order.life_s:
                continue
            blocked = key is Key.ENABLE_CODE and order.value == 0
            limit = fallback == "limits" and key in _NO_LIMITS
            if fallback == "hold" or blocked or limit:
                yield key, order.value
        if fallback == "default":
            yield from default.items()


def withdrawn_by(
    values: Mapping[Key, float], allowed: Collection[Key]
) -> Collection[Key]:
    """The keys of which `withdraw_code` takes orders back."""
    code = int(values.get(Key.WITHDRAW_CODE, 0))
    return {
        key
        for bit, keys in WITHDRAWN.items()
        if code & bit
        for key in keys
        if key in allowed and key in ORDERS
    }
