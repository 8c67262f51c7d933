"""One device on its wire: its blocks to poll and its set-points to write."""

import logging
from collections.abc import Callable, Mapping
from math import inf

from ppc.adapter.codec import BlockCodec, Row
from ppc.adapter.command_codec import CommandCodec
from ppc.adapter.point_codec import rating_bases
from ppc.adapter.profile import DeviceProfile
from ppc.application.cycle import Cycle
from ppc.communication.driver.base import (
    READ_BY,
    Driver,
    Exchange,
    Function,
    Priority,
    Reply,
)
from ppc.communication.errors import CommunicationError, NotConnected, StationSilent
from ppc.datamodel.rating import UnitRating
from ppc.keys import Key

logger = logging.getLogger(__name__)

Came = Callable[["BlockPoll", Row], None]


class BlockPoll:
    """One block of one device, asked again and again.

    A question that is still open is not asked twice: the last row grows old by itself.
    """

    def __init__(
        self, device: "FieldDevice", codec: BlockCodec, slot: int, station: int
    ) -> None:
        block = codec.block
        self.codec = codec
        self.slot = slot
        self.every_s = block.every_s
        self.due_s = 0.0
        self.skipped_count = 0
        self._device = device
        self._asked_s = -inf
        self._came: Came | None = None
        self._exchange = Exchange(
            station,
            READ_BY[block.table],
            block.address,
            block.count,
            Priority.FAST if block.every_s is None else Priority.SLOW,
            done=self._done,
        )

    def ask(self, asked_s: float, came: Came) -> None:
        """Send the question; `came` gets the row when there is one."""
        if self._came is not None:
            self.skipped_count += 1
            return
        self._asked_s, self._came = asked_s, came
        self._device.driver.submit(self._exchange)

    def _done(self, reply: Reply) -> None:
        came, self._came = self._came, None
        if isinstance(reply, CommunicationError):
            if isinstance(reply, NotConnected | StationSilent):
                self.due_s = 0.0  # nobody was asked: do so as soon as there is a link
            self._device.failed(reply)
            return
        self._device.answered()
        assert came is not None, "a driver answers once for each question"
        came(self, self.codec.decode(reply, self._asked_s))


class SetPointWrite:
    """One write group of a unit: the newest is sent, an older one never."""

    def __init__(
        self,
        device: "FieldDevice",
        codec: CommandCodec,
        station: int,
        now_s: Callable[[], float],
    ) -> None:
        block = codec.block
        self.codec = codec
        self._device = device
        self._refresh_s = block.refresh_s or 0.0
        self._now_s = now_s
        self._sent: tuple[bytes, float] = (b"", -inf)
        self._under_way: list[Cycle] = []
        self._exchange = Exchange(
            station,
            Function.WRITE_MANY,
            block.address,
            block.count,
            Priority.COMMAND,
            done=self._done,
        )

    def send(
        self,
        values: Mapping[Key, float],
        cycle: Cycle,
        *,
        expires_s: float,
        now_s: float,
    ) -> None:
        """Write `values` now, unless the device has them and need not be reminded."""
        payload = self.codec.encode(values)
        last, sent_s = self._sent
        if payload == last and now_s - sent_s < self._refresh_s:
            return
        self._sent = payload, now_s
        self._exchange.payload = payload
        self._exchange.expires_s = expires_s
        cycle.expected_count += 1
        self._under_way.append(cycle)
        if not self._device.driver.submit(self._exchange):
            del self._under_way[-2]  # it waited already: the newest takes its place

    def _done(self, reply: Reply) -> None:
        cycle = self._under_way.pop(0)
        if isinstance(reply, CommunicationError):
            self._sent = b"", -inf
            self._device.failed(reply)
            return
        cycle.acknowledged_count += 1
        cycle.last_acknowledged_s = self._now_s()


class FieldDevice:
    """One device: its driver, its blocks, its set-points. Says changes, not states."""

    def __init__(
        self,
        name: str,
        profile: DeviceProfile,
        driver: Driver,
        *,
        station: int,
        first_slot: int,
        period_s: float,
        rating: UnitRating | None,
        now_s: Callable[[], float],
    ) -> None:
        self.name = name
        self.driver = driver
        self.rating = rating
        order = profile.word_order
        byte_order, ratings = profile.byte_order, rating_bases(rating)
        codecs = [
            BlockCodec(block, order, period_s, byte_order=byte_order, ratings=ratings)
            for block in profile.reads
        ]
        self.polls = [
            BlockPoll(self, codec, first_slot + i, station)
            for i, codec in enumerate(codecs)
        ]
        self.writes = [
            SetPointWrite(
                self,
                CommandCodec(block, order, byte_order=byte_order, ratings=ratings),
                station,
                now_s,
            )
            for block in profile.commands
        ]
        self.safe: Mapping[Key, float] = {
            key: value for w in self.writes for key, value in w.codec.safe.items()
        }
        """The set-points that do no harm."""
        self.known = False
        """Whether every block has been read since the start."""
        self._trouble = NotConnected.__name__  # until it has been heard
        self._heard = False

    @property
    def slots(self) -> list[tuple[int, BlockCodec]]:
        """Where its rows stand in the image."""
        return [(poll.slot, poll.codec) for poll in self.polls]

    def send(
        self,
        values: Mapping[Key, float],
        cycle: Cycle,
        *,
        expires_s: float,
        now_s: float,
    ) -> None:
        """Write the set-points, group by group."""
        for write in self.writes:
            write.send(values, cycle, expires_s=expires_s, now_s=now_s)

    def failed(self, error: CommunicationError) -> None:
        trouble = type(error).__name__
        if trouble != self._trouble:
            logger.warning("%s (%s): %s", self.name, self.driver.name, error)
        self._trouble = trouble

    def answered(self) -> None:
        if self._trouble:
            level, again = (
                (logging.WARNING, " again") if self._heard else (logging.INFO, "")
            )
            logger.log(level, "%s (%s): answers%s", self.name, self.driver.name, again)
        self._trouble, self._heard = "", True
