"""By what rules a source's orders are taken: at once or together, how far, how fast."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import inf, isfinite
from typing import Literal, NamedTuple

from ppc.adapter.northbound.order_code import OrderCode, OrderRefused
from ppc.adapter.northbound.register_map import NorthboundMap
from ppc.adapter.northbound.set_points import OF_VALUE
from ppc.datamodel.rating import ConnectionPoint
from ppc.keys import Key

Take = Literal["write", "commit"]
Policy = Literal["reject", "clamp"]

_HAIR = 1e-6
"""0.95 as a 32-bit number is less than 0.95: a bound is met within this part of it."""
_CLAMPED = frozenset({*OF_VALUE, Key.P_NEXT_W, Key.P_RESERVE_W})
"""Quantities. A number that stands for something is never made another one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderRules:
    """What is done with orders that came in whole."""

    take: Take = "write"
    """Whether a set-point counts when it is written, or when a sequence number is."""
    policy: Policy = "reject"
    """Of a set-point that is too far or too fast: no, or as far as is allowed."""
    rate_pu_per_s: Mapping[Key, float] = field(default_factory=dict)
    """How far apart successive values may be, for the time between them."""


class Accepted(NamedTuple):
    """A value that was taken, and when."""

    value: float
    at_s: float


class Checks:
    """Holds what is written against what the map and the connection point allow."""

    def __init__(
        self,
        rules: OrderRules,
        northbound: NorthboundMap,
        plant: ConnectionPoint,
        *,
        idle: Callable[[Key, float], bool] = lambda _, __: False,
    ) -> None:
        """`idle`: whether no control function would do what is ordered."""
        self._rules = rules
        self._idle = idle
        allowed = _ranges(plant)
        self._ranges = {
            r.key: r.valid or allowed.get(r.key, (0.0, 65535.0))
            for r in northbound.registers
            if r.access == "rw"
        }
        self._bases = _bases(plant)

    def in_range(self, key: Key, value: float) -> float:
        """The value, or the nearest one where that is the policy. OrderRefused."""
        if not isfinite(value):
            raise OrderRefused(OrderCode.NOT_FINITE, key, value)
        if self._idle(key, value):
            raise OrderRefused(OrderCode.NO_FUNCTION, key, value)
        low, high = self._ranges[key]
        hair = _HAIR * max(abs(low), abs(high))
        if low - hair <= value <= high + hair:
            return value
        if self._rules.policy == "clamp" and key in _CLAMPED:
            return min(max(value, low), high)
        raise OrderRefused(OrderCode.OUT_OF_RANGE, key, value)

    def in_pace(
        self, key: Key, value: float, before: Accepted | None, now_s: float
    ) -> float:
        """The value, or how far it may be by now. OrderRefused: it is too fast."""
        rate_pu_per_s = self._rules.rate_pu_per_s.get(key)
        if rate_pu_per_s is None or before is None:
            return value
        base = self._bases[key]
        most = (rate_pu_per_s * (now_s - before.at_s) + _HAIR) * base
        if abs(value - before.value) <= most:
            return value
        if self._rules.policy == "clamp":
            return min(max(value, before.value - most), before.value + most)
        raise OrderRefused(OrderCode.TOO_FAST, key, value)


def _ranges(plant: ConnectionPoint) -> Mapping[Key, tuple[float, float]]:
    """What the connection point allows of each order."""
    p_w, q_var = (plant.p_min_w, plant.p_max_w), (-plant.q_max_var, plant.q_max_var)
    return {
        Key.P_SET_W: p_w,
        Key.P_NEXT_W: p_w,
        Key.P_NEXT_AT_S: (0.0, inf),
        Key.Q_SET_VAR: q_var,
        Key.V_SET_PU: (0.9, 1.1),
        Key.P_LIMIT_MAX_W: p_w,
        Key.P_LIMIT_MIN_W: p_w,
        Key.P_RESERVE_W: (0.0, plant.p_max_w - plant.p_min_w),
    }


def _bases(plant: ConnectionPoint) -> Mapping[Key, float]:
    """What 1 pu is of each set-point."""
    p_w = max(plant.p_max_w, -plant.p_min_w)
    powers = (Key.P_SET_W, Key.P_LIMIT_MAX_W, Key.P_LIMIT_MIN_W)
    return {
        **dict.fromkeys(powers, p_w),
        Key.Q_SET_VAR: plant.q_max_var,
        Key.V_SET_PU: 1.0,
        Key.PF_SET_PU: 1.0,
    }
