"""Rounds in which every peer has its turn, and what they come to."""

import json
import subprocess
import sys
from dataclasses import dataclass
from math import nan
from pathlib import Path

from benchmarks.modbus.field import BUILD, ROOT, cpu_s

LIBMODBUS = "libmodbus (C)"
BARE = "bare sockets (C)"
"""The floor: one send() and one recv() for a request."""
SILENT = "ppc, 3.5 char"
"""Our driver as it is by default on a serial line: silent between two frames."""
BESIDE_S = 30.0
"""More than a peer may take beyond its time."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One peer in one round."""

    requests_per_s: float
    cpu_us: float
    """Processor time of the client, per request."""
    failures: int
    server_percent: float
    """Of a core: near 100 the server is the limit."""


def command_of(peer, wire, place, number, seconds, registers):
    args = [str(place), str(number), str(seconds), str(registers)]
    if peer in (LIBMODBUS, BARE):
        return [BUILD / "client", "bare" if peer == BARE else wire, *args]
    return [sys.executable, "-m", "benchmarks.modbus.peers", peer, wire, *args]


def warm_s(seconds):
    """What comes before the turn counts, in client.c as well."""
    return min(0.3, seconds / 5)


def told_by(command, seconds):
    """The figures a program prints when it ends; None: it failed, and said why."""
    try:
        done = subprocess.run(
            command,
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
            timeout=seconds + BESIDE_S,
        )
        return json.loads(done.stdout.splitlines()[-1])
    except (subprocess.SubprocessError, ValueError, IndexError) as error:
        print(f"{Path(str(command[0])).name}: {error}", file=sys.stderr)
        return None


def turn(command, server, seconds):
    """Let a peer have its turn; None: it failed."""
    before_s = cpu_s(server)
    if (told := told_by(command, seconds)) is None:
        return None
    server_s = cpu_s(server) - before_s
    answered = told["requests"]
    return Turn(
        requests_per_s=answered / told["wall_s"],
        cpu_us=1e6 * told["cpu_s"] / answered if answered else nan,
        failures=told["failures"],
        server_percent=100.0 * server_s / (told["wall_s"] + warm_s(seconds)),
    )


def interleaved(peers, rounds, run, tell):
    """`rounds` turns of each of `peers`, each round begun by another one.

    A peer that fails has no more turns, and those it had do not count. Returns the
    turns of each peer, one per round.
    """
    turns, failed = {peer: [] for peer in peers}, set()
    for i in range(rounds):
        shift = i % len(peers)
        for peer in (*peers[shift:], *peers[:shift]):
            if peer in failed:
                continue
            tell(f"round {i + 1} of {rounds}: {peer}")
            if (figures := run(peer)) is None:
                failed.add(peer)
            else:
                turns[peer].append(figures)
    return {peer: [] if peer in failed else own for peer, own in turns.items()}


def quantile(values, part):
    ordered = sorted(values)
    if not ordered:
        return nan
    return ordered[round(part * (len(ordered) - 1))]


def ratios(turns, peer, other, figure):
    """Of one figure, round by round: what slows both down in a round cancels."""
    pairs = zip(turns.get(peer, ()), turns.get(other, ()), strict=False)
    return [getattr(a, figure) / getattr(b, figure) for a, b in pairs]
