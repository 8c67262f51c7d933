"""`ppc forward` beside a controller that runs: it sends, and is gone with it."""

import os
import signal
import subprocess
import sys
import time

from pytest import fixture

from tests.export.receiver import Receiver
from tests.history.records import write
from tests.rig import ROOT, Rig, free_ports, wait_for, write_plant


@fixture
def receiver():
    with Receiver() as receiver:
        yield receiver


def plant_file(folder, url):
    def with_export(plant):
        plant["export"] = {"room": {"url": url, "database": "ppc"}}

    return write_plant(folder, with_export)


def children(plant):
    """Processes whose command line says `forward`, of this plant."""
    done = subprocess.run(
        ["pgrep", "-f", f"main forward --attached --config {plant}"],
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout.split()


def test_what_is_recorded_arrives_until_the_controller_is_killed(tmp_path, receiver):
    plant = plant_file(tmp_path / "plant", receiver.url)
    with Rig(plant, tmp_path / "db") as rig:
        wait_for(lambda: len(receiver.of("poi")) > 2, 30.0, "points")
        assert {"poi", "bess", "pv", "decisions", "events"} <= {
            head.split(",")[0] for head, _ in receiver.points
        }
        assert all("plant=demonstration\\ plant" in head for head, _ in receiver.points)
        assert len(children(plant)) == 1
        rig.kill()
        wait_for(lambda: not children(plant), 10.0, "the exporter to end")
    assert (tmp_path / "db" / "forward" / "room.json").exists()


def test_a_target_that_is_not_there_is_told_once_and_ends_no_one(tmp_path):
    (port,) = free_ports(1)
    write(tmp_path / "db", [time.time() - 1.0])
    plant = plant_file(tmp_path / "plant", f"http://127.0.0.1:{port}")
    process = subprocess.Popen(
        [sys.executable, ROOT / "main.py", "forward", "--config", plant],
        env={**os.environ, "PPC_DB_DIR": str(tmp_path / "db")},
        stderr=subprocess.PIPE,
        text=True,
    )
    assert "export room: waiting for it: [Errno 111]" in process.stderr.readline()
    process.send_signal(signal.SIGTERM)
    _, said = process.communicate(timeout=20)
    assert (process.returncode, said) == (0, "")


def test_without_export_there_is_nothing_to_do(tmp_path):
    plant = write_plant(tmp_path / "plant")
    done = subprocess.run(
        [sys.executable, ROOT / "main.py", "forward", "--config", plant],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PPC_DB_DIR": str(tmp_path / "db")},
    )
    assert done.returncode == 0
    assert done.stderr.endswith("plant.yaml: nobody is named in export\n")


def test_an_export_that_makes_no_sense_is_refused(tmp_path):
    plant = plant_file(tmp_path / "plant", "http://me:secret@127.0.0.1")
    done = subprocess.run(
        [sys.executable, ROOT / "main.py", "check", "--config", plant],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PPC_DB_DIR": str(tmp_path / "db")},
    )
    assert done.returncode == 2
    assert "export.room.url" in done.stderr
    assert "Traceback" not in done.stderr
