"""A unit held at set-points by a tool, as the controller would hold it."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from itertools import count, cycle
from time import monotonic
from typing import Self

from ppc.adapter.action import WriteStep
from ppc.commissioning.action import ActionFailed, performed, write_of
from ppc.commissioning.line import Line
from ppc.commissioning.subject import Subject
from ppc.commissioning.writing import safe_set_points, set_point_frame
from ppc.keys import Key

_RENEWED_S = 1.0
_RENEWED_PART = 3.0
"""Set-points are renewed three times within the watchdog."""


class NotHeld(Exception):
    """The unit did not take a set-point."""


class Holding:
    """Writes set-points until told otherwise; a context that leaves the unit safe."""

    def __init__(self, line: Line, subject: Subject) -> None:
        self._line, self._subject = line, subject
        self._values: dict[Key, float] = dict(safe_set_points(subject))
        self._renewing: list[asyncio.Task[None]] = []
        self._free = asyncio.Event()
        self.written_s = 0.0
        """When a set-point was last written."""

    async def __aenter__(self) -> Self:
        actions = self._subject.profile.actions
        for steps in (actions.on_connect, actions.enable):
            async for _ in performed(self._line, self._subject, steps):
                pass
        return self

    async def __aexit__(self, kind: type[BaseException] | None, *_: object) -> None:
        await self.let_go()
        self._values = dict(safe_set_points(self._subject))
        with suppress(NotHeld):
            await self._write()
        release = self._subject.profile.actions.release
        try:
            async for _done in performed(self._line, self._subject, release):
                pass
        except ActionFailed:
            if kind is None:  # else there is something worse to tell
                raise

    async def set(self, values: Mapping[Key, float]) -> None:
        """Hold the unit at these from now on. Raises NotHeld."""
        self._values |= values
        await self._write()
        if not self._renewing:
            self._free.clear()
            self._renewing = [asyncio.create_task(self._renew())]
            if self._subject.profile.heartbeat is not None:
                self._renewing.append(asyncio.create_task(self._beat()))

    async def let_go(self) -> None:
        """Write nothing any more: the set-point is left to itself."""
        self._free.set()  # no request is broken off: it may have been taken
        await asyncio.gather(*self._renewing, return_exceptions=True)
        self._renewing = []

    async def _write(self) -> None:
        for group in self._subject.profile.commands:
            asked = await set_point_frame(
                self._line, self._subject, group, self._values
            )
            answer = await self._line.ask(asked)
            if answer.trouble:
                raise NotHeld(f"{group.name}: {answer.trouble}")
            self.written_s = monotonic()

    async def _renew(self) -> None:
        watchdog_s = self._subject.profile.watchdog_s
        every_s = min(_RENEWED_S, (watchdog_s or _RENEWED_S) / _RENEWED_PART)
        while not await self._freed(every_s):
            with suppress(NotHeld):
                await self._write()

    async def _freed(self, within_s: float) -> bool:
        """Whether it was let go, after waiting for so long."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._free.wait(), within_s)
        return self._free.is_set()

    async def _beat(self) -> None:
        beat = self._subject.profile.heartbeat
        assert beat is not None, "the task is only begun where there is one"
        top = int(beat.type.range[1])
        values = cycle(beat.values) if beat.values else (i % (top + 1) for i in count())
        for value in values:
            step = WriteStep(
                address=beat.address,
                table=beat.table,
                type=beat.type,
                value=value,
                single=beat.single,
                sunspec=beat.sunspec,
                instance=beat.instance,
            )
            await self._line.ask(write_of(self._subject, step))
            if await self._freed(beat.every_s):
                return
