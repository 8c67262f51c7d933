"""Write groups that ask for care: read first, unlocked, read back, written seldom."""

from collections.abc import Mapping
from math import inf
from typing import TYPE_CHECKING, NamedTuple

from ppc.adapter.block import CommandBlock
from ppc.adapter.command_codec import CommandCodec
from ppc.adapter.register_type import WordOrder
from ppc.application.cycle import Cycle
from ppc.application.delivery import Fate
from ppc.application.errand import Asking, Errand, Trouble, Unmet
from ppc.application.exponents import Exponents
from ppc.application.requests import payload
from ppc.application.set_point_write import SetPointWrite, Values, same
from ppc.communication.driver.base import Function, Priority
from ppc.communication.errors import CommunicationError, Expired, NotConnected, Refused
from ppc.keys import Key

if TYPE_CHECKING:
    from ppc.application.device import FieldDevice

_BACKOFF_MIN_S, _BACKOFF_MAX_S = 1.0, 60.0
_ATTEMPTS = 2
"""What was not taken is written again at once, so often in all."""


class CarefulGroup(SetPointWrite):
    """One group: what is written by it, when, and with what around it."""

    def __init__(
        self,
        device: "FieldDevice",
        codecs: Mapping[WordOrder, CommandCodec],
        group: int,
        exponents: Exponents,
    ) -> None:
        super().__init__(device, codecs, group)
        self.untaken_count = 0
        """How often the device held something else than was written."""
        self._exponents = exponents
        block = self.block
        self._least = _least_changes(block)
        self._patient = bool(
            block.stored or block.read_back or block.before or block.after
        )
        """Whether an attempt that failed must not be repeated in the next cycle."""
        self._sent_values: Values = {}
        self.has = False
        """Whether the device has what `due` was asked for last, or nearly so."""
        self._backoff_s = _BACKOFF_MIN_S
        self._again_s = -inf

    def due(self, values: Values, now_s: float, *, forced: bool) -> bytes | None:
        """What is to be written now; None when there is no need, or no way yet.

        `forced`: whatever is saved by waiting.
        """
        self.has = False
        if self.absent or not self.codec.needs <= self._exponents.keys():
            return None
        written = self.codec.encode(values, exponents=self._exponents)
        last, sent_s = self._sent
        stored = self.block.stored
        if forced:
            return None if stored and written == last else written
        self.has = bool(last) and (written == last or self._little(values))
        if now_s < self._again_s:
            return None
        if not self.has:
            return written
        return None if stored or now_s - sent_s < self._refresh_s else written

    async def carry_out(self, values: Values, written: bytes, expires_s: float) -> None:
        """Have the device take them. Raises CommunicationError, Unmet."""
        now_s, changes = self._device.party.now_s(), written != self._sent[0]
        self._again_s = now_s + (self.block.interval_s or 0.0)
        try:
            if self._unsure and await self._held(written):
                self._tell_now("written", expires_s)
                self._tell_now("confirmed", expires_s)
            else:
                await self._make_hold(values, written, expires_s, changes=changes)
        except (CommunicationError, Unmet) as trouble:
            self.forget()
            if self._patient and not isinstance(trouble, NotConnected):
                self._again_s = max(self._again_s, now_s + self._backoff_s)
                self._backoff_s = min(2.0 * self._backoff_s, _BACKOFF_MAX_S)
            raise
        self._sent, self._sent_values = (written, now_s), dict(values)
        self._backoff_s = _BACKOFF_MIN_S

    @property
    def _unsure(self) -> bool:
        """Whether the device may hold it already, in memory that should be spared."""
        return self.block.stored and not self._sent[0]

    async def _held(self, written: bytes) -> bool:
        try:
            return same(await self._read(), written, self._covered)
        except Refused:
            return False

    async def _make_hold(
        self, values: Values, written: bytes, expires_s: float, *, changes: bool
    ) -> None:
        for _ in range(_ATTEMPTS):
            reply = await self._write(values, written, expires_s, changes=changes)
            self._tell_now("written", expires_s)
            if not (changes and self.block.read_back):
                return
            if self.exchange.function is not Function.READ_WRITE:
                reply = await self._read()
            if same(reply, written, self._covered):
                self._tell_now("confirmed", expires_s)
                return
            self.untaken_count += 1
        raise Unmet("what was written is not what is read back")

    async def _write(
        self, values: Values, written: bytes, expires_s: float, *, changes: bool
    ) -> bytes:
        party, block, exchange = self._device.party, self.block, self.exchange
        if party.now_s() > expires_s:
            raise Expired("not sent: it waited too long")
        if changes:
            await party.carry_out(block.before)
        if block.keep_others and block.function != "mask":
            written = self.codec.encode(
                values, exponents=self._exponents, present=await self._read()
            )
        exchange.payload = payload(exchange.function, written, self._covered)
        exchange.expires_s = expires_s
        reply = await Asking(exchange)
        if changes:
            await party.carry_out(block.after)
        return reply

    async def _read(self) -> bytes:
        block, address = self.block, self.exchange.address
        return await self._device.party.read(
            block.table, address, block.count, Priority.COMMAND
        )

    def _tell_now(self, fate: Fate, expires_s: float) -> None:
        self.tell(fate, expires_s, self._device.party.now_s())

    def _little(self, values: Values) -> bool:
        """Whether nothing has changed by enough since it was sent."""
        return all(
            change == 0.0 or change < least
            for key, least in self._least.items()
            for change in (abs(values[key] - self._sent_values[key]),)
        )


def _least_changes(block: CommandBlock) -> dict[Key, float]:
    """For each set-point, the change from which on it is written."""
    found = dict.fromkeys(block.keys, 0.0)
    for point in block.points:
        if point.key is not None and point.valid is not None:
            low, high = point.valid
            found[point.key] = max(found[point.key], block.change_pu * (high - low))
    return found


class _Order(NamedTuple):
    values: Values
    cycle: Cycle
    expires_s: float
    forced: bool


class CarefulWrites:
    """All groups of a unit, one after the other: the newest is sent, never an older."""

    def __init__(self, device: "FieldDevice", groups: list[CarefulGroup]) -> None:
        self._device = device
        self._groups = groups
        self._next: _Order | None = None
        self._errand: Errand[None] | None = None

    def send(
        self,
        values: Values,
        cycle: Cycle,
        *,
        expires_s: float,
        now_s: float,
        forced: bool = False,
    ) -> None:
        """Write what is worth writing, when what is under way is done."""
        if forced:
            cycle.expected_count += len(self._groups)
        self._next = _Order(values, cycle, expires_s, forced)
        if self._errand is None:
            self._begin(now_s)

    def _begin(self, now_s: float) -> None:
        order, self._next = self._next, None
        if order is None:
            return
        due = [
            (group, written)
            for group in self._groups
            if (written := group.due(order.values, now_s, forced=order.forced))
        ]
        if order.forced:
            order.cycle.acknowledged_count += len(self._groups) - len(due)
        else:
            order.cycle.expected_count += len(due)
            for group in self._groups:
                if group.has:
                    group.tell("written", order.expires_s, now_s)
        if not due:
            return
        party = self._device.party
        script = self._carry_out(order, due)
        self._errand = Errand(party.driver, party.later, script, self._ended)
        self._errand.start()

    async def _carry_out(
        self, order: _Order, due: list[tuple[CarefulGroup, bytes]]
    ) -> None:
        cycle = order.cycle
        for group, written in due:
            try:
                await group.carry_out(order.values, written, order.expires_s)
            except (CommunicationError, Unmet) as trouble:
                group.fail(trouble, order.expires_s)
            else:
                group.well()
                cycle.acknowledged_count += 1
                cycle.last_acknowledged_s = self._device.party.now_s()

    def _ended(self, _: Trouble | None) -> None:
        self._errand = None
        self._begin(self._device.party.now_s())
