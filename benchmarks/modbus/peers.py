"""One peer asks, as fast as it is answered, one request in flight on each connection.

    python -m benchmarks.modbus.peers PEER tcp PORT CONNECTIONS SECONDS REGISTERS
    python -m benchmarks.modbus.peers PEER rtu TERMINAL BAUDRATE SECONDS REGISTERS

Prints one JSON object. All asyncio peers run on uvloop, as the controller does; each
ends up with the registers as numbers.
"""

import asyncio
import json
import struct
import sys
import threading
import time
from dataclasses import fields
from resource import RUSAGE_SELF, getrusage

import uvloop

from benchmarks.modbus.rounds import SILENT, warm_s
from ppc.communication.driver import DRIVERS
from ppc.communication.driver.base import Exchange, Function

TIMEOUT_S = 1.0


class Tally:
    """What was answered, and the processor time it took."""

    def __init__(self):
        self.answered = self.failed = 0
        self.over = False

    def begin(self):
        self.answered = self.failed = 0
        self.began_s, self.busy_s = time.monotonic(), cpu_s()

    def end(self):
        self.figures = {
            "requests": self.answered,
            "failures": self.failed,
            "wall_s": time.monotonic() - self.began_s,
            "cpu_s": cpu_s() - self.busy_s,
        }
        self.over = True


def cpu_s():
    usage = getrusage(RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


class Asker:
    """Asks one of our drivers again as soon as it has answered."""

    def __init__(self, driver, tally, registers):
        self.driver, self.tally = driver, tally
        self.unpack = struct.Struct(f">{registers}H").unpack
        self.exchange = Exchange(1, Function.READ_HOLDING, 0, registers, done=self.done)

    def ask(self):
        self.driver.submit(self.exchange)

    def done(self, reply):
        tally = self.tally
        if isinstance(reply, bytes):
            self.unpack(reply)
            tally.answered += 1
            if not tally.over:
                self.driver.submit(self.exchange)
            return
        tally.failed += 1
        if not tally.over:
            asyncio.get_running_loop().call_later(0.05, self.ask)


async def ours(kind, settings, count, seconds, registers):
    tally, driver = Tally(), DRIVERS[kind]
    drivers = [driver(driver.Settings(**settings)) for _ in range(count)]
    for each in drivers:
        each.start()
    async with asyncio.timeout(10.0):
        while not all(each.connected for each in drivers):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    for each in drivers:
        Asker(each, tally, registers).ask()
    await count_for(seconds, tally)
    for each in drivers:
        await each.close()
    return tally.figures


async def count_for(seconds, tally):
    await asyncio.sleep(warm_s(seconds))
    tally.begin()
    await asyncio.sleep(seconds)
    tally.end()
    await asyncio.sleep(0.05)  # what is under way comes back


async def bare_pymodbus(make, count, seconds, registers):
    tally, clients = Tally(), [make() for _ in range(count)]

    async def keep_asking(client):
        while not tally.over:
            answer = await client.read_holding_registers(
                0, count=registers, device_id=1
            )
            if answer.isError() or len(answer.registers) != registers:
                tally.failed += 1
            else:
                tally.answered += 1

    for client in clients:
        if not await client.connect():
            sys.exit("pymodbus could not connect")
    tasks = [asyncio.ensure_future(keep_asking(client)) for client in clients]
    await count_for(seconds, tally)
    await asyncio.gather(*tasks)
    for client in clients:
        client.close()
    return tally.figures


def tcp_by_pymodbus(port, count, seconds, registers):
    from pymodbus.client import AsyncModbusTcpClient

    def make():
        return AsyncModbusTcpClient(
            "127.0.0.1", port=port, timeout=TIMEOUT_S, retries=0
        )

    return uvloop.run(bare_pymodbus(make, count, seconds, registers))


def rtu_by_pymodbus(terminal, baudrate, seconds, registers):
    from pymodbus.client import AsyncModbusSerialClient

    def make():
        return AsyncModbusSerialClient(
            terminal, baudrate=baudrate, timeout=TIMEOUT_S, retries=0
        )

    return uvloop.run(bare_pymodbus(make, 1, seconds, registers))


def tcp_by_ours(port, count, seconds, registers):
    settings = {"host": "127.0.0.1", "port": port, "timeout_s": TIMEOUT_S}
    return uvloop.run(ours("modbus_tcp", settings, count, seconds, registers))


def rtu_by_ours(terminal, baudrate, seconds, registers, **gap):
    settings = {
        "device": terminal,
        "baudrate": baudrate,
        "parity": "N",
        "timeout_s": TIMEOUT_S,
    }
    return uvloop.run(ours("modbus_rtu", settings | gap, 1, seconds, registers))


def rtu_without_silence(*args):
    """On equal terms: nobody else keeps the 3.5 characters between two frames."""
    gap = {"request_gap_s": 0.0} if keeps_silence() else {}
    return rtu_by_ours(*args, **gap)


def keeps_silence():
    """Whether our driver can be told how long to be silent."""
    return "request_gap_s" in {f.name for f in fields(DRIVERS["modbus_rtu"].Settings)}


def tcp_by_pymodbustcp(port, count, seconds, registers):
    """It blocks: a thread for each connection, with a tally of its own."""
    from pyModbusTCP.client import ModbusClient

    tally, counts = Tally(), [[0, 0] for _ in range(count)]

    def keep_asking(mine):
        client = ModbusClient("127.0.0.1", port, unit_id=1, timeout=TIMEOUT_S)
        client.open()
        while not tally.over:
            answer = client.read_holding_registers(0, registers)
            mine[0 if answer and len(answer) == registers else 1] += 1
        client.close()

    threads = [threading.Thread(target=keep_asking, args=(mine,)) for mine in counts]
    for thread in threads:
        thread.start()
    time.sleep(warm_s(seconds))
    tally.begin()
    before = [sum(column) for column in zip(*counts, strict=True)]
    time.sleep(seconds)
    after = [sum(column) for column in zip(*counts, strict=True)]
    tally.answered, tally.failed = (b - a for a, b in zip(before, after, strict=True))
    tally.end()
    for thread in threads:
        thread.join()
    return tally.figures


PEERS = {
    ("ppc", "tcp"): tcp_by_ours,
    ("pymodbus", "tcp"): tcp_by_pymodbus,
    ("pyModbusTCP", "tcp"): tcp_by_pymodbustcp,
    ("ppc", "rtu"): rtu_without_silence,
    (SILENT, "rtu"): rtu_by_ours,
    ("pymodbus", "rtu"): rtu_by_pymodbus,
}


def main():
    peer, wire, at, number, seconds, registers = sys.argv[1:]
    place = int(at) if wire == "tcp" else at
    figures = PEERS[peer, wire](place, int(number), float(seconds), int(registers))
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
