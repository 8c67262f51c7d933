"""The example of docs/howto/commission_a_device.md, from the table to the plant."""

import json
import re
import shutil

from typer.testing import CliRunner

from ppc.cli.main import app
from tests.rig import ROOT, Rig, write_plant

PAGE = (ROOT / "docs" / "howto" / "commission_a_device.md").read_text()


def test_from_the_makers_table_to_a_plant_that_runs(tmp_path):
    table, folder = tmp_path / "table.csv", tmp_path / "plant"
    table.write_text(re.search(r"```csv\n(.*?)```", PAGE, re.DOTALL)[1])
    shutil.copytree(ROOT / "config" / "profiles", folder / "profiles")
    profile = folder / "profiles" / "my_inverter.yaml"
    new = CliRunner().invoke(app, ["profile", "new", str(table), "-o", str(profile)])
    assert new.exit_code == 0, new.stderr
    check = CliRunner().invoke(app, ["profile", "check", str(profile)])
    assert "0 errors" in check.output

    def change(plant):
        plant["devices"]["pv1"]["profile"] = "my_inverter"

    with Rig(write_plant(folder, change), tmp_path / "db") as rig:
        read = json.loads(rig.ppc("read", "pv1", "--json").stdout)
        assert read["way"] == "through the controller that runs"
        points = {point["name"]: point for point in read["points"]}
        assert points["p_w"]["value"] > 1e6
        assert points["p_w"]["quality"] == "good"
        probe = rig.ppc("probe", "--rounds", "2")
        assert probe.returncode == 0, probe.stdout
        sniff = rig.ppc("sniff", "pv1", "--for", "1")
        assert "    p_set_w = " in sniff.stdout


def test_every_command_of_the_page_is_one():
    commands = set(
        re.findall(r"^ppc ([a-z]+(?: (?:new|check|show))?)", PAGE, re.MULTILINE)
    )
    assert {"scan", "read", "watch", "write", "probe", "sniff"} <= commands
    for command in commands:
        done = CliRunner().invoke(app, [*command.split(), "--help"])
        assert done.exit_code == 0, command
        assert "Example: ppc " in done.output
