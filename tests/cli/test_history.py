"""`ppc history`, the real command on records of the real recorder."""

import csv
import io
import json
import os
import re
import shlex
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from pyarrow import parquet
from pytest import fixture, mark
from typer.testing import CliRunner

from ppc.cli import history as history_app
from ppc.cli.main import app
from tests.database.files import DAY_S, NOON_S, ask, names, value
from tests.history.records import write, write_finished, zone

ROOT = Path(__file__).parents[2]
PLANT = ROOT / "config" / "plant.yaml"
FIRST, SECOND, LAST = "2026_11_21.db", "2026_11_22.db", "2026_11_23.db"
SECONDS = [NOON_S + n for n in range(40)]


def program(folder, *arguments, **environment):
    """As a process of its own."""
    told = {"PPC_DB_DIR": str(folder), "TZ": "Europe/Paris", **environment}
    return subprocess.run(
        [sys.executable, ROOT / "main.py", "history", *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **told},
    )


def history(folder, *arguments, **environment):
    """The same command in this process: starting Python takes longer than it does."""
    with zone("Europe/Paris"):
        done = CliRunner(env={"PPC_DB_DIR": str(folder), **environment}).invoke(
            app, ["history", *arguments], prog_name="ppc"
        )
    done.returncode = done.exit_code
    return done


def record(folder):
    """Three days: one whole, one with a gap and a value not to be believed."""
    write(folder, SECONDS, energy=lambda n: 1000.0 * n)
    later = [stamp + DAY_S for stamp in SECONDS]
    bad = {later[3]}
    write_finished(folder, [*later[:10], *later[30:]], bad=bad, energy=lambda _: 4e4)
    return folder


@fixture(name="folder", scope="module")
def _folder(tmp_path_factory):
    return record(tmp_path_factory.mktemp("history") / "db")


@fixture(name="broken")
def _broken(tmp_path):
    """The same with one file that is none."""
    folder = record(tmp_path / "db")
    (folder / SECOND).chmod(0o644)
    (folder / SECOND).write_text("no database" * 1000)
    return folder


def test_the_days_are_listed_with_their_gaps(folder):
    done = history(folder, "list")
    assert done.returncode == 0, done.stderr
    lines = [line for line in done.stdout.splitlines() if line.startswith(" 2026-11-")]
    assert [line.split()[0] for line in lines] == [
        *("2026-11-21", "2026-11-22", "2026-11-23")
    ]
    assert re.search(r"13:00:00 +13:00:39 +none +0 +not checked +finished", lines[0])
    assert re.search(r" 2, 23 h 59 min +0 +not checked +finished, v3", lines[1])
    assert lines[2].rstrip().endswith("live, v3")
    assert (
        "gap: 2026-11-22 13:00:09.000+01:00 to 2026-11-22 13:00:30.000+01:00, 21.0 s"
        in done.stdout
    )
    assert re.search(r"^3 days, \d+\.\d MB, 3\d\d rows$", done.stdout, re.MULTILINE)


def test_the_same_as_json_and_checked(folder):
    done = history(folder, "list", "--json", "--check", "--last", "2")
    told = json.loads(done.stdout)
    assert [day["file"] for day in told["days"]] == [SECOND, LAST]
    assert [day["integrity"] for day in told["days"]] == ["ok", "ok"]
    assert told["set_aside"] == []
    assert told["days"][0]["gaps"][0]["until_s"] == NOON_S + DAY_S + 30


def test_what_is_wrong_with_a_file_is_told_and_the_rest_goes_on(broken, tmp_path):
    (broken / f"{FIRST}.corrupt-1").touch()
    told = f"{SECOND}: file is not a database\n"
    done = history(broken, "list")
    assert (done.returncode, done.stderr) == (1, told)
    assert "set aside: 2026_11_21.db.corrupt-1" in done.stdout
    assert "2026-11-23" in done.stdout
    done = history(broken, "check")
    assert (done.returncode, done.stderr) == (1, told)
    assert done.stdout == f"{FIRST}: ok\n{LAST}: ok\n"
    span = ("--from", "2026-11-21", "--to", "2026-11-24")
    done = history(broken, "export", *span, "--signal", "poi.p_w")
    assert (done.returncode, done.stderr) == (1, told)
    assert done.stdout.count("\n") == 1 + 40 + 1
    done = history(broken, "backup", str(tmp_path / "copies"))
    assert (done.returncode, done.stderr) == (1, told)
    assert names(tmp_path / "copies") == {FIRST, LAST, "trend.db"}
    assert history(broken, "events", *span).stderr == told
    assert history(broken, "energy").stderr == told


@mark.parametrize(
    ("arguments", "says"),
    [
        (("export", "--from", "soon"), "soon is no time: write 2026-11-21"),
        (("export", "--from", "now", "--to", "-1h"), "--from now is not before"),
        (("export", "--from", "-1h", "--table", "poy"), "poy is no table: poi, bess"),
        (("export", "--from", "-1h", "--format", "parquet"), "Parquet needs a file"),
        (("export", "--from", "-1h", "--every", "7s"), "7s"),
        (
            ("export", "--from", "2026-11-21", "--to", "2026-11-22", "--device", "x"),
            "devices: bess1, decisions, poi, pv1, pv2",
        ),
        (
            ("export", "--from", "-1h", "--table", "events", "--table", "poi"),
            "go together in one file",
        ),
        (("events", "--severity", "grave"), "grave is no severity: debug"),
        (("check", "2026-11-30"), "no such day in "),
        (("load",), "write a day, or --clear"),
        (("backup", "."), "is the record itself"),
    ],
)
def test_what_cannot_be_asked_for_is_refused(folder, arguments, says, monkeypatch):
    monkeypatch.chdir(folder)
    done = history(folder, *arguments)
    assert done.returncode == 2
    assert says in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


@mark.parametrize("command", ["list", "check", "energy", "events", "backup x"])
def test_without_a_record_a_sentence_helps(tmp_path, command):
    done = history(tmp_path / "none", *command.split())
    assert done.returncode == 0
    assert "`ppc run` writes it" in done.stderr or "no " in done.stderr
    assert "Traceback" not in done.stderr


def test_rows_go_to_csv_across_days_with_bad_values_empty(folder):
    span = ("--from", "2026-11-21", "--to", "2026-11-23")
    done = history(folder, "export", *span, "--device", "poi", "--device", "pv*")
    assert done.returncode == 0, done.stderr
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert len(rows) == 40 + 20 + 1
    assert rows[0]["time"] == "2026-11-21T13:00:00.000000+01:00"
    recorded = ask(folder / FIRST, "SELECT p_w FROM poi ORDER BY ts")
    assert [(float(row["poi.p_w"]),) for row in rows[:40]] == recorded
    bad = rows[43]
    assert (bad["poi.p_w"], bad["poi.v_v"], bad["poi.quality"]) == ("", "", "2")
    assert bad["pv2.p_w"] == "200003.0"
    assert "decisions.p_w" not in rows[0]


def test_a_pipe_that_is_closed_is_no_fault(folder):
    """As `| head` does."""
    process = subprocess.Popen(
        [sys.executable, ROOT / "main.py", "history", "export", "--from", "2026-11-21"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PPC_DB_DIR": str(folder)},
    )
    process.stdout.close()
    said = process.stderr.read()
    process.stderr.close()
    process.wait()
    assert b"Traceback" not in said


def test_parquet_has_the_values_of_the_database(folder, tmp_path):
    out = tmp_path / "out.parquet"
    span = ("--from", "2026-11-21", "--to", "2026-11-21")
    done = history(folder, "export", *span, "-o", str(out))
    assert done.returncode == 0, done.stderr
    assert done.stderr.endswith("out.parquet: 40 rows, 58 columns\n")
    table = parquet.read_table(out).to_pydict()
    assert table["unix_s"] == SECONDS
    for device, source in (("poi", "poi"), ("bess1", "bess"), ("pv2", "pv")):
        with closing(sqlite3.connect(folder / FIRST)) as db:
            db.row_factory = sqlite3.Row
            sql = f"SELECT * FROM {source} WHERE device=? ORDER BY ts"  # noqa: S608
            rows = db.execute(sql, (device,)).fetchall()
        for name in set(rows[0].keys()) - {"ts", "seq", "device", "clock"}:
            assert table[f"{device}.{name}"] == [row[name] for row in rows]
    assert names(tmp_path) == {"out.parquet"}


def test_without_pyarrow_the_extra_is_named(folder, tmp_path):
    (tmp_path / "pyarrow.py").write_text("raise ModuleNotFoundError(name='pyarrow')")
    out = str(tmp_path / "out.parquet")
    done = program(
        *(folder, "export", "--from", "2026-11-21", "-o", out), PYTHONPATH=str(tmp_path)
    )
    assert done.returncode == 2
    assert done.stderr == "pyarrow is missing: pip install 'ppc[parquet]'\n"
    assert names(tmp_path) == {"pyarrow.py"}


def test_events_are_a_log(folder):
    done = program(folder, "events", "--from", "2026-11-22", "--to", "2026-11-22")
    assert done.stdout == (
        "2026-11-22 13:00:00.000+01:00 warning  test: begun at 1795348800.0\n"
    )


def test_energy_by_day_and_month(folder):
    days = json.loads(history(folder, "energy", "--to", "2026-11-23", "--json").stdout)
    assert days["2026-11-21"]["bess1"]["e_export_wh"] == 39_000.0
    assert days["2026-11-22"]["bess1"]["e_export_wh"] == 1_000.0
    done = history(folder, "energy", "--by", "month", "--to", "2026-11-23")
    assert re.search(r"^ 2026-11 +bess1 +40\.000 +0\.145 +—", done.stdout, re.MULTILINE)


def test_copies_a_day_to_look_at_and_its_end(folder, tmp_path):
    target = tmp_path / "copies"
    assert "4 of 4 files" in history(folder, "backup", str(target)).stdout
    assert "2 of 2 files" in history(folder, "backup", str(target)).stdout
    done = history(folder, "load", "2026-11-21")
    assert done.stdout == f"{folder / 'inspect.db'} is {FIRST} now\n"
    assert value(folder / "inspect.db", "SELECT count(*) FROM poi") == 40
    assert history(folder, "load", "--clear").returncode == 0
    assert "inspect.db" not in names(folder)


def test_the_trend_is_made_again(folder):
    (folder / "trend.db").unlink(missing_ok=True)
    done = history(folder, "rebuild-trend", PPC_CONFIG=str(PLANT))
    assert done.returncode == 0, done.stderr
    assert re.match(r".*/db/trend\.db: \d+\.\d MB\n", done.stdout)
    assert value(folder / "trend.db", "SELECT count(*) FROM days") == 2
    assert value(folder / "trend.db", "SELECT count(*) FROM poi_1m") == 3


EXAMPLES = re.findall(
    r"^ppc history (.+)$", (ROOT / "docs/howto/history.md").read_text(), re.MULTILINE
)


@mark.parametrize("example", EXAMPLES)
def test_the_examples_of_the_page_work(folder, tmp_path, monkeypatch, example):
    monkeypatch.chdir(tmp_path)
    done = history(folder, *shlex.split(example), PPC_CONFIG=str(PLANT))
    assert done.returncode == 0, done.stderr


def test_the_page_shows_every_command():
    shown = {example.split()[0] for example in EXAMPLES}
    assert shown == {
        command.name or command.callback.__name__
        for command in history_app.app.registered_commands
    }
