"""One write group of a unit: what is sent, and when it is worth sending."""

from collections.abc import Mapping
from math import inf
from typing import TYPE_CHECKING

from ppc.adapter.block import CommandBlock
from ppc.adapter.command_codec import CommandCodec
from ppc.adapter.register_type import WordOrder
from ppc.application.cycle import Cycle
from ppc.application.delivery import Fate, Outcome
from ppc.application.errand import Unmet
from ppc.application.requests import masked, payload, setting
from ppc.communication.driver.base import Function, Reply
from ppc.communication.errors import CommunicationError, Refused
from ppc.keys import Key

if TYPE_CHECKING:
    from ppc.application.device import FieldDevice

Values = Mapping[Key, float]
_AS_SENT = (Function.WRITE_MANY, Function.WRITE_ONE, Function.READ_WRITE)
"""Functions whose payload is the registers themselves."""


def is_plain(block: CommandBlock) -> bool:
    """Whether each write is one request, made in every cycle or after `refresh_s`."""
    asks = (
        block.stored,
        block.read_back,
        block.keep_others,
        block.before,
        block.after,
        block.change_pu,
        block.interval_s,
    )
    exponents = any(point.scale_from for point in block.points)
    return not any(asks) and not exponents


class SetPointWrite:
    """A plain group: the newest is sent, an older one never."""

    def __init__(
        self,
        device: "FieldDevice",
        codecs: Mapping[WordOrder, CommandCodec],
        group: int = 0,
    ) -> None:
        """`codecs` by the word orders the device may have; the first is the usual.

        `group` tells it from the device's others.
        """
        self.codec = next(iter(codecs.values()))
        self.block = self.codec.block
        self.exchange = setting(self.block, device.party.station)
        self.exchange.done = self._done
        self._codecs = codecs
        self._device = device
        self._refresh_s = self.block.refresh_s or 0.0
        self._group = group
        self._sent: tuple[bytes, float] = (b"", -inf)
        self._same_until_s = -inf
        """Expiry of the newest command that wants what was sent last."""
        self._under_way: list[Cycle] = []
        self.absent = ""
        """Why the device cannot be written to at all; "": it can."""
        self._refused = False
        self._converts = self.exchange.function not in _AS_SENT
        self._covered = covered(self.codec)

    def send(
        self, values: Values, cycle: Cycle, *, expires_s: float, now_s: float
    ) -> None:
        """Write `values` now, unless the device has them and need not be reminded."""
        written = self.codec.encode(values)
        last, sent_s = self._sent
        self._same_until_s = expires_s
        if written == last and now_s - sent_s < self._refresh_s:
            if not self._under_way:
                self.tell("written", expires_s, now_s)
            return
        self._sent = written, now_s
        exchange = self.exchange
        if self._converts:
            written = payload(exchange.function, written, self._covered)
        exchange.payload = written
        exchange.expires_s = expires_s
        cycle.expected_count += 1
        self._under_way.append(cycle)
        if not self._device.driver.submit(exchange):
            del self._under_way[-2]  # it waited already: the newest takes its place

    def learnt(self) -> None:
        """The device has told how it is to be written."""
        party = self._device.party
        self.codec = self._codecs[party.word_order]
        self._covered = covered(self.codec)
        self.absent = ""
        try:
            self.exchange.address = party.place(self.block, self.block.count)
        except Unmet as reason:
            self.absent = str(reason)
            self._device.telling.trouble(self.block.name, self.absent)
            return
        self._device.telling.well(self.block.name)
        self.exchange.write_address = self.exchange.address
        self.exchange.compiled = None

    def forget(self) -> None:
        """What it holds is not known any more."""
        self._sent = b"", -inf

    def tell(self, fate: Fate, expires_s: float, at_s: float, reason: str = "") -> None:
        """Tell the record what became of the command that expires then."""
        outcome = Outcome(fate, self._group, expires_s, at_s, reason)
        self._device.outcomes.append(outcome)

    def fail(self, trouble: Exception, expires_s: float) -> None:
        """A command has not been taken."""
        fate: Fate = "refused" if isinstance(trouble, Refused) else "failed"
        self.tell(fate, expires_s, self._device.party.now_s(), str(trouble))
        self.say(trouble)

    def say(self, trouble: Exception) -> None:
        """Set-points that are not taken: said once per change."""
        if isinstance(trouble, CommunicationError) and not isinstance(trouble, Refused):
            self._device.failed(trouble)
            return
        self._refused = True
        self._device.telling.trouble(self._matter, str(trouble))

    def well(self) -> None:
        """They are taken."""
        self._refused = False
        self._device.telling.well(self._matter)

    @property
    def _matter(self) -> str:
        return f"{self.block.name} at {self.exchange.address}"

    def _done(self, reply: Reply) -> None:
        cycle = self._under_way.pop(0)
        if isinstance(reply, CommunicationError):
            self.forget()
            self.fail(reply, cycle.expires_s)
            return
        if self._refused:
            self.well()
        cycle.acknowledged_count += 1
        cycle.last_acknowledged_s = now_s = self._device.party.now_s()
        newest = not self._under_way
        self.tell("written", self._same_until_s if newest else cycle.expires_s, now_s)


def covered(codec: CommandCodec) -> bytes:
    """The bits of the group that belong to points."""
    count, exponents = 2 * codec.block.count, dict.fromkeys(codec.needs, 0)
    empty, full = (
        codec.encode(codec.safe, exponents=exponents, present=bytes((byte,)) * count)
        for byte in (0x00, 0xFF)
    )
    return bytes(~(a ^ b) & 0xFF for a, b in zip(empty, full, strict=True))


def same(present: bytes, written: bytes, covered_bits: bytes) -> bool:
    """Whether the registers hold what was written, as far as it was."""
    return masked(present, covered_bits) == masked(written, covered_bits)
