"""One device on its wire: its blocks to poll and its set-points to write."""

import asyncio
import logging
from collections.abc import Callable, Mapping

from ppc.adapter.codec import BlockCodec
from ppc.adapter.command_codec import CommandCodec
from ppc.adapter.point_codec import rating_bases
from ppc.adapter.profile import DeviceProfile
from ppc.adapter.register_type import WordOrder
from ppc.application.block_poll import BlockPoll
from ppc.application.careful_write import CarefulGroup, CarefulWrites
from ppc.application.cycle import Cycle
from ppc.application.delivery import outcomes
from ppc.application.enabling import Enabling
from ppc.application.errand import Later
from ppc.application.exponents import Exponents
from ppc.application.heartbeat import Beating
from ppc.application.preparation import Preparation, needs_preparation
from ppc.application.set_point_write import SetPointWrite, Values, is_plain
from ppc.application.steps import Party
from ppc.application.telling import Telling
from ppc.communication.driver.base import Driver
from ppc.communication.errors import (
    BadReply,
    CommunicationError,
    NotConnected,
    StationSilent,
)
from ppc.datamodel.rating import UnitRating
from ppc.keys import Key

logger = logging.getLogger(__name__)

_LOSSES = (NotConnected, StationSilent, BadReply)
"""After these the device may have been switched off, or another one be there."""


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
        self.telling = Telling(f"{name} ({driver.name})")
        self.party = Party(
            driver, station, now_s, _in_loop, profile.byte_order, profile.word_order
        )
        self._codecs = _Codecs(profile, period_s, rating)
        exponents = self._exponents = Exponents(
            point.scale_from
            for block in profile.commands
            for point in block.points
            if point.scale_from
        )
        self.polls = [
            BlockPoll(self, codecs, first_slot + i, exponents)
            for i, codecs in enumerate(self._codecs.blocks())
        ]
        self._make_writes(profile)
        self.safe: Mapping[Key, float] = {
            key: value for w in self.writes for key, value in w.codec.safe.items()
        }
        """The set-points that do no harm."""
        self.known = False
        """Whether every block has been read since the start."""
        self._make_actions(profile)
        self._trouble = NotConnected.__name__  # until it has been heard
        self._heard = False

    def _make_writes(self, profile: DeviceProfile) -> None:
        self.outcomes = outcomes()
        """What became of the set-points it was sent."""
        self.writes: list[SetPointWrite]
        self._careful: CarefulWrites | None = None
        groups = self._codecs.groups()
        if all(map(is_plain, profile.commands)):
            self.writes = [
                SetPointWrite(self, codecs, i) for i, codecs in enumerate(groups)
            ]
        else:
            careful = [
                CarefulGroup(self, codecs, i, self._exponents)
                for i, codecs in enumerate(groups)
            ]
            self.writes = [*careful]
            self._careful = CarefulWrites(self, careful)

    def _make_actions(self, profile: DeviceProfile) -> None:
        self.preparation: Preparation | None = None
        if needs_preparation(profile):
            self.preparation = Preparation(
                profile, self.party, self.telling, self._learnt
            )
        self.enabling: Enabling | None = None
        actions = profile.actions
        if actions.enable or actions.ready or actions.release:
            self.enabling = Enabling(actions, self.party, self.telling, self._forget)
        self._heartbeat: Beating | None = None
        if profile.heartbeat is not None:
            self._heartbeat = Beating(profile.heartbeat, self.party, self.telling)

    def start(self, later: Later) -> None:
        """`later(delay_s, action)` has something done in the loop after a while."""
        self.party.later = later

    @property
    def slots(self) -> list[tuple[int, BlockCodec]]:
        """Where its rows stand in the image."""
        return [(poll.slot, poll.codec) for poll in self.polls]

    @property
    def beats(self) -> bool:
        """Whether it wants to be told that control is alive."""
        return self._heartbeat is not None

    @property
    def held(self) -> str:
        """Why it is sent no set-points; "" when it is."""
        for part in (self.preparation, self.enabling):
            if part is not None and part.held:
                return self.telling.troubles.get(part.matter, "not ready yet")
        for write in self.writes:
            if write.absent:
                return write.absent
        needed = {name for write in self.writes for name in write.codec.needs}
        missing = ", ".join(sorted(needed - self._exponents.keys()))
        return f"{missing} not known" if missing else ""

    def send(
        self,
        values: Values,
        cycle: Cycle,
        *,
        expires_s: float,
        now_s: float,
    ) -> None:
        """Write the set-points, group by group, once the device takes them."""
        if self.preparation and not self.preparation.open_to_writes(now_s):
            return
        if self.enabling and not self.enabling.allows(now_s):
            return
        if self._careful is not None:
            self._careful.send(values, cycle, expires_s=expires_s, now_s=now_s)
            return
        for write in self.writes:
            if not write.absent:
                write.send(values, cycle, expires_s=expires_s, now_s=now_s)

    def send_safe(self, cycle: Cycle, *, expires_s: float, now_s: float) -> None:
        """Write the set-points that do no harm, unless it never took any from us."""
        if self.preparation and not self.preparation.open_to_writes(now_s):
            return
        if self.enabling and not self.enabling.ever:
            return
        if self._careful is not None:
            self._careful.send(
                self.safe, cycle, expires_s=expires_s, now_s=now_s, forced=True
            )
            return
        for write in self.writes:
            if not write.absent:
                write.send(self.safe, cycle, expires_s=expires_s, now_s=now_s)

    def beat(self, expires_s: float, now_s: float) -> None:
        """Tell the device that control is alive."""
        if self._heartbeat is None:
            return
        if self.preparation is None or self.preparation.open_to_writes(now_s):
            self._heartbeat.beat(now_s, expires_s)

    def release(self, ended: Callable[[], None]) -> bool:
        """Let go of it; whether there is anything to do, whose end is then told."""
        return self.enabling is not None and self.enabling.begin_release(ended)

    def failed(self, error: CommunicationError) -> None:
        trouble = type(error).__name__
        if trouble != self._trouble:
            logger.warning("%s (%s): %s", self.name, self.driver.name, error)
            if isinstance(error, _LOSSES):
                self._lost()
        self._trouble = trouble

    def answered(self) -> None:
        if self._trouble:
            level, again = (
                (logging.WARNING, " again") if self._heard else (logging.INFO, "")
            )
            logger.log(level, "%s (%s): answers%s", self.name, self.driver.name, again)
        self._trouble, self._heard = "", True

    def _lost(self) -> None:
        if self.preparation is not None:
            self.preparation.lost()
        if self.enabling is not None:
            self.enabling.lost()
        self._exponents.clear()
        self._forget()
        for poll in self.polls:
            poll.lost()

    def _forget(self) -> None:
        """What it holds is not known any more."""
        for write in self.writes:
            write.forget()

    def _learnt(self) -> None:
        """It can be understood now."""
        for poll in self.polls:
            poll.learnt()
        for write in self.writes:
            write.learnt()
        if self._heartbeat is not None:
            self._heartbeat.learnt()


class _Codecs:
    """Everything compiled, for each word order the device may tell."""

    def __init__(
        self, profile: DeviceProfile, period_s: float, rating: UnitRating | None
    ) -> None:
        self._profile = profile
        self._period_s = period_s
        self._ratings = rating_bases(rating)
        told = profile.word_order_from.among.values() if profile.word_order_from else ()
        self._orders: tuple[WordOrder, ...] = tuple(
            dict.fromkeys((profile.word_order, *told))
        )

    def blocks(self) -> list[dict[WordOrder, BlockCodec]]:
        """By word order, of each block that is read."""
        byte_order, ratings = self._profile.byte_order, self._ratings
        return [
            {
                order: BlockCodec(
                    *(block, order, self._period_s),
                    byte_order=byte_order,
                    ratings=ratings,
                )
                for order in self._orders
            }
            for block in self._profile.reads
        ]

    def groups(self) -> list[dict[WordOrder, CommandCodec]]:
        """By word order, of each group that is written."""
        byte_order, ratings = self._profile.byte_order, self._ratings
        return [
            {
                order: CommandCodec(
                    block, order, byte_order=byte_order, ratings=ratings
                )
                for order in self._orders
            }
            for block in self._profile.commands
        ]


def _in_loop(delay_s: float, action: Callable[[], None]) -> object:
    return asyncio.get_running_loop().call_later(delay_s, action)
