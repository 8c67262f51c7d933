"""The registers of the map: the plant to be read, orders to be written, checked."""

import logging
from collections.abc import Callable, Collection, Mapping
from math import inf, isfinite, nan

from ppc.adapter.layout import Layout
from ppc.adapter.northbound.image_segment import rated
from ppc.adapter.northbound.orders import WITHDRAWN, OperatorOrders
from ppc.adapter.northbound.refusals import Refusals
from ppc.adapter.northbound.register_map import (
    DATED,
    ORDERABLE,
    NorthboundMap,
    NorthboundRegister,
)
from ppc.adapter.plant_view import PlantView, values
from ppc.communication.errors import ExceptionCode, Refused
from ppc.datamodel.rating import ConnectionPoint
from ppc.keys import Key

logger = logging.getLogger(__name__)

_HAIR = 1e-6
"""0.95 as a 32-bit number is less than 0.95: a bound is met within this part of it."""

_DAY_S = 86400.0

_NONE_IS_0 = (
    Key.Q_MODE_CODE,
    Key.EXCITATION_CODE,
    Key.RUN_BACK_CODE,
    Key.EMERGENCY_STOP_CODE,
    Key.RESET_CODE,
    Key.BYPASS_CODE,
    Key.F_TEST_HZ,
    Key.V_TEST_PU,
    Key.WITHDRAW_CODE,
)
_ECHO = {
    Key.P_ACCEPTED_W: Key.P_SET_W,
    Key.Q_ACCEPTED_VAR: Key.Q_SET_VAR,
    Key.V_ACCEPTED_PU: Key.V_SET_PU,
    Key.P_LIMIT_MAX_ACCEPTED_W: Key.P_LIMIT_MAX_W,
    Key.P_LIMIT_MIN_ACCEPTED_W: Key.P_LIMIT_MIN_W,
}


class MapSegment:
    """The plant in registers of the map; what is written there becomes orders.

    Each source of orders has one of its own, where it can write `allowed` keys, its
    heartbeat and `withdraw_code`; `in_local_mode` says who is in charge of them.
    """

    address = 0

    def __init__(
        self,
        northbound: NorthboundMap,
        plant: ConnectionPoint,
        orders: OperatorOrders,
        refusals: Refusals,
        *,
        wall_s: Callable[[], float] = lambda: nan,
        allowed: Collection[Key] = ORDERABLE,
        in_local_mode: Callable[[], bool] = lambda: False,
    ) -> None:
        self.count = northbound.end
        self._map = northbound
        self._layout = northbound.layout()
        self._orders = orders
        self._refusals = refusals
        self._wall_s = wall_s
        self._allowed = allowed
        self._closed = frozenset(ORDERABLE).difference(allowed)
        self._in_local_mode = in_local_mode
        self._ranges = _ranges(plant)
        self._rated = rated(plant)
        self._writable = [_Target(r, northbound) for r in northbound.registers]

    def write(self, address: int, payload: bytes, now_s: float) -> None:
        """Take whole values in range; anything else changes nothing and is refused."""
        taken = self._check(address, payload)
        ordered = {k: v for k, v in taken.items() if k is not Key.HEARTBEAT_IN}
        if ordered:
            text = ", ".join(f"{key} = {value:g}" for key, value in ordered.items())
            logger.info("%s orders %s", self._refusals.source, text)
        due_s = now_s + taken.get(Key.P_NEXT_AT_S, inf) - self._wall_s()
        self._orders.take(taken, now_s, next_due_s=due_s, allowed=self._allowed)

    def _check(self, address: int, payload: bytes) -> dict[Key, float]:
        end = address + len(payload) // 2
        covered = 0
        taken: dict[Key, float] = {}
        for target in self._writable:
            register = target.register
            if register.address >= end or register.address + register.count <= address:
                continue
            if register.access == "r" or register.key in self._closed:
                raise Refused(ExceptionCode.ILLEGAL_ADDRESS)
            if register.address < address or register.address + register.count > end:
                raise Refused(ExceptionCode.ILLEGAL_VALUE)  # half a value
            first = 2 * (register.address - address)
            value = target.value(payload[first : first + 2 * register.count])
            low, high = register.valid or self._ranges.get(register.key, (0.0, 65535.0))
            hair = _HAIR * max(abs(low), abs(high))
            if not low - hair <= value <= high + hair:
                raise Refused(ExceptionCode.ILLEGAL_VALUE)
            taken[register.key] = value
            covered += register.count
        if covered != end - address:
            raise Refused(ExceptionCode.ILLEGAL_ADDRESS)
        self._check_meaning(taken)
        return taken

    def _check_meaning(self, taken: Mapping[Key, float]) -> None:
        """Refuse what is in range and yet asks for what cannot be."""
        code = int(taken.get(Key.WITHDRAW_CODE, 0))
        for bit, keys in WITHDRAWN.items():
            if code & bit and self._closed.issuperset(keys):
                raise Refused(ExceptionCode.ILLEGAL_VALUE)  # not its own to take back
        dated = [key in taken for key in DATED]
        if not any(dated):
            return
        ahead_s = taken.get(Key.P_NEXT_AT_S, nan) - self._wall_s()
        if not all(dated) or not 0.0 <= ahead_s <= _DAY_S:  # NaN is not either
            raise Refused(ExceptionCode.ILLEGAL_VALUE)
        if self._orders.full():
            raise Refused(ExceptionCode.BUSY)

    def render(self, view: PlantView | None, now_s: float) -> bytes:
        """All registers of the map; those between them are 0."""
        shown = {**values(view, now_s)} if view else {}
        shown |= self._rated
        received = self._orders.received(now_s)
        shown |= {k: received.get(k, nan) for k in (*self._ranges, Key.PF_SET_PU)}
        shown |= {k: received.get(k, 0.0) for k in _NONE_IS_0}
        shown |= {echo: received.get(key, nan) for echo, key in _ECHO.items()}
        shown[Key.ENABLE_CODE] = received.get(Key.ENABLE_CODE, 1.0)
        shown[Key.ENABLE_ACCEPTED_CODE] = shown[Key.ENABLE_CODE]
        shown[Key.HEARTBEAT_IN] = self._orders.heartbeat()
        shown[Key.ORDERS_LEFT_S] = self._orders.left_s(now_s) or 0.0
        following = self._orders.following(now_s) or (nan, nan)
        shown[Key.P_NEXT_W], shown[Key.P_NEXT_AT_S] = following
        shown[Key.LOCAL_CODE] = self._in_local_mode()
        shown[Key.MAP_VERSION_CODE] = self._map.version
        shown[Key.REJECTED_COUNT] = self._refusals.count % 65536
        return self._layout.pack(
            [t.raw(shown.get(t.register.key)) for t in self._writable]
        )


class _Target:
    """One register of the map, compiled."""

    def __init__(self, register: NorthboundRegister, northbound: NorthboundMap) -> None:
        self.register = register
        order = register.word_order or northbound.word_order
        self._alone = Layout([register], register.address, register.count, order)
        self._low, self._high = register.type.range

    def value(self, payload: bytes) -> float:
        return self._alone.unpack(payload)[0] * self.register.scale

    def raw(self, value: float | None) -> float:
        """The raw number; what is not known is NaN, or the greatest of an integer."""
        if value is None or not isfinite(value):
            return nan if self.register.type.is_float else self._high
        raw = min(max(value / self.register.scale, self._low), self._high)
        return raw if self.register.type.is_float else round(raw)


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
