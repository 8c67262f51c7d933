"""`ppc sniff`: at the controller, and between a client and a device."""

import os
import subprocess
import sys

import yaml

from tests.rig import ROOT


def test_a_device_of_the_controller(running):
    done = running.ppc("sniff", "bess1", "--for", "1")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("bess1: through the controller that runs\n")
    assert " unit 1 read input 100..108: " in done.stdout
    assert " unit 1 write 300..303: " in done.stdout
    assert "    p_set_w = " in done.stdout


def test_between_a_client_and_a_device(alone, free_port):
    plant = yaml.safe_load(alone.plant.read_text())
    there, here = plant["devices"]["pv1"]["connection"]["port"], free_port()
    command = [sys.executable, ROOT / "main.py", "sniff", f"127.0.0.1:{there}"]
    relay = subprocess.Popen(
        [*command, "--listen", str(here), "--profile", "demo_pv_inverter"],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PPC_CONFIG": str(alone.plant)},
    )
    assert "is passed on to" in relay.stdout.readline()
    few = alone.plant.parent / "one"
    few.mkdir()
    name = "demo_pv_inverter.yaml"
    (few / name).write_text((ROOT / "config" / "profiles" / name).read_text())
    target = f"127.0.0.1:{here}"
    done = alone.ppc("scan", target, "--units", "1", "--profiles", str(few))
    assert done.returncode == 0, done.stdout
    relay.send_signal(2)
    said, _ = relay.communicate(timeout=10)
    assert "unit 1 read holding 0..6: " in said
    assert "    p_w = " in said


def test_what_cannot_be_listened_to_is_said(alone):
    for arguments, code, why in (
        (("bess1",), 1, "no controller runs"),
        (("bes1",), 2, "did you mean bess1?"),
        (("/dev/not_there",), 1, "cannot be opened"),
        (("127.0.0.1:x", "--listen", "0"), 2, "is no HOST[:PORT]"),
        (("bess1", "--profile", "nothing"), 2, "nothing"),
    ):
        done = alone.ppc("sniff", *arguments)
        assert (done.returncode, why in done.stderr) == (code, True), done.stderr
