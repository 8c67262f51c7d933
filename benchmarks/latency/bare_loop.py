"""The same frames by a bare uvloop and struct loop: no checks, no threads, no control.

python bare_loop.py UNITS PERIOD_US SECONDS STEP_US PORT [RT_PRIORITY]; prints as bare.c.
"""

import asyncio
import os
import struct
import sys
from resource import RUSAGE_SELF, getrusage
from time import monotonic, sleep

import uvloop

READ = bytes.fromhex("0001 0000 0006 01 03 0000 0014")
WRITE = bytes.fromhex("0001 0000 000f 01 10 0064 0004 08")


class Peer(asyncio.Protocol):
    def __init__(self, collector):
        self.collector = collector
        self.data = b""

    def connection_made(self, transport):
        self.transport = transport

    def data_received(self, data):
        self.data += data
        if len(self.data) >= 6 + int.from_bytes(self.data[4:6]):
            frame, self.data = self.data, b""
            self.collector.take(self, frame)


class Collector:
    """Counts answers; the future is set when the last one is in."""

    def ask(self, peers, frame):
        self.left, self.stamp = len(peers), None
        self.future = asyncio.get_running_loop().create_future()
        for peer in peers:
            peer.transport.write(frame)
        return self.future

    def take(self, peer, frame):
        self.left -= 1
        if peer is self.meter and frame[7] == 3:
            (self.stamp,) = struct.unpack_from(">Q", frame, 9)
        if not self.left:
            self.future.set_result(None)


async def run(units, period_s, seconds, step_s, port):
    loop, collector = asyncio.get_running_loop(), Collector()
    peers = []
    for i in [-1, *range(units)]:
        at = port if i < 0 else port + 1 + i % 2
        _, peer = await loop.create_connection(lambda: Peer(collector), "127.0.0.1", at)
        peers.append(peer)
    collector.meter = peers[0]
    began = monotonic()
    tick = began + period_s
    while tick < began + seconds:
        while (left := tick - monotonic()) > 0.002:  # noqa: ASYNC110
            await asyncio.sleep(left - 0.001)
        sleep(max(0.0, tick - monotonic()))  # noqa: ASYNC251 (loop timers are coarse)
        woke = monotonic()
        await collector.ask(peers, READ)
        got, stamp = monotonic(), collector.stamp
        while monotonic() - got < step_s:
            pass
        await collector.ask(peers[1:], WRITE + struct.pack(">ii", 1000, 0))
        end = monotonic()
        figures = (woke - tick, got - woke, end - got, end - tick, end - stamp * 1e-6)
        print(" ".join(f"{1e3 * x:.4f}" for x in figures))
        while tick <= monotonic():
            tick += period_s
    for peer in peers:
        peer.transport.abort()


if __name__ == "__main__":
    units, period_us, seconds, step_us, port, *level = map(float, sys.argv[1:])
    if level and level[0]:
        try:
            os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(int(level[0])))
        except OSError as error:
            print("no real-time priority:", error, file=sys.stderr)
    before = getrusage(RUSAGE_SELF)
    uvloop.run(run(int(units), period_us * 1e-6, seconds, step_us * 1e-6, int(port)))
    after = getrusage(RUSAGE_SELF)
    cpu_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(f"cpu {100 * cpu_s / seconds:.3f}")
