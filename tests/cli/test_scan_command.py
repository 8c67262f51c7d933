"""`ppc scan`, with the controller and without it."""

import yaml
from pytest import mark

from tests.rig import ROOT


def scanned(rig, *arguments, device="bess1"):
    port = yaml.safe_load(rig.plant.read_text())["devices"][device]["connection"][
        "port"
    ]
    return rig.ppc("scan", f"127.0.0.1:{port}", "--units", "1-3", *arguments)


@mark.parametrize(
    ("device", "profile"),
    [
        ("poi", "demo_poi_meter"),
        ("bess1", "demo_pcs"),
        ("pv1", "demo_pv_inverter"),
    ],
)
def test_the_profile_of_every_device_is_found(alone, device, profile):
    done = scanned(alone, "--pause", "0", device=device)
    assert done.returncode == 0, done.stderr
    assert "unit id 1 answers after" in done.stdout
    assert f"    profile: {profile}\n" in done.stdout
    assert "    station: 1\n" in done.stdout
    assert "none of them wrote" in done.stdout


def test_through_the_controller_where_it_has_the_connection(running):
    profiles = running.plant.parent / "few"
    profiles.mkdir(exist_ok=True)
    for name in ("demo_pcs", "demo_pv_inverter"):
        text = (ROOT / "config" / "profiles" / f"{name}.yaml").read_text()
        (profiles / f"{name}.yaml").write_text(text)
    done = scanned(running, "--profiles", str(profiles))
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("through the controller that runs\n")
    assert "    profile: demo_pcs\n" in done.stdout


def test_nobody_there(alone, free_port):
    done = alone.ppc("scan", f"127.0.0.1:{free_port()}", "--timeout", "0.05")
    assert done.returncode == 1
    assert "not connected" in done.stdout


def test_what_cannot_be_looked_for_is_refused(alone):
    done = alone.ppc("scan", "127.0.0.1:x")
    assert done.returncode == 2
    assert "is no HOST[:PORT]" in done.stderr
