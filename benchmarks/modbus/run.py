"""Our Modbus drivers beside bare pymodbus, pyModbusTCP, and libmodbus in C.

    python benchmarks/modbus.py [--parts tcp rtu polling] [--rounds 9] [--seconds 2]

The other side is always a C program on libmodbus. TCP: one FC3 of 20 registers, asked
again as soon as it is answered, one request in flight on each connection; the peers take
turns, and ratios are taken within a round. RTU: the same on a pseudo-terminal, which has
no baud rate; our driver without and with the silence that a real line needs. Polling: a
whole `Aggregation`, 1000 units at 1 Hz and 100 at 10 Hz. Processor time is that of the
client process, system calls included.
"""

import argparse
import os
import platform
import resource
import sys
from pathlib import Path

from benchmarks.modbus import report
from benchmarks.modbus.field import (
    BUILD,
    compile_c,
    fields,
    installed,
    libmodbus_version,
    program,
)
from benchmarks.modbus.peers import keeps_silence
from benchmarks.modbus.rounds import (
    BARE,
    LIBMODBUS,
    SILENT,
    command_of,
    interleaved,
    told_by,
    turn,
)

POLLED = ((1000, 1.0), (100, 0.1))
JUDGED = (100, 0.1)
MOST_CONNECTIONS = 1000
"""libmodbus waits by select(), which ends at descriptor 1023."""
PACKAGES = ("pymodbus", "pyModbusTCP")


def options_of(arguments=None):
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    parts = ["tcp", "rtu", "polling"]
    add("--parts", nargs="+", choices=parts, default=parts)
    add("--connections", type=int, nargs="+", default=[1, 10, 100], metavar="N")
    add("--rounds", type=int, default=9, help="turns of each peer")
    add("--seconds", type=float, default=2.0, help="of each turn")
    add("--registers", type=int, default=20, help="of one request")
    add(
        "--baudrate", type=int, default=115200, help="what a driver is told of the line"
    )
    add("--polling-rounds", type=int, default=3, help="of each number of units")
    add("--polling-seconds", type=float, default=30.0, help="of each such round")
    add("--port", type=int, default=15700, help="first of ten ports")
    options = parser.parse_args(arguments)
    if max(options.connections) > MOST_CONNECTIONS or min(options.connections) < 1:
        parser.error(f"connections: from 1 to {MOST_CONNECTIONS}")
    return options


def progress(text):
    print(text, file=sys.stderr, flush=True)


def peers_of(wire):
    """Who takes part; who is missing is named."""
    peers = [LIBMODBUS, "ppc"]
    if wire == "tcp":
        peers.insert(1, BARE)
    elif keeps_silence():
        peers.append(SILENT)
    for package in PACKAGES if wire == "tcp" else PACKAGES[:1]:
        if installed(package):
            peers.append(package)
        else:
            print(f"   {package} is not installed: left out")
    return peers


def head():
    processor = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text(encoding="ascii").splitlines()
            if line.startswith("model name")
        ),
        platform.machine(),
    )
    packages = ", ".join(f"{p} {installed(p) or '-'}" for p in ("uvloop", *PACKAGES))
    print(f"{processor}, {os.cpu_count()} cores, {load()}", flush=True)
    print(
        f"{platform.platform()}, CPython {platform.python_version()}, {packages}, "
        f"libmodbus {libmodbus_version()}"
    )


def load():
    return "load " + " ".join(f"{value:.1f}" for value in os.getloadavg())


def measure_tcp(options, connections):
    peers = peers_of("tcp")
    with fields(options.port, 1) as (server,):

        def run(peer):
            seconds, registers = options.seconds, options.registers
            command = command_of(
                peer, "tcp", options.port, connections, seconds, registers
            )
            return turn(command, server, seconds)

        def tell(text):
            progress(f"TCP, {connections} connections, {text}")

        return interleaved(peers, options.rounds, run, tell)


def measure_rtu(options):
    peers = peers_of("rtu")
    with program(BUILD / "line") as (server, terminal):

        def run(peer):
            seconds, registers = options.seconds, options.registers
            command = command_of(
                peer, "rtu", terminal, options.baudrate, seconds, registers
            )
            return turn(command, server, seconds)

        return interleaved(
            peers, options.rounds, run, lambda text: progress(f"RTU, {text}")
        )


def measure_polling(options, units, period_s):
    args = [units, period_s, options.polling_seconds, options.port]
    command = [sys.executable, "-m", "benchmarks.modbus.polling", *map(str, args)]
    runs = []
    with fields(options.port, units + 1):
        for i in range(options.polling_rounds):
            progress(f"polling of {units} units, round {i + 1}")
            runs.append(told_by(command, options.polling_seconds))
    return [run for run in runs if run is not None]


def more_descriptors():
    """A descriptor for each connection, as many as this user may have."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def main(arguments=None):
    options = options_of(arguments)
    if why := compile_c():
        print(f"Nothing to measure against: {why}")
        return 1
    more_descriptors()
    head()
    tcp, rtu, polling = {}, {}, {}
    if "tcp" in options.parts:
        for connections in options.connections:
            turns = tcp[connections] = measure_tcp(options, connections)
            report.throughput(f"TCP, connections: {connections}", turns, LIBMODBUS)
    if "rtu" in options.parts:
        rtu = measure_rtu(options)
        report.throughput("RTU on a pseudo-terminal", rtu, "pymodbus")
    if "polling" in options.parts:
        for units, period_s in POLLED:
            runs = polling[units, period_s] = measure_polling(options, units, period_s)
            report.polled(named(units, period_s), runs)
    judge(tcp, rtu, polling)
    return 0


def judge(tcp, rtu, polling):
    print(f"\n== goals ({load()})")
    report.tcp_verdicts(tcp)
    if rtu:
        report.rtu_verdicts(rtu)
    for (units, period_s), runs in polling.items():
        judged = (units, period_s) == JUDGED
        report.polling_verdicts(named(units, period_s), runs, judged=judged)


def named(units, period_s):
    return f"{units} units at {1.0 / period_s:g} Hz"


if __name__ == "__main__":
    sys.exit(main())
