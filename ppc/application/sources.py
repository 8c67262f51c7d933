"""Those who order: a station for each on the wire, one set of orders for control."""

from collections.abc import Callable, Mapping
from math import nan
from typing import NamedTuple

from ppc.adapter.northbound.map_segment import MapSegment
from ppc.adapter.northbound.orders import Belief, OperatorOrders
from ppc.adapter.northbound.refusals import Refusals
from ppc.adapter.northbound.register_map import ORDERABLE
from ppc.adapter.northbound.station import ScadaStation
from ppc.adapter.plant_view import PlantView
from ppc.application.scada_segments import NOTHING, Behind, Shown
from ppc.configuration.loading import Configuration
from ppc.configuration.plant import LOCAL, ScadaSection, SourceSection
from ppc.core.arbitration import Arbiter, Combined, Told
from ppc.keys import Key

OPERATOR = "operator"
"""The name of the only source, where plant.yaml lists none."""


class Source(NamedTuple):
    """One who orders."""

    name: str
    label: str
    """What he is called in the log."""
    units: tuple[int, ...]
    allowed: frozenset[Key]
    orders: OperatorOrders


class Sources:
    """All who order, the highest first."""

    def __init__(self, scada: ScadaSection) -> None:
        self.all = tuple(_source(scada, s) for s in scada.sources) or (_only(scada),)
        self._arbiter = Arbiter()
        self._local = next((s.orders for s in self.all if s.name == LOCAL), None)

    def local_mode(self) -> bool:
        """Whether set-points are taken at the plant, and only there."""
        return self._local is not None and self._local.local()

    def at(self, now_s: float) -> Combined:
        """What is in force at `now_s`, and who asked for it. Control thread only."""
        told = [Told(s.name, s.orders.at(now_s), s.name == LOCAL) for s in self.all]
        return self._arbiter.combine(told, local_mode=self.local_mode())

    def left_s(self, now_s: float) -> float | None:
        """Time until the first order in force expires; None: there is none."""
        left_s = [source.orders.left_s(now_s) for source in self.all]
        return min((s for s in left_s if s is not None), default=None)

    def stations(
        self,
        configuration: Configuration,
        *,
        view: Callable[[], PlantView | None],
        now_s: Callable[[], float],
        wall_s: Callable[[], float] = lambda: nan,
        behind: Behind = NOTHING,
    ) -> Mapping[int, ScadaStation]:
        """What answers at each unit id."""
        found: dict[int, ScadaStation] = {}
        for source in self.all:
            refusals = Refusals(source.label)
            registers = MapSegment(
                configuration.northbound,
                configuration.connection_point,
                source.orders,
                refusals,
                wall_s=wall_s,
                allowed=source.allowed,
                in_local_mode=self.local_mode,
            )
            shown = Shown(configuration, registers, behind)
            station = ScadaStation(
                shown.segments, refusals, view=view, now_s=now_s, gaps=shown.gaps
            )
            found |= dict.fromkeys(source.units, station)
        return found


def _only(scada: ScadaSection) -> Source:
    belief = Belief(
        heartbeat_timeout_s=scada.heartbeat_timeout_s, order_life_s=scada.order_life_s
    )
    allowed = frozenset(ORDERABLE) - {Key.LOCAL_CODE}
    units = (0, scada.station, 255)
    return Source(OPERATOR, "SCADA", units, allowed, OperatorOrders(belief))


def _source(scada: ScadaSection, told: SourceSection) -> Source:
    belief = Belief(
        heartbeat_timeout_s=told.heartbeat_timeout_s or scada.heartbeat_timeout_s,
        order_life_s=told.order_life_s or scada.order_life_s,
        reset_s=told.reset_s,
        fallback=told.fallback or "limits",
        default=told.default,
    )
    orders = OperatorOrders(belief)
    return Source(told.name, told.name, (told.unit,), told.allowed, orders)
