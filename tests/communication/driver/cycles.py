"""Eight units of a bus, all asked in cycles."""

import asyncio
import time
from collections import defaultdict

from ppc.communication.driver.base import Exchange, Function, Priority

UNITS = range(1, 9)


def read(station=1, count=4, priority=Priority.FAST, **changes):
    return Exchange(station, Function.READ_HOLDING, 7, count, priority, **changes)


class Cycles:
    """Units that are all asked in cycles: who answered when, in what time."""

    def __init__(self, driver):
        self.driver = driver
        self.answers = defaultdict(list)
        self.errors = defaultdict(list)
        self.cycles_s = []

    async def run(self, for_s):
        until_s = time.monotonic() + for_s
        reads = [read(unit, done=self._done(unit)) for unit in UNITS]
        while time.monotonic() < until_s:
            began_s, self._open, self._all = (
                time.monotonic(),
                len(UNITS),
                asyncio.Event(),
            )
            for exchange in reads:
                self.driver.submit(exchange)
            await self._all.wait()
            self.cycles_s.append(time.monotonic() - began_s)
            await asyncio.sleep(0.005)

    def _done(self, unit):
        def done(reply):
            kept = self.answers if isinstance(reply, bytes) else self.errors
            kept[unit].append(reply)
            self._open -= 1
            if not self._open:
                self._all.set()

        return done
