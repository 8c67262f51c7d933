"""Two pseudo-terminals joined by a cable that can be cut."""

import asyncio
import os
import tty


class Line:
    def __init__(self):
        self.cut = False
        self._masters, self._slaves = zip(os.openpty(), os.openpty(), strict=True)
        for slave in self._slaves:
            tty.setraw(slave)
        self.ends = [os.ttyname(slave) for slave in self._slaves]

    def __enter__(self):
        loop = asyncio.get_running_loop()
        for this, other in (self._masters, self._masters[::-1]):
            loop.add_reader(this, self._pump, this, other)
        return self

    def _pump(self, this, other):
        data = os.read(this, 4096)
        if not self.cut:
            os.write(other, data)

    def __exit__(self, *_):
        loop = asyncio.get_running_loop()
        for end in self._masters:
            loop.remove_reader(end)
        for end in (*self._masters, *self._slaves):
            os.close(end)
