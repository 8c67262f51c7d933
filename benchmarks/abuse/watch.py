"""The well-behaved client beside an attack, and what the server's process takes."""

import json
import os
import socket
import struct
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PERIOD_S = 0.01
PATIENCE_S = 2.0


class Client:
    """Reads registers every 10 ms, and notes how long it waited."""

    def __init__(self, port, registers=100):
        self.port, self._registers = port, registers
        self._socket = socket.create_connection(("127.0.0.1", port), PATIENCE_S)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._number = 0

    def close(self):
        self._socket.close()

    def ask(self):
        """Registers from 0 on. AssertionError: no answer, or a wrong one."""
        self._number = self._number % 65535 + 1
        request = struct.pack(">HHHBBHH", self._number, 0, 6, 1, 3, 0, self._registers)
        self._socket.sendall(request)
        size, data = 9 + 2 * self._registers, b""
        while len(data) < size:
            more = self._socket.recv(size - len(data))
            assert more, "the good client was cut"
            data += more
        assert data[:2] == request[:2], "another's answer"
        assert data[7] == 3, "an exception"
        return struct.unpack(f">{self._registers}H", data[9:])

    def watch(self, going_on):
        """Latencies, in s, for as long as `going_on()`."""
        waited_s, next_s = [], time.monotonic()
        while going_on():
            began_s = time.monotonic()
            self.ask()
            waited_s.append(time.monotonic() - began_s)
            next_s = max(next_s + PERIOD_S, time.monotonic())
            time.sleep(max(0.0, next_s - time.monotonic()))
        return waited_s


def attack(name, port, *numbers):
    """An attack as a process of its own."""
    command = [sys.executable, "-m", "benchmarks.abuse.attacks", name]
    return subprocess.Popen(
        [*command, str(port), *map(str, numbers)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )


def outcome(process):
    """What an attack that is over has to say."""
    out, _ = process.communicate(timeout=120)
    assert process.returncode == 0, "the attack itself failed"
    return json.loads(out)


def rss_mb(pid):
    pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def descriptors(pid):
    return len(list(Path(f"/proc/{pid}/fd").iterdir()))
