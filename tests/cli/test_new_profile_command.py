"""`ppc profile new`, whose output `ppc profile check` takes."""

from pytest import mark
from typer.testing import CliRunner

from ppc.cli.main import app
from tests.commissioning.test_new_profile import BATTERY, METER


def ppc(*arguments):
    return CliRunner().invoke(app, [str(a) for a in arguments])


@mark.parametrize("text", [METER, BATTERY])
def test_what_is_drafted_passes_the_check(tmp_path, text):
    table, profile = tmp_path / "table.csv", tmp_path / "mine.yaml"
    table.write_text(text, encoding="cp1252")
    done = ppc("profile", "new", table, "-o", profile)
    assert done.exit_code == 0, done.stderr
    assert "of them signals" in done.stderr
    done = ppc("profile", "check", profile)
    assert done.exit_code == 0, done.output
    assert "0 errors" in done.output


def test_columns_are_told_and_the_profile_goes_to_the_screen(tmp_path):
    table = tmp_path / "table.csv"
    table.write_text("Wo,Was,Wie\n5,Active power [W],S32\n")
    done = ppc("profile", "new", table, "--columns", "address=Wo,name=Was,type=Wie")
    assert "- {key: p_w, address: 5, type: s32}" in done.stdout


@mark.parametrize(
    ("arguments", "why"),
    [
        (("--columns", "wo=Wo"), "columns are address, name"),
        (("--columns", "address=Wann"), "no column is called wann"),
        ((), "--columns tells which"),
        (("--columns", "address=Wo,name=Was", "--type", "x"), "--type is"),
    ],
)
def test_what_cannot_be_drafted_is_said(tmp_path, arguments, why):
    table = tmp_path / "table.csv"
    table.write_text("Wo,Was\n5,P\n")
    done = ppc("profile", "new", table, *arguments)
    assert done.exit_code == 2
    assert why in done.stderr
