"""One block of one device, asked again and again."""

from collections.abc import Callable, Mapping
from math import inf
from typing import TYPE_CHECKING

from ppc.adapter.codec import BlockCodec, Row
from ppc.adapter.register_type import WordOrder
from ppc.application.errand import Errand, Script, Trouble, Unmet
from ppc.application.exponents import Exponents
from ppc.application.quarantine import Quarantine, told
from ppc.application.requests import BITS, reading, registers
from ppc.application.survey import UNKNOWN_THERE, Survey, survey
from ppc.communication.driver.base import Priority, Reply
from ppc.communication.errors import (
    CommunicationError,
    NotConnected,
    Refused,
    StationSilent,
)

if TYPE_CHECKING:
    from ppc.application.device import FieldDevice

Came = Callable[["BlockPoll", Row], None]
_RETRY_MIN_S, _RETRY_MAX_S = 30.0, 600.0
"""What was refused is tried again after this time, which doubles."""


class BlockPoll:
    """The question, its answers as rows, and what is left out because it is refused.

    A question that is still open is not asked twice: the last row grows old by itself.
    """

    def __init__(
        self,
        device: "FieldDevice",
        codecs: Mapping[WordOrder, BlockCodec],
        slot: int,
        exponents: Exponents,
    ) -> None:
        """`codecs` by the word orders the device may have; the first is the usual."""
        self.codec = next(iter(codecs.values()))
        self.slot = slot
        block = self.block = self.codec.block
        self.every_s = block.every_s
        self.due_s = 0.0
        self.skipped_count = 0
        self._device = device
        self._codecs = codecs
        self._exponents = exponents if exponents.stand_in(block) else None
        self._quarantine: Quarantine | None = None
        self._decode = self._decoder()
        self._asked_s = -inf
        self._came: Came | None = None
        self._was_read = self._refused = False
        self._survey: Errand[Survey] | None = None
        self._retry_s, self._retry_in_s = -inf, _RETRY_MIN_S
        self._bits = block.table in BITS
        self._exchange = reading(
            device.party.station,
            block.table,
            block.address,
            block.count,
            Priority.FAST if block.every_s is None else Priority.SLOW,
        )
        self._exchange.done = self._done

    def ask(self, asked_s: float, came: Came) -> None:
        """Send the question; `came` gets the row when there is one."""
        if self._came is not None:
            self.skipped_count += 1
            return
        device = self._device
        if device.preparation and not device.preparation.open_to_reads(asked_s):
            self.due_s = 0.0  # as soon as it may be
            return
        if self._quarantine is None:
            if self._survey is None:
                self._asked_s, self._came = asked_s, came
                device.driver.submit(self._exchange)
            else:
                self.due_s = 0.0
            return
        if asked_s >= self._retry_s and device.driver.connected:
            self._begin_survey()
        self._asked_s = asked_s
        if self._quarantine.empty:
            came(self, self._row(bytes(2 * self.block.count), asked_s))
            return
        self._came = came
        self._quarantine.ask()

    def lost(self) -> None:
        """Another device may be there next, or the same one mended."""
        self.due_s = 0.0
        self._retry_s, self._retry_in_s = -inf, _RETRY_MIN_S

    def learnt(self) -> None:
        """The device has told how it is to be read."""
        party = self._device.party
        self.due_s = 0.0
        self.codec = self._codecs[party.word_order]
        self._retry_s, self._retry_in_s = -inf, _RETRY_MIN_S
        try:
            self._exchange.address = party.place(self.block, self.block.count)
        except Unmet as reason:
            self._retry_s = inf
            self._leave_out(Survey((), ((0, self.block.count),)))
            self._device.telling.trouble(self._place, str(reason))
            return
        self._exchange.compiled = None
        self._leave_out(None)
        self._device.telling.well(self._place)

    def _done(self, reply: Reply) -> None:
        came, self._came = self._came, None
        if isinstance(reply, CommunicationError):
            self._failed(reply)
            return
        self._device.answered()
        assert came is not None, "a driver answers once for each question"
        if self._bits and self._quarantine is None:
            reply = registers(self.block.table, reply, self.block.count)
        self._was_read = True
        if self._refused:
            self._refused = False
            self._device.telling.well(self._matter)
        came(self, self._decode(reply, self._asked_s))

    def _failed(self, error: CommunicationError) -> None:
        if isinstance(error, NotConnected | StationSilent):
            self.due_s = 0.0  # nobody was asked: do so as soon as there is a link
        if not isinstance(error, Refused):
            self._device.failed(error)
        elif error.code in UNKNOWN_THERE and self._asked_s >= self._retry_s:
            self._begin_survey()
        else:
            self._refused = True
            self._device.telling.trouble(self._matter, str(error))

    @property
    def _place(self) -> str:
        """Where the profile says it stands, for people."""
        return f"block of {', '.join(self.codec.keys[:3])}"

    @property
    def _matter(self) -> str:
        return f"{self.block.table} block at {self._exchange.address}"

    def _row(self, payload: bytes, time_s: float) -> Row:
        """The row, where there is more to it than decoding."""
        row = self.codec.decode(payload, time_s)
        if self._quarantine:
            row = self._quarantine.without(row)
        if self._exponents is not None:
            refused = self._quarantine.refused if self._quarantine else ()
            self._exponents.see(self.codec, payload, refused)
        return row

    # --- what is refused

    def _begin_survey(self) -> None:
        if self._survey is not None:
            return
        self._retry_s = self._asked_s + self._retry_in_s
        party = self._device.party
        self._survey = Errand(
            party.driver, party.later, self._look_closer(), self._surveyed
        )
        self._survey.start()

    def _look_closer(self) -> Script[Survey]:
        party, exchange = self._device.party, self._exchange

        async def probe(first: int, count: int) -> bytes:
            return await party.read(
                self.block.table, exchange.address + first, count, exchange.priority
            )

        return survey(self.block, probe)

    def _surveyed(self, found: Survey | Trouble) -> None:
        self._survey = None
        if isinstance(found, CommunicationError | Unmet):
            if isinstance(found, NotConnected):
                self._retry_s = -inf  # nobody was asked
            return
        block, address = self.block, self._exchange.address
        telling, matter = self._device.telling, f"part of {self._matter}"
        if found.runs == ((0, block.count),):
            self._retry_in_s = _RETRY_MIN_S
            self._leave_out(None)
            telling.well(matter)
        elif found.runs or not self._was_read:
            self._retry_in_s = min(2.0 * self._retry_in_s, _RETRY_MAX_S)
            self._leave_out(found)
            telling.trouble(matter, told(block, found, address))
        # else: what was read before is all refused now, hardly for long

    def _leave_out(self, found: Survey | None) -> None:
        self._quarantine = found and Quarantine(
            self.block, found, self._device.driver, self._exchange, self._done
        )
        self._decode = self._decoder()

    def _decoder(self) -> Callable[[bytes, float], Row]:
        special = self._quarantine or self._exponents is not None
        return self._row if special else self.codec.decode
