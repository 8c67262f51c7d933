"""`ppc fault` and `ppc simulate --faults` against a field that runs."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from pytest import fixture

from tests.rig import write_plant

ROOT = Path(__file__).parents[2]


def ppc(plant, *arguments):
    return subprocess.run(
        [sys.executable, ROOT / "main.py", *arguments, "--config", plant],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "COLUMNS": "160"},
    )


@fixture(name="plant")
def _plant(tmp_path):
    return write_plant(tmp_path / "plant")


@fixture(name="field")
def _field(plant, tmp_path):
    plan = tmp_path / "faults.yaml"
    plan.write_text("faults: [{at_s: 0, device: pv1, kind: derated, share: 0.3}]")
    process = subprocess.Popen(
        [
            *(sys.executable, ROOT / "main.py", "simulate", "--config", plant),
            *("--faults", plan),
        ],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PPC_DB_DIR": str(tmp_path / "db")},
    )
    assert process.stdout.readline() == "field ready\n"
    yield process
    process.send_signal(signal.SIGINT)
    assert process.wait(10) == 0
    process.stdout.close()


def test_faults_are_listed_added_and_cleared(field, plant, tmp_path):
    assert field.poll() is None
    assert "derated on pv1 (share=0.3)" in ppc(plant, "fault", "list").stdout
    added = ppc(
        plant, "fault", "add", "latency", "--device", "poi", "--for", "60",
        "--param", "delay_s=0.2",
    )  # fmt: skip
    assert added.returncode == 0
    assert added.stdout == "fault 2: latency on poi (delay_s=0.2)\n"
    listed = ppc(plant, "fault", "list").stdout
    assert "until cleared" in listed
    assert "latency on poi" in listed
    assert "cleared 2" in ppc(plant, "fault", "clear", "2").stdout
    assert "cleared 1" in ppc(plant, "fault", "clear").stdout
    assert "no fault is in force" in ppc(plant, "fault", "list").stdout
    assert list((tmp_path / "db").glob("truth_*.db"))


def test_what_makes_no_sense_is_told(field, plant):
    assert field.poll() is None
    for arguments, why in (
        (("add", "tea"), "no fault tea"),
        (("add", "trip"), "trip needs a device"),
        (("add", "trip", "--device", "poi"), "poi is no unit"),
        (("add", "trip", "--device", "x"), "there is no device x"),
        (("add", "trip", "--device", "pv1", "--param", "hot"), "write name=value"),
        (("add", "loss", "--device", "pv1", "--param", "share=7"), "share"),
        (("clear", "9"), "fault 9 is not in force"),
    ):
        done = ppc(plant, "fault", *arguments)
        assert done.returncode == 1, arguments
        assert why in done.stderr
        assert "Traceback" not in done.stderr


def test_without_a_field_it_says_so_and_still_knows_the_kinds(plant):
    done = ppc(plant, "fault", "list")
    assert done.returncode == 1
    assert "no simulated field at 127.0.0.1:" in done.stderr
    kinds = ppc(plant, "fault", "list", "--kinds")
    assert kinds.returncode == 0
    assert "half_open" in kinds.stdout


def test_a_plan_that_is_wrong_is_refused(plant, tmp_path):
    plan = tmp_path / "faults.yaml"
    plan.write_text("faults:\n  - {kind: tea}\n  - {kind: trip}\n")
    done = ppc(plant, "simulate", "--faults", str(plan))
    assert done.returncode == 2
    assert "faults.yaml:2" in done.stderr
    assert "faults.yaml:3" in done.stderr
    assert "Traceback" not in done.stderr
