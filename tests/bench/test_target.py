"""Another controller on the bench: here it is our own, a process on its own sockets."""

import json
import os
import signal
import subprocess
import sys
import time

import yaml
from pytest import fixture, raises

from ppc.bench.target import Target
from ppc.configuration.findings import ConfigurationError
from tests.bench.folder import LIBRARY, ROOT, expecting, write_cases
from tests.rig import free_ports

REGISTERS = yaml.safe_load((LIBRARY / "northbound" / "scada.yaml").read_text())


@fixture(name="site")
def _site(tmp_path):
    """Cases on ports of their own, and a plant file for the controller."""
    plant = yaml.safe_load((ROOT / "bench" / "plants" / "bess.yaml").read_text())
    ports = iter(free_ports(len(plant["devices"]) + 1))
    devices = {name: {"connection": {"port": next(ports)}} for name in plant["devices"]}
    changes = {"changes": {"devices": devices}, "duration_s": 15}
    (tmp_path / "cases").mkdir()
    folder = write_cases(
        tmp_path / "cases", good=changes, bad=changes | {"expect": expecting(0.3)}
    )
    for name, change in devices.items():
        plant["devices"][name]["connection"] = {
            "host": "127.0.0.1",
            **change["connection"],
        }
    del plant["simulation"]
    port = next(ports)
    plant["scada"] = {"port": port}
    alone = tmp_path / "box"
    alone.mkdir()
    for name in ("profiles", "northbound"):
        (alone / name).symlink_to(LIBRARY / name)
    (alone / "plant.yaml").write_text(yaml.safe_dump(plant))
    target = {"port": port, "settle_s": 6, "registers": REGISTERS}
    (tmp_path / "target.yml").write_text(yaml.safe_dump(target))
    return folder, alone / "plant.yaml", tmp_path / "target.yml"


@fixture(name="box")
def _box(site, tmp_path):
    with (tmp_path / "log.txt").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, ROOT / "main.py", "run", "--config", site[1]],
            stdout=log,
            stderr=subprocess.STDOUT,
            env={**os.environ, "PPC_DB_DIR": str(tmp_path / "db")},
        )
    time.sleep(1.0)
    yield process
    process.send_signal(signal.SIGINT)
    assert process.wait(15) == 0


def test_a_controller_over_modbus_is_judged_on_truth(box, site):
    folder, _, target = site
    figures = folder / "figures.json"
    done = subprocess.run(
        [
            *(sys.executable, ROOT / "main.py", "bench", "--folder", folder),
            *("--target", target, "--json", figures),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert box.poll() is None
    told = {
        one["case"]: (one["verdict"], one["why"])
        for one in json.loads(figures.read_text())
    }
    assert told["good"] == ("pass", "")
    verdict, why = told["bad"]
    assert verdict == "fail"
    assert why.startswith("it is there: static error: 0.")
    assert done.returncode == 1


def test_a_target_that_is_wrong_is_told_with_its_place(tmp_path):
    path = tmp_path / "target.yml"
    path.write_text("port: 99999\nregisters: {version: 1, registers: []}\n")
    with raises(ConfigurationError) as error:
        Target.load(path)
    assert {f.path for f in error.value.findings} == {"port", "registers.registers"}
