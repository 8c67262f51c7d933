"""benchmarks/modbus.py: that it ends well, not how fast anything is."""

import re
import shutil
import subprocess
import sys
from math import nan
from pathlib import Path

from pytest import approx, mark

from benchmarks.modbus import report, run
from benchmarks.modbus.peers import keeps_silence
from benchmarks.modbus.rounds import LIBMODBUS, SILENT, Turn, interleaved, ratios
from tests.rig import ROOT, free_ports

HEADER = Path("/usr/include/modbus/modbus.h")
C_IS_HERE = bool(shutil.which("cc")) and HEADER.exists()


def benchmark(*arguments):
    program = ROOT / "benchmarks" / "modbus.py"
    return subprocess.run(
        [sys.executable, program, *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@mark.skipif(not C_IS_HERE, reason="libmodbus or a C compiler is not installed")
def test_a_second_of_everything_ends_well():
    (port,) = free_ports(1)
    done = benchmark(
        *("--rounds", 1, "--seconds", 0.2, "--connections", 1, 10, "--port", port),
        *("--polling-rounds", 1, "--polling-seconds", 2),
    )
    assert done.returncode == 0, done.stdout + done.stderr
    rows = re.findall(
        r"^   (\S.*?) +\d+ \(\d+ to \d+\).* (\d+)$", done.stdout, re.MULTILINE
    )
    tcp = [LIBMODBUS, "bare sockets (C)", "ppc", "pymodbus", "pyModbusTCP"]
    rtu = [LIBMODBUS, "ppc", *[SILENT] * keeps_silence(), "pymodbus"]
    assert [name for name, _ in rows] == [*tcp, *tcp, *rtu]
    assert {failed for _, failed in rows} == {"0"}
    assert re.search(r"100 units at 10 Hz.*\n +20 rounds, ", done.stdout)
    assert len(re.findall(r"^   (met|MISSED|UNCLEAR) ", done.stdout, re.MULTILINE)) == 6
    assert "load " in done.stdout
    assert "TCP, 10 connections, round 1 of 1: ppc" in done.stderr


def test_help_is_given():
    done = benchmark("--help")
    assert done.returncode == 0
    assert "--connections" in done.stdout


def test_who_is_missing_is_named_and_left_out(monkeypatch, capsys):
    monkeypatch.setattr(run, "installed", lambda name: "1" * (name != "pyModbusTCP"))
    assert run.peers_of("tcp") == [LIBMODBUS, "bare sockets (C)", "ppc", "pymodbus"]
    assert "pyModbusTCP is not installed: left out" in capsys.readouterr().out


def test_without_libmodbus_there_is_nothing_to_measure_against(monkeypatch, capsys):
    monkeypatch.setattr(run, "compile_c", lambda: "libmodbus is needed")
    assert run.main([]) == 1
    assert "libmodbus is needed" in capsys.readouterr().out


def turns_of(**cpu_us):
    return {
        peer: [Turn(1e4, us, 0, 50.0) for us in own] for peer, own in cpu_us.items()
    }


def test_each_round_begins_with_another_and_who_fails_is_left_out():
    asked = []

    def turn(peer):
        asked.append(peer)
        return None if peer == "broken" else len(asked)

    turns = interleaved(["a", "broken", "b"], 3, turn, lambda _: None)
    assert asked == ["a", "broken", "b", "b", "a", "b", "a"]
    assert turns == {"a": [1, 5, 7], "broken": [], "b": [3, 4, 6]}


def test_ratios_are_taken_within_a_round():
    turns = turns_of(ours=[10.0, 40.0], other=[5.0, 10.0])
    assert ratios(turns, "ours", "other", "cpu_us") == approx([2.0, 4.0])
    assert ratios(turns, "ours", "nobody", "cpu_us") == []


def test_the_goal_counts_from_ten_connections_on(capsys):
    fast, slow = turns_of(ppc=[29.0], c=[10.0]), turns_of(ppc=[31.0], c=[10.0])
    for turns in (fast, slow):
        turns[LIBMODBUS] = turns.pop("c")
    report.tcp_verdicts({1: slow, 10: fast, 100: slow})
    assert words(capsys) == ["met", "MISSED"]


def test_rounds_that_disagree_decide_nothing(capsys):
    report.verdict("below 3", [1.0] * 9, lambda x: x < 3, 0)
    report.verdict("below 3", [1.0] * 5 + [4.0] * 4, lambda x: x < 3, 0)
    report.verdict("below 3", [4.0] * 8 + [1.0], lambda x: x < 3, 0)
    assert words(capsys) == ["met", "UNCLEAR", "MISSED"]


def test_one_overrun_is_one_too_many(capsys):
    sound = {"overruns": 0, "cpu_percent": 14.9}
    report.polling_verdicts("all", [sound] * 3, judged=True)
    report.polling_verdicts("all", [sound, sound | {"overruns": 1}], judged=False)
    assert words(capsys) == ["met", "met", "MISSED"]


def test_what_was_not_measured_is_not_judged(capsys):
    report.rtu_verdicts(turns_of(ppc=[10.0], pymodbus=[]))
    report.verdict("a goal", [1.0, nan], lambda _: True, 1)
    report.polling_verdicts("all", [], judged=True)
    assert words(capsys) == ["NOT"] * 5


def words(capsys):
    return [line.split()[0] for line in capsys.readouterr().out.splitlines()]
