"""A block that is read without the points its device refuses."""

from collections.abc import Callable
from functools import partial
from math import nan

from ppc.adapter.block import Block
from ppc.adapter.codec import Row
from ppc.application.requests import reading, registers
from ppc.application.survey import Run, Survey
from ppc.communication.driver.base import Driver, Exchange, Priority, Reply
from ppc.communication.errors import CommunicationError


class Quarantine:
    """Reads what can be read, in several requests, as if it were one."""

    def __init__(
        self,
        block: Block,
        found: Survey,
        driver: Driver,
        exchange: Exchange,
        done: Callable[[Reply], None],
    ) -> None:
        """`exchange`: that of the whole block; `done` gets the registers of the whole,
        0 where nothing was read.
        """
        self.refused = found.refused
        self._block = block
        self._driver = driver
        self._done = done
        self._parts = [
            self._part(run, exchange.station, exchange.address, exchange.priority)
            for run in found.runs
        ]
        self._left = 0
        self._trouble: CommunicationError | None = None
        self._registers = bytearray(2 * block.count)
        lost = lost_points(block, found.refused)
        self._lost = [i for i, names in enumerate(_made_of(block)) if names & lost]
        self._mask = sum(1 << i for i in self._lost)

    def ask(self) -> None:
        """Send all requests."""
        self._left, self._trouble = len(self._parts), None
        for exchange in self._parts:
            self._driver.submit(exchange)

    @property
    def empty(self) -> bool:
        """Whether there is nothing left to be read."""
        return not self._parts

    def without(self, row: Row) -> Row:
        """The row with nothing where the refused registers are."""
        values = list(row.values)
        for i in self._lost:
            values[i] = nan
        return Row(
            row.time_s,
            row.expires_s,
            row.bad | self._mask,
            tuple(values),
            missing=self._mask,
        )

    def _part(
        self, run: Run, station: int, address: int, priority: Priority
    ) -> Exchange:
        first, end = run
        exchange = reading(
            station, self._block.table, address + first, end - first, priority
        )
        exchange.done = partial(self._came, run)
        return exchange

    def _came(self, run: Run, reply: Reply) -> None:
        first, end = run
        self._left -= 1
        if isinstance(reply, CommunicationError):
            self._trouble = self._trouble or reply
        else:
            part = registers(self._block.table, reply, end - first)
            self._registers[2 * first : 2 * end] = part
        if not self._left:
            self._done(self._trouble or bytes(self._registers))


def lost_points(block: Block, refused: tuple[Run, ...]) -> frozenset[str]:
    """Names of the points in these registers, and of those that lean on them."""
    gone = {place + block.address for run in refused for place in range(*run)}
    lost = {p.label for p in block.points if not gone.isdisjoint(p.places)}
    while leaning := {p.label for p in block.points if p.needs & lost} - lost:
        lost |= leaning
    return frozenset(lost)


def _made_of(block: Block) -> list[frozenset[str]]:
    """For each of `block.keys`, the names of the points it is made of."""
    own = [frozenset((point.label,)) for point in block.points if point.key]
    return own + [frozenset(each.of) for each in block.sums]


def told(block: Block, found: Survey, address: int) -> str:
    """What is refused, for people."""
    if not found.refused:
        return f"{block.table} registers are refused in one request, not in several"
    runs = ", ".join(
        _run(address + first, address + end) for first, end in found.refused
    )
    names = ", ".join(sorted(lost_points(block, found.refused)))
    return f"{block.table} registers {runs} are refused: goes without {names}"


def _run(first: int, end: int) -> str:
    return str(first) if end == first + 1 else f"{first}-{end - 1}"
