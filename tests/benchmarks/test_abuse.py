"""The attacks of benchmarks/abuse.py in little: limits hold, the good are served."""

import subprocess
import sys

from pytest import fixture

from benchmarks.abuse.watch import Client, attack, outcome, rss_mb
from tests.rig import ROOT, free_ports

SERVER = sys.executable, "-m", "benchmarks.server.hosts", "strict"


class Besieged:
    """Our server with the limits it has by itself, as a process; its log in a file."""

    def __init__(self, log):
        (self.port,) = free_ports(1)
        self._log = log
        with log.open("w") as file:
            self.process = subprocess.Popen(
                [*SERVER, str(self.port)],
                cwd=ROOT,
                stdout=subprocess.PIPE,
                stderr=file,
                text=True,
            )
        assert self.process.stdout.readline() == "up\n"
        self.good = Client(self.port)

    def suffer(self, name, *numbers):
        """What came of an attack; the good client asks all the time."""
        process = attack(name, self.port, *numbers)
        waited_s = self.good.watch(lambda: process.poll() is None)
        assert len(waited_s) > 5
        return outcome(process)

    @property
    def lines(self):
        return self._log.read_text().splitlines()

    def close(self):
        self.good.close()
        self.process.terminate()
        self.process.wait()
        self.process.stdout.close()


@fixture(name="besieged")
def _besieged(tmp_path):
    besieged = Besieged(tmp_path / "log.txt")
    yield besieged
    besieged.close()


def test_what_is_malformed_is_closed_or_refused(besieged):
    told = besieged.suffer("malformed", 700)
    assert set(told) == {"closed", "exception"}
    assert told["closed"] + told["exception"] == 700
    assert 100 < told["exception"] <= 300  # some may have found no room
    assert len(besieged.lines) <= 2


def test_who_dawdles_is_cut_and_there_is_never_more_than_the_room(besieged):
    told = besieged.suffer("slow", 120)
    assert told["connected"] == told["cut"] == 120
    assert len(besieged.lines) <= 3
    besieged.suffer("crowd", 3)  # there is room again


def test_storms_fragments_and_bursts_are_answered_and_take_no_memory(besieged):
    before_mb = rss_mb(besieged.process.pid)
    told = besieged.suffer("storm", 400, 0)
    assert told["taken"] + told["refused"] == 8000
    assert min(told.values()) > 1000
    assert besieged.suffer("fragments", 22) == {"answered": 440}
    assert besieged.suffer("bursts", 400) == {"answered": 4000}
    assert rss_mb(besieged.process.pid) - before_mb < 16
    assert besieged.lines == []


def test_a_crowd_finds_as_much_room_as_there_is(besieged):
    told = besieged.suffer("crowd", 60)
    assert told == {"answered": 31, "refused": 29}
    assert len(besieged.lines) == 1
