import json
import os
import subprocess
import sys
from pathlib import Path

from pytest import fixture

from tests.bench.folder import expecting, write_cases

ROOT = Path(__file__).parents[2]


def bench(*arguments):
    return subprocess.run(
        [sys.executable, ROOT / "main.py", "bench", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "COLUMNS": "100"},
    )


@fixture(name="folder")
def _folder(tmp_path):
    return write_cases(
        tmp_path,
        good={},
        known={"expect": expecting(0.3), "expected": {"fail": "too far"}},
        missing={"needs": ["tea"]},
    )


def test_a_green_bench_ends_with_0_and_its_files_are_written(folder):
    page, figures = folder / "page.html", folder / "figures.json"
    done = bench("--folder", folder, "--report", page, "--json", figures)
    assert done.returncode == 0, done.stderr
    assert "3 cases" in done.stdout
    assert "not built (1): needs tea" in done.stdout
    assert page.read_text().startswith("<!doctype html>")
    told = {one["case"]: one["verdict"] for one in json.loads(figures.read_text())}
    assert told == {
        "good": "pass",
        "known": "expected failure",
        "missing": "not built",
    }


def test_a_case_that_fails_ends_it_with_1_and_a_sentence(tmp_path):
    folder = write_cases(tmp_path, bad={"expect": expecting(0.3)}, good={})
    done = bench("--folder", folder)
    assert done.returncode == 1
    assert "fail bad: it is there: static error: 0.1 pu" in done.stdout
    assert bench("--folder", folder, "--case", "good").returncode == 0


def test_the_list_runs_nothing(folder):
    done = bench("--folder", folder, "--list")
    assert done.returncode == 0
    assert "missing: The order is followed (needs tea)" in done.stdout


def test_no_such_case_is_told(folder):
    done = bench("--folder", folder, "--case", "nothing*")
    assert done.returncode == 2
    assert "matches nothing*" in done.stderr


def test_wrong_cases_are_refused_without_a_stack_trace(tmp_path):
    folder = write_cases(tmp_path, bad={"duration_s": "long"})
    done = bench("--folder", folder)
    assert done.returncode == 2
    assert "bad.yaml:8: duration_s" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_report_that_cannot_be_written_is_told(folder):
    done = bench("--folder", folder, "--case", "good", "--report", folder / "no" / "x")
    assert done.returncode == 2
    assert "No such file or directory" in done.stderr


def test_long_cases_are_run_on_request(tmp_path):
    folder = write_cases(tmp_path, slow={"long": True})
    done = bench("--folder", folder)
    assert done.returncode == 0
    assert "skipped (1): takes minutes: --long runs it" in done.stdout
    assert "(long)" in bench("--folder", folder, "--list").stdout
    done = bench("--folder", folder, "--long")
    assert "skipped" not in done.stdout
    assert "1 cases" in done.stdout
