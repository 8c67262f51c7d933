"""benchmarks/server.py: that it ends well, not how fast anything is."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

from pytest import mark

from tests.rig import ROOT, free_ports

HEADER = Path("/usr/include/modbus/modbus.h")
C_IS_HERE = bool(shutil.which("cc")) and HEADER.exists()


@mark.skipif(not C_IS_HERE, reason="libmodbus or a C compiler is not installed")
def test_a_moment_of_everything_ends_well():
    program = ROOT / "benchmarks" / "server.py"
    options = ["--rounds", "1", "--seconds", "0.2", "--clients", "1", "10"]
    done = subprocess.run(
        [sys.executable, program, *options, "--port", str(free_ports(4)[0])],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    rows = re.findall(r"^   (\S.*?) +(\d+) \(.*? (\d+)$", done.stdout, re.MULTILINE)
    assert [name for name, _, _ in rows] == [
        *("libmodbus (C)", "ppc", "pymodbus", "pymodbus-uvloop")
    ] * 2
    assert all(int(rate) > 100 and failed == "0" for _, rate, failed in rows)
    assert len(re.findall(r"(met|MISSED|UNCLEAR) ", done.stdout)) == 6
