"""The SCADA port of a running plant under abuse, a well-behaved client beside it.

    python benchmarks/abuse.py [--scale 1.0]

`ppc run` with its simulated devices, as tests have it; the port has the limits that it
has by itself. The good client reads 100 registers every 10 ms from one address, attacks
come from hundreds of others, each in a process of its own. For each attack: what came of
it, how long the good client waited, memory of the server, what it logged, and how many
control cycles were missed; first all of it without an attack. Goals: p99 below 10 ms,
memory bounded, less than 1 MB of log, not a cycle more missed, and afterwards a new
client is answered.
"""

import argparse
import os
import resource
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.abuse.watch import Client, attack, descriptors, outcome, rss_mb
from benchmarks.modbus.rounds import quantile
from benchmarks.modbus.run import load
from tests.rig import Rig, write_plant

ATTACKS = {
    "malformed": 10_000,
    "slow": 2_000,
    "storm": 2_000,
    "fragments": 440,
    "bursts": 2_000,
    "crowd": 100,
}
"""How many frames, connections, or requests of each connection."""
P99_MS, LOG_BYTES, MORE_MB = 10.0, 1_000_000, 32.0
SPARE = 4
"""Descriptors left to the server where they are to run out."""
CALM_S = 10.0


class Watched:
    """The plant, and what is seen of it from outside."""

    def __init__(self, rig, log):
        self.rig, self._log = rig, log
        self.pid = rig.process.pid
        self.client = Client(rig.scada_port)
        self.failures = []

    def figures(self):
        missed = self.rig.scada.read("cycles_missed_count")
        return rss_mb(self.pid), self._log.stat().st_size, missed

    def during(self, name, going_on, told=lambda: ""):
        """One line of the table."""
        before_mb, before_bytes, before_missed = self.figures()
        waited_s = self.client.watch(going_on)
        came = told()
        after_mb, after_bytes, after_missed = self.figures()
        p50, p99, top = (1e3 * quantile(waited_s, part) for part in (0.5, 0.99, 1.0))
        more_mb, more_bytes = after_mb - before_mb, after_bytes - before_bytes
        missed = after_missed - before_missed
        print(
            f"| {name} | {came} | {len(waited_s)} | {p50:.2f} | {p99:.2f} | {top:.1f} "
            f"| {after_mb:.0f} ({more_mb:+.1f}) | {more_bytes} | {missed:.0f} |",
            flush=True,
        )
        for what, holds in (
            (f"p99 {p99:.1f} ms", p99 < P99_MS),
            (f"{more_mb:.0f} MB more", more_mb < MORE_MB),
            (f"{more_bytes} bytes of log", more_bytes < LOG_BYTES),
            (f"{missed:.0f} cycles missed", missed == 0),
        ):
            if not holds:
                self.failures.append(f"{name}: {what}")

    def suffer(self, name, number):
        where = [self.rig.registers["p_set_w"][0]] if name == "storm" else []
        process = attack(name, self.rig.scada_port, number, *where)
        said = {}

        def told():
            said.update(outcome(process))
            return ", ".join(f"{what} {many}" for what, many in sorted(said.items()))

        self.during(f"{name} {number}", lambda: process.poll() is None, told)
        for wrong in ("hung", "wrongly answered", "not"):
            if said.get(wrong):
                self.failures.append(f"{name}: {said[wrong]} {wrong}")
        self.recover(name)

    def recover(self, name):
        """A new client, as soon as what is overdue is cut."""
        time.sleep(3.0)
        try:
            new = Client(self.rig.scada_port)
            new.ask()
            new.close()
        except (AssertionError, OSError) as error:
            self.failures.append(f"{name}: afterwards a new client: {error}")

    def exhaust(self, number):
        """The crowd, when the server has hardly a descriptor left."""
        limits = resource.prlimit(self.pid, resource.RLIMIT_NOFILE)
        most = descriptors(self.pid) + SPARE
        resource.prlimit(self.pid, resource.RLIMIT_NOFILE, (most, limits[1]))
        try:
            self.suffer("crowd", number)
        finally:
            resource.prlimit(self.pid, resource.RLIMIT_NOFILE, limits)
        self.recover("descriptors given back")


def main(arguments=None):
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--scale", type=float, default=1.0, help="of every attack")
    options = parser.parse_args(arguments)
    print(f"{os.cpu_count()} cores, {load()}, CPython {sys.version.split()[0]}\n")
    print(
        "| attack | came of it | asked | p50 ms | p99 ms | max ms | MB | log bytes "
        "| cycles missed |\n|---|---|---|---|---|---|---|---|---|"
    )
    with tempfile.TemporaryDirectory() as folder:  # noqa: SIM117
        with Rig(write_plant(Path(folder) / "plant"), Path(folder) / "db") as rig:
            watched = Watched(rig, Path(folder) / "log.txt")
            end_s = time.monotonic() + CALM_S * min(1.0, options.scale)
            watched.during("none", lambda: time.monotonic() < end_s)
            for name, number in ATTACKS.items():
                watched.suffer(name, max(22, int(options.scale * number)))
            print("\nWith hardly a descriptor left:\n", flush=True)
            watched.exhaust(ATTACKS["crowd"])
            watched.client.close()
    print(f"\n{load()}")
    for failure in watched.failures:
        print(f"MISSED {failure}")
    return 1 if watched.failures else 0
