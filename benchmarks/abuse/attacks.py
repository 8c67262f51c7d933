"""One attack on a Modbus TCP port, from many addresses of this machine.

    python -m benchmarks.abuse.attacks NAME PORT COUNT [ADDRESS]

The addresses are those of the loopback network: each is a host of its own to the server,
so that its limits per host do not save it. ADDRESS: of a register that can be written, as
a 32-bit float. Prints one JSON object: what was done, and what came of it.
"""

import asyncio
import json
import resource
import struct
import sys
from collections import Counter
from contextlib import suppress
from itertools import count

PATIENCE_S = 3.0
AT_ONCE = 20
_next_host = count()


def frame(pdu, transaction=1, unit=1, protocol=0, length=None):
    size = 1 + len(pdu) if length is None else length
    return struct.pack(">HHHB", transaction, protocol, size, unit) + pdu


READ = bytes.fromhex("03 0000 0064")
MALFORMED = [
    frame(READ, protocol=1),
    frame(READ, length=0),
    frame(READ, length=1),
    frame(READ, length=2000),
    frame(READ, length=0xFFFF),
    b"GET / HTTP/1.1\r\nHost: plant\r\n\r\n",
    bytes(64),
    b"\xff" * 300,
    frame(bytes.fromhex("03 0000")),
    frame(bytes.fromhex("03 0000 ffff")),
    frame(bytes.fromhex("10 0000 007b 02 00")),
    frame(bytes.fromhex("2b")),
    frame(bytes.fromhex("83 0000 0001")),
    frame(b"\x17" + bytes(252)),
]
"""The first eight are no Modbus and must end the connection."""
NO_MODBUS = 8


async def connected(port, host=None):
    """A connection from a host that was not used before, or from `host`."""
    number = next(_next_host) if host is None else host
    address = f"127.{1 + number // 64000}.{number // 250 % 256}.{1 + number % 250}"
    return await asyncio.open_connection("127.0.0.1", port, local_addr=(address, 0))


async def answer(reader):
    """The next answer; empty: the connection was closed. TimeoutError."""
    try:
        async with asyncio.timeout(PATIENCE_S):
            head = await reader.readexactly(7)
            return head + await reader.readexactly(int.from_bytes(head[4:6]) - 1)
    except (asyncio.IncompleteReadError, ConnectionError):
        return b""


async def malformed(port, number):
    """Frames that are wrong in fourteen ways."""
    told, numbers = Counter(), iter(range(number))

    async def work():
        for i in numbers:
            kind = i % len(MALFORMED)
            try:
                reader, writer = await connected(port)
                writer.write(MALFORMED[kind])
                got = await answer(reader)
            except TimeoutError:
                told["hung"] += 1
                continue
            except OSError:
                got = b""
            if got:
                told["wrongly answered" if kind < NO_MODBUS else "exception"] += 1
            else:
                told["closed"] += 1
            writer.transport.abort()

    await asyncio.gather(*(work() for _ in range(AT_ONCE)))
    return told


async def slow(port, number):
    """Connections that send a byte now and then."""
    told = Counter()

    async def crawl():
        with suppress(OSError):
            reader, writer = await connected(port)
            told["connected"] += 1
            for byte in frame(READ):
                writer.write(bytes((byte,)))
                await asyncio.sleep(0.5)
                if cut := reader.at_eof() or writer.transport.is_closing():
                    break
            told["cut"] += cut
            writer.transport.abort()

    async with asyncio.TaskGroup() as group:
        for i in range(number):
            group.create_task(crawl())
            if i % AT_ONCE == 0:
                await asyncio.sleep(0.01)
    return told


async def storm(port, number, address=0):
    """Writes as many as go, each second one to `address`; answers are read."""
    told = Counter()

    async def write(host):
        with suppress(OSError):
            reader, writer = await connected(port, host)
            for i in range(0, number, AT_ONCE):
                for j in range(i, i + AT_ONCE):
                    place = j % 400 if j % 2 else address
                    pdu = struct.pack(">BHHBf", 16, place, 2, 4, float(j))
                    writer.write(frame(pdu, j % 65536))
                for _ in range(AT_ONCE):
                    if not (got := await answer(reader)):
                        return
                    told["refused" if got[7] & 0x80 else "taken"] += 1
            writer.transport.abort()

    await asyncio.gather(*(write(i % 4) for i in range(AT_ONCE)))
    return told


async def fragments(port, number):
    """Right requests, cut at every byte boundary: all must be answered."""
    told, whole = Counter(), frame(READ, 7)

    async def cut(host):
        reader, writer = await connected(port, host)
        for i in range(number):
            at = 1 + i % (len(whole) - 1)
            for piece in (whole[:at], whole[at:]):
                writer.write(piece)
                await asyncio.sleep(0.002)
            got = await answer(reader)
            told["answered" if got[:2] == whole[:2] and len(got) > 200 else "not"] += 1
        writer.transport.abort()

    await asyncio.gather(*(cut(i % 4) for i in range(AT_ONCE)))
    return told


async def bursts(port, number):
    """Requests by the hundred in one segment: all must be answered, in order."""
    told = Counter()

    async def burst(host):
        reader, writer = await connected(port, host)
        for i in range(number // 100):
            first = 100 * i
            numbers = range(first, first + 100)
            writer.write(b"".join(frame(READ, n % 65536) for n in numbers))
            for n in numbers:
                got = await answer(reader)
                right = got[:2] == struct.pack(">H", n % 65536) and len(got) > 200
                told["answered" if right else "not"] += 1
        writer.transport.abort()

    await asyncio.gather(*(burst(i % 4) for i in range(AT_ONCE // 2)))
    return told


async def crowd(port, number):
    """More connections than there is room for, one request on each."""
    told, kept = Counter(), []
    for _ in range(number):
        try:
            reader, writer = await connected(port)
            writer.write(frame(READ))
            told["answered" if await answer(reader) else "refused"] += 1
            kept.append(writer)
        except TimeoutError:
            told["hung"] += 1
        except OSError:
            told["refused"] += 1
    for writer in kept:
        writer.transport.abort()
    return told


ATTACKS = {f.__name__: f for f in (malformed, slow, storm, fragments, bursts, crowd)}


def main():
    name, *numbers = sys.argv[1:]
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    print(json.dumps(asyncio.run(ATTACKS[name](*map(int, numbers)))))


if __name__ == "__main__":
    main()
