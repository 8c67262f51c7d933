"""Show 2: the grid's voltage steps by 2 %, and reactive power follows the droop."""

import json
import subprocess
import sys
from pathlib import Path

from pytest import mark

PROGRAM = Path(__file__).parents[2] / "benchmarks" / "voltage_step.py"


@mark.parametrize("step_pu", [-0.02, 0.02])
def test_reactive_power_follows_the_droop(step_pu):
    command = [sys.executable, PROGRAM, "--json", "--step", str(step_pu)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    figures = json.loads(done.stdout)
    assert figures["change_mvar"] * step_pu < 0.0
    assert abs(figures["change_mvar"]) > 0.8
    assert figures["rise_s"] <= 1.0
    assert figures["settling_s"] <= 5.0
    assert figures["overshoot_pu"] < 0.2
    assert figures["static_error_pu"] < 0.002
