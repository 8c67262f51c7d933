"""The stations of those who order, each with its own registers."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple

from ppc.adapter.northbound.bank import Bank
from ppc.adapter.northbound.command_words import idle
from ppc.adapter.northbound.map_segment import MapSegment
from ppc.adapter.northbound.order_lives import OrderLives
from ppc.adapter.northbound.order_rules import Checks, OrderRules
from ppc.adapter.northbound.orders import Belief, OperatorOrders
from ppc.adapter.northbound.refusals import Refusals
from ppc.adapter.northbound.register_map import ORDERS
from ppc.adapter.northbound.rights import Rights
from ppc.adapter.northbound.station import ScadaStation
from ppc.adapter.plant_view import PlantView
from ppc.application.access import Entry, Mark
from ppc.application.scada_segments import Behind, Desk, Shown
from ppc.configuration.loading import Configuration
from ppc.configuration.scada import LOCAL
from ppc.keys import Key


class Source(NamedTuple):
    """One who orders."""

    name: str
    label: str
    """What he is called in the log."""
    mark: Mark
    allowed: frozenset[Key]
    belief: Belief
    orders: OperatorOrders
    lives: OrderLives
    rules: OrderRules = OrderRules()
    read: bool = True


class Stations:
    """Makes the stations of sources, which share what stands behind them."""

    def __init__(
        self,
        configuration: Configuration,
        view: Callable[[], PlantView | None],
        now_s: Callable[[], float],
        wall_s: Callable[[], float],
        behind: Behind,
        in_local_mode: Callable[[], bool],
        sources: Sequence[Source],
    ) -> None:
        self._configuration = configuration
        self._view = view
        self._now_s = now_s
        self._wall_s = wall_s
        self._behind = behind
        self._in_local_mode = in_local_mode
        functions = [name for name, _ in configuration.functions]
        self._idle = partial(idle, functions=functions)
        self._ranks = {s.name: rank for rank, s in enumerate(sources, 1)}

    def entry(self, source: Source) -> Entry:
        """A source, and what it finds."""
        whole, refusals = self._station(source)
        shut = Rights(whole, refusals, read=source.read, write=False)
        if source.read:
            return Entry(source.mark, whole, shut)
        blind = Rights(whole, refusals, read=False, write=True)
        return Entry(source.mark, blind, shut)

    def plain(self, reader: Source) -> Rights:
        """What can be read by those who are no source."""
        whole, refusals = self._station(reader)
        return Rights(whole, refusals, read=True, write=False)

    def _station(self, source: Source) -> tuple[ScadaStation, Refusals]:
        northbound = self._configuration.northbound
        plant = self._configuration.connection_point
        refusals = Refusals(source.label, self._now_s)
        bank = Bank(
            source.orders,
            Checks(source.rules, northbound, plant, idle=self._idle),
            source.rules,
            source.lives,
            allowed=source.allowed,
            wall_s=self._wall_s,
            adopt=self._in_force,
        )
        registers = MapSegment(
            northbound,
            plant,
            bank,
            refusals,
            in_local_mode=self._in_local_mode,
            local=source.name == LOCAL,
            ranks=self._ranks,
        )
        desk = self._desk(source, bank)
        shown = Shown(self._configuration, registers, desk, self._behind)
        station = ScadaStation(
            shown.segments,
            refusals,
            view=self._view,
            now_s=self._now_s,
            gaps=shown.gaps,
        )
        return station, refusals

    def _desk(self, source: Source, bank: Bank) -> Desk:
        """Of the source, for what stands beside the map."""
        at_plant = source.name == LOCAL
        commits = source.rules.take == "commit"
        return Desk(
            *(source.name, source.orders, source.allowed),
            in_charge=lambda: at_plant == self._in_local_mode(),
            in_local_mode=self._in_local_mode,
            view=self._view,
            now_s=self._now_s,
            sequence=(lambda: bank.sequence % 65535 + 1) if commits else None,
        )

    def _in_force(self) -> dict[Key, float]:
        """The orders that the newest cycle followed."""
        view = self._view()
        if view is None:
            return {}
        orders = {key: getattr(view.obs.orders, key) for key in ORDERS}
        return {key: value for key, value in orders.items() if value is not None}
