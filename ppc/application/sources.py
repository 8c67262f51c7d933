"""Those who order: a station for each on the wire, one set of orders for control."""

from collections.abc import Callable, Iterator
from itertools import count
from math import nan

from ppc.adapter.northbound.order_lives import OrderLives, OrderStep, Tell
from ppc.adapter.northbound.order_rules import OrderRules
from ppc.adapter.northbound.orders import Belief, OperatorOrders
from ppc.adapter.northbound.register_map import ORDERABLE
from ppc.adapter.plant_view import PlantView
from ppc.application.access import Mark, directory
from ppc.application.scada_segments import NOTHING, Behind
from ppc.application.stations import Source, Stations
from ppc.communication.server.base import Directory
from ppc.configuration.loading import Configuration
from ppc.configuration.scada import LOCAL, ScadaSection, SourceSection
from ppc.core.arbitration import Arbiter, Combined, Told
from ppc.datamodel.rating import ConnectionPoint
from ppc.keys import Key

OPERATOR = "operator"
"""The name of the only source, where plant.yaml lists none."""
_LOOK_S = 0.5
"""How often it is looked what has become of orders."""
READER = "a reader"
"""What the log calls who may read and is no source."""


class Sources:
    """All who order, the highest first."""

    def __init__(self, scada: ScadaSection) -> None:
        self._tell: Tell = lambda _: None
        numbers = count(1)

        def lives(name: str) -> OrderLives:
            return OrderLives(name, self._hear, numbers)

        self.all = tuple(_sources(scada, lives)) or (_only(scada, lives),)
        self._readers = scada.readers
        self._arbiter = Arbiter()
        self._local = next((s.orders for s in self.all if s.name == LOCAL), None)

    def _hear(self, step: OrderStep) -> None:
        self._tell(step)

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

    def look(
        self, view: PlantView | None, plant: ConnectionPoint, now_s: float
    ) -> None:
        """See which orders have expired, and which are achieved. Event loop only."""
        for source in self.all:
            alive = {
                key
                for key, standing in source.orders.standings(now_s).items()
                if standing.left_s > 0.0
            }
            source.lives.expired(alive, now_s)
            if view is not None:
                source.lives.see(view.obs.poi, plant, view.obs.asked_by, now_s)

    def directory(
        self,
        configuration: Configuration,
        *,
        view: Callable[[], PlantView | None],
        now_s: Callable[[], float],
        wall_s: Callable[[], float] = lambda: nan,
        behind: Behind = NOTHING,
    ) -> Directory:
        """Who finds which station. From now on the lives of orders are told."""
        plant = configuration.connection_point

        def look() -> None:
            self.look(view(), plant, now_s())
            behind.later(_LOOK_S, look)

        self._tell = behind.lived
        behind.later(_LOOK_S, look)
        stations = Stations(
            configuration, view, now_s, wall_s, behind, self.local_mode, self.all
        )
        plain = stations.plain(_reader(self.all[0]))
        return directory([stations.entry(s) for s in self.all], self._readers, plain)


def _only(scada: ScadaSection, lives: Callable[[str], OrderLives]) -> Source:
    belief = Belief(
        heartbeat_timeout_s=scada.heartbeat_timeout_s, order_life_s=scada.order_life_s
    )
    return Source(
        OPERATOR,
        "SCADA",
        Mark((0, scada.station, 255), networks=scada.from_),
        frozenset(ORDERABLE) - {Key.LOCAL_CODE},
        belief,
        OperatorOrders(belief),
        lives(OPERATOR),
        _rules(scada, None),
    )


def _reader(like: Source) -> Source:
    """Who has no orders, and no rights."""
    return like._replace(
        name="",
        label=READER,
        allowed=frozenset(),
        orders=OperatorOrders(like.belief),
        lives=OrderLives(READER, lambda _: None),
    )


def _sources(
    scada: ScadaSection, lives: Callable[[str], OrderLives]
) -> Iterator[Source]:
    for told in scada.sources:
        belief = Belief(
            heartbeat_timeout_s=told.heartbeat_timeout_s or scada.heartbeat_timeout_s,
            order_life_s=told.order_life_s or scada.order_life_s,
            reset_s=told.reset_s,
            fallback=told.fallback or "limits",
            default=told.default,
        )
        units = None if told.unit is None else (told.unit,)
        yield Source(
            told.name,
            told.name,
            Mark(units, told.port, told.from_, told.role, scada.own_port(told)),
            told.allowed,
            belief,
            OperatorOrders(belief),
            lives(told.name),
            _rules(scada, told),
            told.read,
        )


def _rules(scada: ScadaSection, told: SourceSection | None) -> OrderRules:
    """What a source says itself goes before what `scada` says."""
    names = ("take", "policy", "rate_pu_per_s")
    said = {n: getattr(told, n) for n in names} if told else {}
    return OrderRules(
        **{n: getattr(scada, n) if said.get(n) is None else said[n] for n in names}
    )
