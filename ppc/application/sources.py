"""Those who order: a station for each on the wire, one set of orders for control."""

from collections import Counter
from collections.abc import Callable, Iterator
from math import nan
from typing import NamedTuple

from ppc.adapter.northbound.map_segment import MapSegment
from ppc.adapter.northbound.orders import Belief, OperatorOrders
from ppc.adapter.northbound.refusals import Refusals
from ppc.adapter.northbound.register_map import ORDERABLE
from ppc.adapter.northbound.rights import Rights
from ppc.adapter.northbound.station import ScadaStation
from ppc.adapter.plant_view import PlantView
from ppc.application.access import Entry, Mark, directory
from ppc.application.scada_segments import NOTHING, Behind, Desk, Shown
from ppc.communication.server.base import Directory
from ppc.configuration.loading import Configuration
from ppc.configuration.scada import LOCAL, ScadaSection, SourceSection
from ppc.core.arbitration import Arbiter, Combined, Told
from ppc.keys import Key

OPERATOR = "operator"
"""The name of the only source, where plant.yaml lists none."""
READER = "a reader"
"""What the log calls who may read and is no source."""


class Source(NamedTuple):
    """One who orders."""

    name: str
    label: str
    """What he is called in the log."""
    mark: Mark
    allowed: frozenset[Key]
    belief: Belief
    orders: OperatorOrders
    read: bool = True


class Sources:
    """All who order, the highest first."""

    def __init__(self, scada: ScadaSection) -> None:
        self.all = tuple(_sources(scada)) or (_only(scada),)
        self._readers = scada.readers
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

    def directory(
        self,
        configuration: Configuration,
        *,
        view: Callable[[], PlantView | None],
        now_s: Callable[[], float],
        wall_s: Callable[[], float] = lambda: nan,
        behind: Behind = NOTHING,
    ) -> Directory:
        """Who finds which station."""

        def station(source: Source) -> tuple[ScadaStation, Refusals]:
            refusals = Refusals(source.label, now_s)
            registers = MapSegment(
                configuration.northbound,
                configuration.connection_point,
                source.orders,
                refusals,
                wall_s=wall_s,
                allowed=source.allowed,
                in_local_mode=self.local_mode,
            )
            shown = Shown(
                configuration, registers, self._desk(source, view, now_s), behind
            )
            station = ScadaStation(
                shown.segments, refusals, view=view, now_s=now_s, gaps=shown.gaps
            )
            return station, refusals

        def entry(source: Source) -> Entry:
            return _entry(source, *station(source))

        plain, refusals = station(_reader(self.all[0]))
        reader = Rights(plain, refusals, read=True, write=False)
        return directory([entry(s) for s in self.all], self._readers, reader)

    def _desk(
        self,
        source: Source,
        view: Callable[[], PlantView | None],
        now_s: Callable[[], float],
    ) -> Desk:
        """Of the source, for what stands beside the map."""
        at_plant = source.name == LOCAL
        return Desk(
            *(source.name, source.orders, source.allowed),
            in_charge=lambda: at_plant == self.local_mode(),
            in_local_mode=self.local_mode,
            view=view,
            now_s=now_s,
        )


def _entry(source: Source, whole: ScadaStation, refusals: Refusals) -> Entry:
    """What a source finds, and what is found by one who may not be it."""
    shut = Rights(whole, refusals, read=source.read, write=False)
    if source.read:
        return Entry(source.mark, whole, shut)
    blind = Rights(whole, refusals, read=False, write=True)
    return Entry(source.mark, blind, shut)


def _only(scada: ScadaSection) -> Source:
    belief = Belief(
        heartbeat_timeout_s=scada.heartbeat_timeout_s, order_life_s=scada.order_life_s
    )
    allowed = frozenset(ORDERABLE) - {Key.LOCAL_CODE}
    mark = Mark((0, scada.station, 255), networks=scada.from_)
    orders = OperatorOrders(belief)
    return Source(OPERATOR, "SCADA", mark, allowed, belief, orders)


def _reader(like: Source) -> Source:
    """Who has no orders, and no rights."""
    return like._replace(
        label=READER, allowed=frozenset(), orders=OperatorOrders(like.belief)
    )


def _sources(scada: ScadaSection) -> Iterator[Source]:
    ports = Counter(told.port for told in scada.sources)
    everywhere = any(told.port is None for told in scada.sources)
    for told in scada.sources:
        own = told.port is not None and ports[told.port] == 1 and not everywhere
        yield _source(scada, told, own_port=own)


def _source(scada: ScadaSection, told: SourceSection, *, own_port: bool) -> Source:
    belief = Belief(
        heartbeat_timeout_s=told.heartbeat_timeout_s or scada.heartbeat_timeout_s,
        order_life_s=told.order_life_s or scada.order_life_s,
        reset_s=told.reset_s,
        fallback=told.fallback or "limits",
        default=told.default,
    )
    mark = Mark(
        None if told.unit is None else (told.unit,),
        told.port,
        told.from_,
        told.role,
        own_port,
    )
    orders = OperatorOrders(belief)
    return Source(told.name, told.name, mark, told.allowed, belief, orders, told.read)
