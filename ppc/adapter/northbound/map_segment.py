"""The registers of the map: the plant to be read, orders to be written, checked."""

import logging
from collections.abc import Callable, Mapping
from math import isfinite, nan
from types import MappingProxyType

from ppc.adapter.layout import Layout
from ppc.adapter.northbound.bank import Bank
from ppc.adapter.northbound.echo import echo, in_force
from ppc.adapter.northbound.few_lines import FewLines
from ppc.adapter.northbound.image_segment import rated
from ppc.adapter.northbound.order_code import OrderCode, OrderRefused
from ppc.adapter.northbound.refusals import Refusals
from ppc.adapter.northbound.register_map import NorthboundMap, NorthboundRegister
from ppc.adapter.northbound.set_points import OF_VALUE
from ppc.adapter.plant_view import PlantView, values
from ppc.datamodel.rating import ConnectionPoint
from ppc.keys import Key

logger = logging.getLogger(__name__)

_NOT_TOLD = frozenset({Key.HEARTBEAT_IN, Key.SEQUENCE_CODE})


class MapSegment:
    """The plant in registers of the map; what is written there becomes orders.

    Each source of orders has one of its own; `in_local_mode` says who is in charge of
    set-points, `ranks` which number a source is told by.
    """

    address = 0

    def __init__(
        self,
        northbound: NorthboundMap,
        plant: ConnectionPoint,
        bank: Bank,
        refusals: Refusals,
        *,
        in_local_mode: Callable[[], bool] = lambda: False,
        local: bool = False,
        ranks: Mapping[str, int] = MappingProxyType({}),
    ) -> None:
        """`local`: whether the source stands at the plant."""
        self.count = northbound.end
        self._map = northbound
        self._layout = northbound.layout()
        self._bank = bank
        self._refusals = refusals
        self._in_local_mode = in_local_mode
        self._local = local
        self._ranks = ranks
        self._rated = rated(plant)
        self._targets = [_Target(r, northbound) for r in northbound.registers]
        self._lines = FewLines(logger)
        self._said: dict[Key, float] = {}

    def write(self, address: int, payload: bytes, now_s: float) -> None:
        """Take whole values in range; anything else changes nothing and is refused."""
        try:
            values = self._decoded(address, payload)
            self._bank.write(values, now_s)
        except OrderRefused as refusal:
            self._bank.note(refusal, address, now_s)
            raise
        self._say(values)

    def _decoded(self, address: int, payload: bytes) -> dict[Key, float]:
        end = address + len(payload) // 2
        covered = 0
        values: dict[Key, float] = {}
        for target in self._targets:
            register = target.register
            key, first, last = register.key, register.address, register.end
            if first >= end or last <= address:
                continue
            if register.access == "r":
                raise OrderRefused(OrderCode.NO_SUCH_REGISTER)
            if not self._bank.may_write(key):
                raise OrderRefused(OrderCode.NOT_ALLOWED, key)
            if first < address or last > end:
                raise OrderRefused(OrderCode.HALF_VALUE, key)
            values[key] = target.value(payload[2 * (first - address) :])
            covered += register.count
        if covered != end - address:
            raise OrderRefused(OrderCode.NO_SUCH_REGISTER)
        return values

    def _say(self, values: Mapping[Key, float]) -> None:
        """What is ordered anew goes to the log; the same again does not."""
        told = {k: v for k, v in values.items() if k not in _NOT_TOLD}
        if all(self._said.get(key) == value for key, value in told.items()):
            return
        if Key.WITHDRAW_CODE in told:
            self._said.clear()
        self._said |= told
        text = ", ".join(f"{key} = {value:g}" for key, value in told.items())
        self._lines.write(logging.INFO, f"{self._refusals.source} orders {text}")

    def render(self, view: PlantView | None, now_s: float) -> bytes:
        """All registers of the map; those between them are 0."""
        shown = {**values(view, now_s)} if view else {}
        shown |= self._rated
        local_mode = self._in_local_mode()
        shown |= echo(self._bank, now_s, in_charge=local_mode == self._local)
        shown |= in_force(view, self._ranks) if view else {}
        shown[Key.LOCAL_CODE] = local_mode
        shown[Key.MAP_VERSION_CODE] = self._map.version
        shown[Key.REJECTED_COUNT] = self._refusals.count % 65536
        return self._layout.pack(
            [t.raw(shown.get(t.register.key)) for t in self._targets]
        )


class _Target:
    """One register of the map, compiled."""

    def __init__(self, register: NorthboundRegister, northbound: NorthboundMap) -> None:
        self.register = register
        order = register.word_order or northbound.word_order
        self._alone = Layout([register], register.address, register.count, order)
        self._low, self._high = register.type.range
        whole = register.key in OF_VALUE and not register.type.is_float
        self._absent = (self._low or self._high,) if whole else ()

    def value(self, payload: bytes) -> float:
        """The value that begins there; NaN: the number for "not available"."""
        raw = self._alone.unpack(payload[: 2 * self.register.count])[0]
        return nan if raw in self._absent else raw * self.register.scale

    def raw(self, value: float | None) -> float:
        """The raw number; what is not known is NaN, or the greatest of an integer."""
        if value is None or not isfinite(value):
            return nan if self.register.type.is_float else self._high
        raw = min(max(value / self.register.scale, self._low), self._high)
        return raw if self.register.type.is_float else round(raw)
