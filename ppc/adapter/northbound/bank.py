"""What one source wrote: what of it waits, what of it counts, and why the rest not."""

from collections.abc import Callable, Collection, Mapping
from math import inf, isfinite, nan
from typing import NamedTuple

from ppc.adapter.northbound.order_code import OrderCode, OrderRefused
from ppc.adapter.northbound.order_lives import OrderLives
from ppc.adapter.northbound.order_rules import Accepted, Checks, OrderRules
from ppc.adapter.northbound.orders import WITHDRAWN, OperatorOrders, withdrawn_by
from ppc.adapter.northbound.register_map import DATED, ORDERABLE, ORDERS
from ppc.adapter.northbound.set_points import (
    OF_ENABLE,
    OF_VALIDITY,
    OF_VALUE,
    subject,
)
from ppc.keys import Key

_DAY_S = 86400.0
_COMMITTED = frozenset(
    {
        *(*OF_VALUE, *OF_ENABLE, *OF_VALIDITY),
        *(Key.Q_MODE_CODE, Key.EXCITATION_CODE, Key.P_RESERVE_W),
    }
)
"""What waits for a sequence number where the source commits. A stop, a block, a
run-back, a test, what is taken back and what has a date do not wait."""
_GROUPS = (
    (Key.P_SET_W,),
    (
        *(Key.Q_SET_VAR, Key.V_SET_PU, Key.Q_MODE_CODE, Key.PF_SET_PU),
        Key.EXCITATION_CODE,
    ),
)
"""Of each one source is the master: as in `ppc.core.arbitration`."""

Values = Mapping[Key, float]


class LastRefusal(NamedTuple):
    """Of the writes that were refused the last one."""

    why: OrderCode = OrderCode.NONE
    address: int = 0


class Bank:
    """The registers of one source as it last wrote them, and the orders made of them.

    `adopt` gives the set-points in force, which who takes charge at the plant goes on
    with. Lives in the event loop.
    """

    def __init__(
        self,
        orders: OperatorOrders,
        checks: Checks,
        rules: OrderRules,
        lives: OrderLives,
        *,
        allowed: Collection[Key] = ORDERABLE,
        wall_s: Callable[[], float] = lambda: nan,
        adopt: Callable[[], Values] = dict,
    ) -> None:
        self.orders = orders
        self.lives = lives
        self.sequence = 0
        """The last one that was committed."""
        self.last_refusal = LastRefusal()
        self.received: dict[Key, float] = {}
        self.staged: dict[Key, float] = {}
        """What waits for a sequence number."""
        self.enabled = dict.fromkeys(OF_VALUE, True)
        self.validity_s = dict.fromkeys(OF_VALUE, 0.0)
        self.accepted: dict[Key, Accepted] = {}
        self.codes: dict[Key, OrderCode] = {}
        """Why the last value of a set-point was not taken as it was written."""
        self._before: dict[Key, Accepted] = {}
        """What was taken last, also when it has been taken back since."""
        self._checks = checks
        self._rules = rules
        self._allowed = allowed
        self._wall_s = wall_s
        self._adopt = adopt

    def may_write(self, key: Key) -> bool:
        """Whether the register is the source's to write."""
        about = subject(key)
        return about not in ORDERABLE or about in self._allowed

    def write(self, values: Values, now_s: float) -> None:
        """Take what was written in one request.

        OrderRefused: nothing has changed, but what is told of what was received.
        """
        self.received |= {k: v for k, v in values.items() if k in OF_VALUE}
        taken = {k: self._checks.in_range(k, v) for k, v in values.items()}
        self._check_meaning(taken)
        commit = self._rules.take == "write" or Key.SEQUENCE_CODE in taken
        later = {k: v for k, v in taken.items() if k in _COMMITTED}
        at_once = {k: v for k, v in taken.items() if k not in later}
        together = {**self.staged, **later}
        if commit:
            together = {k: self._in_pace(k, v, now_s) for k, v in together.items()}
        self._note(values, taken | (together if commit else {}))
        self.staged = {} if commit else together
        if not commit:
            for key in later.keys() & set(ORDERS):
                self.lives.received(key, later[key], now_s)
        self.sequence = int(taken.get(Key.SEQUENCE_CODE, self.sequence))
        self._apply(at_once | (together if commit else {}), now_s)

    def note(self, refusal: OrderRefused, address: int, now_s: float) -> None:
        """A write from this address on was refused."""
        self.last_refusal = LastRefusal(refusal.why, address)
        if refusal.key is None:
            return
        about = subject(refusal.key)
        if about in OF_VALUE:
            self.codes[about] = refusal.why
        if refusal.key in ORDERS and isfinite(refusal.value):
            self.lives.refused(refusal.key, refusal.value, refusal.why, now_s)

    def _check_meaning(self, taken: Values) -> None:
        """Refuse what is in range and yet asks for what cannot be."""
        code = int(taken.get(Key.WITHDRAW_CODE, 0))
        for bit, keys in WITHDRAWN.items():
            if code & bit and not set(self._allowed).intersection(keys):
                raise OrderRefused(OrderCode.OUT_OF_RANGE)  # not its own to take back
        dated = [key in taken for key in DATED]
        if not any(dated):
            return
        ahead_s = taken.get(Key.P_NEXT_AT_S, nan) - self._wall_s()
        if not all(dated) or not 0.0 <= ahead_s <= _DAY_S:  # NaN is not either
            raise OrderRefused(OrderCode.OUT_OF_RANGE)
        if self.orders.full():
            raise OrderRefused(OrderCode.FULL)

    def _in_pace(self, key: Key, value: float, now_s: float) -> float:
        if key not in OF_VALUE:
            return value
        return self._checks.in_pace(key, value, self._before.get(key), now_s)

    def _note(self, written: Values, taken: Values) -> None:
        """Whether the values are as they were written."""
        for key in taken.keys() & OF_VALUE.keys():
            if taken[key] != written.get(key, self.staged.get(key)):
                self.codes[key] = OrderCode.CLAMPED
            elif key in written:
                self.codes.pop(key, None)

    def _apply(self, values: Mapping[Key, float], now_s: float) -> None:
        """Make orders of what counts from now on."""
        ordered = dict(values)
        if values.get(Key.LOCAL_CODE) and not self.orders.local():
            ordered = {**self._go_on_with(now_s), **ordered}
        withdrawn = withdrawn_by(values, self._allowed)
        for key in withdrawn:
            for told in (self.accepted, self.staged, self.codes):
                told.pop(key, None)
        off = {key for key in OF_VALUE if self._switched_off(key, ordered, now_s)}
        for key in off:
            ordered.pop(key, None)
        for key, about in OF_VALIDITY.items():
            self.validity_s[about.value] = values.get(key, self.validity_s[about.value])
        self.orders.take(
            ordered,
            now_s,
            next_due_s=now_s + values.get(Key.P_NEXT_AT_S, inf) - self._wall_s(),
            allowed=self._allowed,
            lives_s={k: s for k, s in self.validity_s.items() if s},
            off=off,
        )
        self.lives.withdrawn({*withdrawn, *off}, now_s)
        for key in ordered.keys() & set(ORDERS):
            self.lives.accepted(key, ordered[key], now_s)

    def _switched_off(self, key: Key, ordered: dict[Key, float], now_s: float) -> bool:
        """Whether the set-point is off; switched on, the value from before counts."""
        before = self.enabled[key]
        on = bool(ordered.get(OF_VALUE[key].enable, before))
        self.enabled[key] = on
        if key in ordered:
            self.accepted[key] = self._before[key] = Accepted(ordered[key], now_s)
        elif on and not before and key in self.accepted:
            ordered[key] = self.accepted[key].value
        return not on and (before or key in ordered)

    def _go_on_with(self, now_s: float) -> dict[Key, float]:
        """The set-points in force, where the source has none of its own."""
        own = self.orders.received(now_s)
        return {
            key: value
            for group in _GROUPS
            if not any(key in own for key in group)
            for key, value in self._adopt().items()
            if key in group and key in self._allowed
        }
