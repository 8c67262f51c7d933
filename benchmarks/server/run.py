"""Our Modbus TCP server beside pymodbus's and libmodbus's.

    python benchmarks/server.py [--rounds 9] [--seconds 2] [--clients 1 10 100]
    python benchmarks/server.py --conformance

Every client asks for 100 registers, again as soon as it is answered; all clients are one
cheap C program (benchmarks/modbus/client.c, "bare"). The servers take turns, and ratios
are taken within a round. Ours shows SCADA's station, its image made anew every 100 ms;
pymodbus's is run as its documentation has it, and on uvloop as ours is; libmodbus's
waits by epoll. Processor time is that of the server process, system calls included. With
--conformance: what each does at the edges.
"""

import argparse
import contextlib
import sys
from dataclasses import dataclass
from math import nan

from benchmarks.modbus import report
from benchmarks.modbus.field import BUILD, compile_c, cpu_s, program
from benchmarks.modbus.rounds import LIBMODBUS, interleaved, ratios, told_by, warm_s
from benchmarks.modbus.run import head, load, more_descriptors, progress

PPC, PYMODBUS, PYMODBUS_UVLOOP = "ppc", "pymodbus", "pymodbus-uvloop"
FASTER, DEARER = 4.0, 3.0
"""Goals: so many times the requests of pymodbus's server, at most so many times the
processor time of libmodbus's."""
REGISTERS = 100


@dataclass(frozen=True, slots=True)
class Served:
    """One server in one round."""

    requests_per_s: float
    cpu_us: float
    """Processor time of the server, per request."""
    failures: int


def options_of(arguments=None):
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("--clients", type=int, nargs="+", default=[1, 10, 100], metavar="N")
    add("--rounds", type=int, default=9, help="turns of each server")
    add("--seconds", type=float, default=2.0, help="of each turn")
    add("--port", type=int, default=15720, help="first of four ports")
    add("--conformance", action="store_true", help="what each does at the edges")
    return parser.parse_args(arguments)


def command(name, port):
    if name == LIBMODBUS:
        return [BUILD / "field", port]
    return [sys.executable, "-m", "benchmarks.server.hosts", name, port]


@contextlib.contextmanager
def servers(names, first_port):
    """Those servers, each on a port of its own: process and port by name."""
    with contextlib.ExitStack() as stack:
        found = {}
        for port, name in enumerate(names, first_port):
            process, _ = stack.enter_context(program(*command(name, port)))
            found[name] = process, port
        yield found


def turn(process, port, clients, seconds):
    """Let the clients ask one server; None: they failed."""
    before_s = cpu_s(process)
    args = ["bare", port, clients, seconds, REGISTERS]
    told = told_by([BUILD / "client", *map(str, args)], seconds)
    if told is None:
        return None
    answered = told["requests"]
    part = told["wall_s"] / (told["wall_s"] + warm_s(seconds))
    return Served(
        requests_per_s=answered / told["wall_s"],
        cpu_us=1e6 * part * (cpu_s(process) - before_s) / answered if answered else nan,
        failures=told["failures"],
    )


def measure(options, clients):
    names = [LIBMODBUS, PPC, PYMODBUS, PYMODBUS_UVLOOP]
    with servers(names, options.port) as found:

        def run(name):
            return turn(*found[name], clients, options.seconds)

        def tell(text):
            progress(f"{clients} clients, {text}")

        return interleaved(names, options.rounds, run, tell)


def show(clients, turns):
    print(f"\n== {clients} clients, {REGISTERS} registers; median (p10 to p90)")
    print(
        f"   {'':15} {'requests/s':>25} {'to pymodbus':>20} "
        f"{'CPU us/request':>21} {'to libmodbus':>20} {'failed':>6}"
    )
    for name, rounds in turns.items():
        rate = report.spread([t.requests_per_s for t in rounds], 0)
        faster = report.spread(ratios(turns, name, PYMODBUS, "requests_per_s"), 2)
        cpu = report.spread([t.cpu_us for t in rounds], 1)
        dearer = report.spread(ratios(turns, name, LIBMODBUS, "cpu_us"), 2)
        failed = sum(t.failures for t in rounds)
        print(
            f"   {name:15} {rate:>25} {faster:>20} {cpu:>21} {dearer:>20} {failed:>6}",
            flush=True,
        )


def judge(measured):
    print(f"\n== goals ({load()})")
    for clients, turns in measured.items():
        report.verdict(
            f"{clients} clients, requests/s / pymodbus's, {FASTER:g} or more",
            ratios(turns, PPC, PYMODBUS, "requests_per_s"),
            lambda ratio: ratio >= FASTER,
            2,
        )
        report.verdict(
            f"{clients} clients, CPU per request of pymodbus-uvloop / ours, {FASTER:g} or more",
            ratios(turns, PYMODBUS_UVLOOP, PPC, "cpu_us"),
            lambda ratio: ratio >= FASTER,
            2,
        )
        report.verdict(
            f"{clients} clients, CPU per request / libmodbus's, {DEARER:g} or less",
            ratios(turns, PPC, LIBMODBUS, "cpu_us"),
            lambda ratio: ratio <= DEARER,
            2,
        )


def conformance(options):
    from tests.communication.server.conformance import CHECKS, outcomes

    names = ["strict", PYMODBUS, LIBMODBUS]
    told = {}
    with servers(names, options.port) as found:
        for name, (_, port) in found.items():
            progress(f"conformance: {name}")
            told[name] = outcomes(port)
    print("| | right | ppc | pymodbus | libmodbus |\n|---|---|---|---|---|")
    for name, (_, right) in CHECKS.items():
        cells = [
            each[name] if each[name] == right else f"**{each[name]}**"
            for each in told.values()
        ]
        print(f"| {name} | {right} | {' | '.join(cells)} |")
    return 0 if all(told["strict"][n] == r for n, (_, r) in CHECKS.items()) else 1


def main(arguments=None):
    options = options_of(arguments)
    if why := compile_c():
        print(f"Nothing to measure against: {why}")
        return 1
    more_descriptors()
    head()
    if options.conformance:
        return conformance(options)
    measured = {}
    for clients in options.clients:
        measured[clients] = measure(options, clients)
        show(clients, measured[clients])
    judge(measured)
    return 0
