from io import StringIO
from pathlib import Path

from pytest import mark
from rich.console import Console
from typer.testing import CliRunner

from ppc.cli.profile_command import app, checked, shown

PROFILES = Path(__file__).parents[2] / "config" / "profiles"


def told(function, *arguments):
    console = Console(record=True, width=120, file=StringIO())
    code = function(*arguments, console)
    return code, console.export_text()


def test_all_shipped_profiles_are_checked_and_summed_up(monkeypatch):
    monkeypatch.setenv("PPC_CONFIG", str(PROFILES.parent / "plant.yaml"))
    done = CliRunner().invoke(app, ["check"])
    assert done.exit_code == 0
    assert f"{len(list(PROFILES.glob('*.yaml')))} profiles, 0 errors" in done.stdout


def test_a_faulty_profile_is_told_and_the_others_still_summed_up(tmp_path):
    bad = tmp_path / "bad.yaml"
    text = (PROFILES / "abb_b23_b24.yaml").read_text()
    bad.write_text(text.replace("count: 39", "count: 38"))
    code, text = told(checked, [bad, PROFILES / "janitza_umg.yaml"])
    assert code == 2
    assert f"error {bad}:" in text
    assert "janitza_umg" in text
    assert "2 profiles, 1 error, 1 warning" in text


def test_requests_are_shown_as_they_go_over_the_wire():
    code, text = told(shown, PROFILES / "schneider_pm5000.yaml", [])
    assert code == 0
    assert "read holding 3059 to 3068 (0BF3h to 0BFCh), every cycle" in text
    assert "read holding 129 to 130 (0081h to 0082h), when asked for" in text
    words = " ".join(text.split())
    assert "3059 p_w f32 big * -1000 W -1e+09 to 1e+09" in words


def test_sums_and_commands_are_shown():
    _, text = told(shown, PROFILES / "janitza_umg.yaml", [])
    assert "0.333333 u12 + 0.333333 u23" in text
    _, text = told(shown, PROFILES / "demo_pv_inverter.yaml", [])
    assert "write holding 40 to 43 (0028h to 002Bh), every cycle, watchdog 5 s" in text


def test_a_profile_is_found_by_its_name(monkeypatch):
    monkeypatch.setenv("PPC_CONFIG", str(PROFILES.parent / "plant.yaml"))
    done = CliRunner().invoke(app, ["show", "abb_b23_b24"])
    assert done.exit_code == 0
    assert "5B00h" in done.stdout


@mark.parametrize(
    ("arguments", "word"),
    [
        (("none.yaml", []), "No such file"),
        ((PROFILES / "abb_b23_b24.yaml", ["model"]), "write name=value"),
    ],
)
def test_what_cannot_be_shown_is_told(capsys, arguments, word):
    file, options = arguments
    assert shown(Path(file), options, Console()) == 2
    assert word in capsys.readouterr().err


def test_a_faulty_profile_is_not_shown(tmp_path, capsys):
    bad = tmp_path / "bad.yaml"
    bad.write_text("source: x\ntype: poi\n")
    assert shown(bad, [], Console()) == 2
    assert "nothing to read" in capsys.readouterr().err


@mark.parametrize("file", sorted(PROFILES.glob("*.yaml")), ids=lambda file: file.stem)
def test_every_shipped_profile_is_shown(file):
    code, text = told(shown, file, [])
    assert code == 0
    assert "read " in text
