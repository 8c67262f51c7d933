"""All exchange with the field: the newest row of every block, and the rounds.

Lives in the event loop. It owns no clock: the control thread says when to read and
when to write. Slow blocks are polled between the last write and the next read.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from threading import Event
from types import MappingProxyType

from ppc.adapter.codec import Row
from ppc.application.block_poll import BlockPoll
from ppc.application.clock import next_deadline
from ppc.application.cycle import Cycle
from ppc.application.device import FieldDevice
from ppc.application.lead import Lead
from ppc.datamodel.command import Command
from ppc.keys import Key

logger = logging.getLogger(__name__)

_SLOW_AT = 0.25
"""Part of the period after the tick at which slow blocks are polled."""
_RELEASE_S = 5.0
"""Most time that units get to be released."""
_PATIENCE_S = 3.0
"""After this time from the start, who has not answered is named."""


class Aggregation:
    """The field as the control thread sees it: rows in, commands out."""

    def __init__(
        self,
        meter: FieldDevice,
        units: Sequence[FieldDevice],
        period_s: float,
        now_s: Callable[[], float],
        *,
        second: FieldDevice | None = None,
        batteries: Mapping[str, FieldDevice] = MappingProxyType({}),
    ) -> None:
        """`second`: a meter that stands in for the first; nobody waits for it.

        `batteries`: the BMS of each unit that has one beside it, by the unit's name.
        """
        spares = () if second is None else (second,)
        read = (*units, *batteries.values())
        devices = (meter, *spares, *read)
        self.meter, self.second, self.units = meter, second, tuple(units)
        self.devices, self.batteries = devices, batteries
        self.rows: list[Row | None] = [None] * sum(len(d.polls) for d in devices)
        self.meter_fresh = Event()
        """Set when the meter has answered the last question."""
        self.units_lead = Lead(0.2 * period_s, most_s=0.6 * period_s)
        self.meter_lead = Lead(0.1 * period_s, most_s=0.2 * period_s)
        self._period_s = period_s
        self._now_s = now_s
        self._fast_units = [p for d in read for p in d.polls if p.every_s is None]
        self._fast_meter = [p for p in meter.polls if p.every_s is None]
        self._fast_second = [p for d in spares for p in d.polls if p.every_s is None]
        self._slow = [p for d in devices for p in d.polls if p.every_s is not None]
        self._beating = [d for d in devices if d.beats]
        self._left = [0]
        self._meter_asked_s = 0.0
        self._later: Callable[[float, Callable[[], None]], object] | None = None

    def start(self, later: Callable[[float, Callable[[], None]], object]) -> None:
        """Open the connections, in the background.

        `later(delay_s, action)` has something done in the loop after a while.
        """
        self._later = later
        later(_PATIENCE_S, self._report_silent)
        for device in self.devices:
            device.start(later)
        for driver in {device.driver for device in self.devices}:
            driver.start()

    async def close(self) -> None:
        for driver in {device.driver for device in self.devices}:
            await driver.close()

    def read_units(self, asked_s: float) -> None:
        """Ask all units at once, and those that tell of their batteries."""
        silent = self._left[0]  # of the round before
        left = self._left = [len(self._fast_units)]

        def came(poll: BlockPoll, row: Row) -> None:
            self.rows[poll.slot] = row
            left[0] -= 1
            if left[0] == silent:  # who was silent last time teaches nothing
                self.units_lead.learn(self._now_s() - asked_s)

        for poll in self._fast_units:
            poll.ask(asked_s, came)

    def read_meter(self, asked_s: float) -> None:
        """Ask the meters; `meter_fresh` tells when the first has answered."""
        self._meter_asked_s = asked_s
        for poll in self._fast_meter:
            poll.ask(asked_s, self._meter_came)
        for poll in self._fast_second:
            poll.ask(asked_s, self._keep)

    def write(
        self, commands: Sequence[Command], cycle: Cycle, expires_s: float
    ) -> None:
        """Send every unit its set-points; `cycle` counts the acknowledgements."""
        now_s = self._now_s()
        cycle.expires_s = expires_s
        for device in self._beating:
            device.beat(expires_s, now_s)
        by_name = {command.device: command for command in commands}
        for unit in self.units:
            if self._heard(unit):
                command = by_name[unit.name]
                wanted = {
                    Key.P_SET_W: command.p_set_w,
                    Key.Q_SET_VAR: command.q_set_var,
                }
                unit.send(wanted, cycle, expires_s=expires_s, now_s=now_s)
        if self._slow and self._later:
            self._later(_SLOW_AT * self._period_s, self._poll_slow)

    async def write_safe(self, wait_s: float) -> int:
        """Leave every unit at its safe set-points; how many did not acknowledge."""
        now_s = self._now_s()
        cycle = Cycle(now_s, now_s)
        for unit in self.units:
            if self._heard(unit):
                unit.send_safe(cycle, expires_s=now_s + wait_s, now_s=now_s)
        await self._until(lambda: cycle.complete, wait_s)
        await self._release(_RELEASE_S)
        return cycle.expected_count - cycle.acknowledged_count

    async def _release(self, wait_s: float) -> None:
        """Let go of the units that were switched on."""
        under_way = [0]

        def released() -> None:
            under_way[0] -= 1

        for unit in self.units:
            under_way[0] += 1
            if not unit.release(released):
                under_way[0] -= 1
        await self._until(lambda: not under_way[0], wait_s)

    async def _until(self, done: Callable[[], bool], wait_s: float) -> None:
        until_s = self._now_s() + wait_s
        while not done() and self._now_s() < until_s:  # noqa: ASYNC110
            await asyncio.sleep(0.01)

    def _poll_slow(self) -> None:
        now_s = self._now_s()
        for poll in self._slow:
            if poll.due_s <= now_s:
                poll.due_s, _ = next_deadline(poll.due_s, poll.every_s or 1.0, now_s)
                poll.ask(now_s, self._keep)

    def _meter_came(self, poll: BlockPoll, row: Row) -> None:
        self.rows[poll.slot] = row
        self.meter_lead.learn(self._now_s() - row.time_s)
        news = (self.rows[p.slot] for p in self._fast_meter)
        if all(r is not None and r.time_s >= self._meter_asked_s for r in news):
            self.meter_fresh.set()

    def _keep(self, poll: BlockPoll, row: Row) -> None:
        self.rows[poll.slot] = row

    def _report_silent(self) -> None:
        for device in self.devices:
            if all(self.rows[p.slot] is None for p in device.polls):
                logger.warning(
                    "%s (%s): has not answered yet", device.name, device.driver.name
                )

    def _heard(self, unit: FieldDevice) -> bool:
        """Whether all of it, and of its battery, has been read: before that we do not
        know what it does.
        """
        bms = self.batteries.get(unit.name)
        return self._known(unit) and (bms is None or self._known(bms))

    def _known(self, unit: FieldDevice) -> bool:
        if not unit.known:
            rows = [self.rows[poll.slot] for poll in unit.polls]
            unit.known = all(row is not None for row in rows) and not all(
                row is not None and row.empty for row in rows
            )
        return unit.known
