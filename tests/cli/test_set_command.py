"""`ppc set` asks a controller that runs, in a process of its own."""

import json

import yaml
from pytest import fixture, mark

from tests.rig import Rig, wait_for, write_plant


@fixture(scope="module")
def rig(tmp_path_factory):
    folder = tmp_path_factory.mktemp("set")
    with Rig(write_plant(folder / "plant"), folder / "db") as rig:
        yield rig


def done(rig, *arguments, code=0):
    finished = rig.ppc("set", *arguments)
    assert finished.returncode == code, finished.stderr
    assert "Traceback" not in finished.stderr
    return finished.stderr if code else finished.stdout


def now(rig, function, setting):
    rows = json.loads(done(rig, "--list", function, "--json"))["settings"]
    return next(row["value"] for row in rows if row["setting"] == setting)


def cycle(rig):
    return json.loads(rig.ppc("explain", "--json").stdout)["cycle"]


def test_settings_are_listed_with_what_they_are_and_may_be(rig):
    said = done(rig, "--list", "voltage_support")
    assert said.startswith("voltage_support\n  enabled: true; by default true; ")
    assert (
        "  slope_pu: 0.04; by default 0.04; >= 0.02 and <= 0.07; while running\n"
        "      voltage deviation that asks for all Q\n"
    ) in said
    assert "power_limit" not in said
    everything = done(rig, "--list")
    assert "equipment_watchdog\n" in everything
    assert "set_point_tracking\n" in everything
    assert "did you mean power_limit?" in done(rig, "--list", "power_limt", code=2)


def test_what_is_set_holds_and_is_taken_back(rig):
    before = cycle(rig)
    said = done(
        rig,
        "voltage_support.slope_pu=0.05",
        "power_limit.rate_w_per_s=2e6",
        "--say",
        "x",
    )
    assert said.endswith(
        ": voltage_support.slope_pu 0.04 -> 0.05, "
        "power_limit.rate_w_per_s left out -> 2000000 (x)\n"
    )
    number = int(said.split()[0])
    assert f"  slope_pu: 0.05 (set by {number:04d}); " in done(rig, "--list")
    assert said.strip() in done(rig, "--history")
    file = rig.db_dir / "parameters" / f"{number:04d}.yaml"
    version = yaml.safe_load(file.read_text())
    assert version["before"]["voltage_support"] == {"slope_pu": 0.04}
    assert version["after"]["power_limit"] == {"rate_w_per_s": 2e6}
    assert version["why"] == "x"
    back = json.loads(done(rig, "--revert", str(number), "--json"))
    assert back["reverts"] == number
    assert now(rig, "voltage_support", "slope_pu") == 0.04
    assert now(rig, "power_limit", "rate_w_per_s") is None
    assert "taken back already" in done(rig, "--revert", str(number), code=2)
    after = cycle(rig)
    assert after["cycles_count"] > before["cycles_count"]
    assert after["missed_count"] == before["missed_count"]


def test_curves_words_and_null_are_written_as_in_plant_yaml(rig):
    done(rig, "set_point_tracking.fallback=hold", "power_limit.p_default_max_w=4e6")
    assert now(rig, "set_point_tracking", "fallback") == "hold"
    assert now(rig, "power_limit", "p_default_max_w") == 4e6
    done(rig, "power_limit.p_default_max_w=null")
    assert now(rig, "power_limit", "p_default_max_w") is None


def test_what_is_wrong_is_said_all_at_once(rig):
    versions = len(list((rig.db_dir / "parameters").glob("*.yaml")))
    said = done(
        rig,
        "voltage_support.slope_pu=5",
        "voltage_support.tau_s=-1",
        "state_of_charge.soc_max_pu=0.01",
        "volt_var.enabled=true",
        code=2,
    )
    lines = said.splitlines()
    assert len(lines) == 4
    assert "voltage_support.slope_pu: is 5.0; it must be >= 0.02 and <= 0.07" in lines
    assert "voltage_support.tau_s: is -1.0; it must be >= 0 and <= 60" in lines
    assert now(rig, "voltage_support", "slope_pu") == 0.04
    assert len(list((rig.db_dir / "parameters").glob("*.yaml"))) == versions


@mark.parametrize("word", ["slope_pu=1", "voltage_support.slope_pu", "a.b=[", ".b=1"])
def test_what_cannot_be_read_is_not_asked(rig, word):
    assert word.split("=")[0] in done(rig, word, code=2)


def test_nothing_to_do_is_said(rig):
    assert "write FUNCTION.SETTING=VALUE" in done(rig, code=2)


def test_another_plant_file_or_none_that_runs_is_refused(rig, tmp_path):
    other = Rig(write_plant(tmp_path / "plant"), rig.db_dir)
    said = done(other, "voltage_support.slope_pu=0.05", code=2)
    assert f"the controller here runs {rig.plant.resolve()}" in said
    other.db_dir = tmp_path
    said = done(other, "voltage_support.slope_pu=0.05", code=1)
    assert f"no controller runs with its record in {tmp_path}" in said
    assert "no controller runs" in done(other, "--list", code=1)
    assert done(other, "--history") == "nothing was ever changed\n"
    other.__exit__()


def test_a_version_that_fits_no_more_is_taken_back_before_the_start(tmp_path):
    plant = write_plant(tmp_path / "plant")
    rig = Rig(plant, tmp_path / "db")
    with rig:
        done(rig, "voltage_support.slope_pu=0.05")
        wait_for(lambda: now(rig, "voltage_support", "slope_pu") == 0.05, 5.0, "it")
    checked = rig.ppc("check")
    assert checked.returncode == 0
    assert "voltage_support.slope_pu 0.04 -> 0.05" in " ".join(checked.stdout.split())
    content = yaml.safe_load(plant.read_text())
    content["functions"] = [
        entry for entry in content["functions"] if "voltage_support" not in entry
    ]
    plant.write_text(yaml.safe_dump(content))
    checked = rig.ppc("check")
    assert checked.returncode == 2
    assert "0001.yaml: voltage_support.slope_pu: " in checked.stderr
    assert "ppc set --revert 1" in checked.stderr
    assert "takes back 0001" in done(rig, "--revert", "1", "--say", "not listed now")
    assert rig.ppc("check").returncode == 0
    assert len(done(rig, "--history").splitlines()) == 2
