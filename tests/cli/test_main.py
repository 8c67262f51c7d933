import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from pytest import fixture, mark
from typer.testing import CliRunner

from ppc.cli.main import app

ROOT = Path(__file__).parents[2]


def ppc(*arguments, cwd=ROOT, **environment):
    return subprocess.run(
        [sys.executable, ROOT / "main.py", *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=cwd,
        env={**os.environ, **environment},
    )


def in_here(*arguments):
    """The same in this process: starting Python takes longer than the command."""
    return CliRunner().invoke(app, arguments, prog_name="ppc")


@mark.parametrize("command", ["run", "simulate", "check", "map", "bench"])
def test_every_command_has_help_with_an_example(command):
    done = in_here(command, "--help")
    assert done.exit_code == 0
    assert "Example: ppc" in done.stdout


def test_a_sound_plant_is_summed_up(tmp_path):
    done = ppc("check", cwd=tmp_path)  # from anywhere
    assert done.returncode == 0
    assert "bess3" in done.stdout
    assert "voltage_support" in done.stdout
    assert "no errors" in done.stdout


def test_what_a_grid_code_asks_for_is_told(tmp_path):
    shutil.copytree(ROOT / "config", tmp_path, dirs_exist_ok=True)
    path = tmp_path / "plant.yaml"
    text = path.read_text().replace("  # grid_code:", "  grid_code:")
    path.write_text(text.replace("slope_pu: 0.04", "slope_pu: 0.05"))
    done = ppc("check", "--config", str(path))
    assert done.returncode == 0, done.stderr
    words = " ".join(done.stdout.split())
    assert "grid code rfg_denmark_dk1: Denmark west" in words
    assert "limited_frequency_sensitive_mode not listed" in words
    assert "slope_pu overridden 0.05 by plant.yaml, not 0.04" in words


@fixture
def broken(tmp_path):
    shutil.copytree(ROOT / "config", tmp_path, dirs_exist_ok=True)
    path = tmp_path / "plant.yaml"
    path.write_text(path.read_text().replace("slope_pu: 0.04", "slope_pu: 0.4"))
    profile = tmp_path / "profiles" / "demo_pcs.yaml"
    profile.write_text(profile.read_text().replace("count: 9", "count: 2"))
    return path


@mark.parametrize("command", ["check", "run", "map", "simulate"])
def test_an_unsound_plant_is_refused_with_all_findings(broken, command):
    done = in_here(command, "--config", str(broken))
    assert done.exit_code == 2
    assert ": functions.5.voltage_support.slope_pu: is 0.4; it must be" in done.stderr
    assert re.search(r"demo_pcs\.yaml:\d+: blocks\.0: .*leaves", done.stderr)
    assert "2 errors" in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_the_map_is_one_json_object():
    done = ppc("map", "--json")
    shown = json.loads(done.stdout)
    assert set(shown) == {
        *("plant", "version", "host", "port", "station", "registers", "images")
    }
    wanted = {
        *("p_w", "q_var", "v_v", "f_hz", "soc_pu", "p_set_w", "q_set_var", "v_set_pu"),
        *("heartbeat_in", "heartbeat_out"),
    }
    assert wanted <= {r["key"] for r in shown["registers"]}
    assert set(shown["registers"][0]) == {
        *("key", "address", "count", "type", "word_order", "scale", "unit"),
        *("access", "meaning", "block"),
    }


def test_the_map_is_also_a_table():
    done = ppc("map")
    assert done.returncode == 0
    assert "heartbeat_out" in done.stdout
    words = " ".join(done.stdout.split())
    assert "of 32-bit values the most significant word first" in words


@mark.parametrize("arguments", [(), ("--for", "0")])
def test_without_a_command_it_runs(tmp_path, arguments):
    done = ppc(*arguments, cwd=tmp_path, PPC_CONFIG=str(tmp_path / "nowhere.yaml"))
    assert done.returncode == 2
    assert "nowhere.yaml: cannot be read" in done.stderr


def test_a_misspelt_variable_is_told_with_the_one_meant():
    done = ppc("check", PPC_DBDIR="x")
    assert done.returncode == 2
    assert "PPC_DBDIR: is not known; did you mean PPC_DB_DIR?" in done.stderr
