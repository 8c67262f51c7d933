"""A short run of benchmarks/soak.py, and its judge on truths with known violations."""

import re
import subprocess
import sys
import time

from pytest import mark

from benchmarks.soak.judge import judge
from ppc.database.truth import TruthRecorder
from tests.rig import ROOT

NOW_S = 1_763_700_000.0


def test_faults_of_chance_violate_nothing(tmp_path):
    done = subprocess.run(
        [
            *(sys.executable, ROOT / "benchmarks" / "soak.py", "--for", "40"),
            *("--every", "3", "--seed", "3", "--keep", tmp_path),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    count = int(re.search(r"(\d+) faults", done.stdout).group(1))
    assert count >= 10
    assert done.stdout.count("ok  ") == 7


def truth(folder, p_w=1e6, soc_pu=0.5, set_w=(1e6, 1e6), q_var=0.0, faults=()):
    """Two minutes of a plant that does nothing but this."""
    recorder = TruthRecorder(folder / "db")
    for i in range(1200):
        ts = NOW_S + i / 10.0
        meter = (20e3, 50.0, p_w, q_var)
        recorder.record("truth", [(ts, 20e3, 50.0, p_w, q_var, *meter, 0)])
        for name, p_set_w in zip(("bess1", "bess2"), set_w, strict=True):
            row = (ts, name, p_set_w, 0.0, p_set_w, 0.0, soc_pu, soc_pu, 2)
            recorder.record("truth_units", [row])
    for after_s, number, word, text in faults:
        recorder.record("truth_faults", [(NOW_S + after_s, number, word, text)])
    recorder.close()
    time.sleep(0.01)
    return folder


@mark.parametrize(
    ("broken", "told"),
    [
        ({"p_w": 10.5e6}, "limits of the connection point"),
        ({"p_w": -6.5e6}, "limits of the connection point"),
        ({"soc_pu": 0.03}, "state of charge within its window"),
        ({"set_w": (1e6, -1e6)}, "no two opposite battery set-points"),
        (
            {
                "q_var": 2e6,
                "faults": [
                    (10.0, 1, "on", "half_open on poi"),
                    (60.0, 1, "off", "half_open on poi"),
                ],
            },
            "Q at its default without the meter",
        ),
    ],
)
def test_each_violation_is_found(tmp_path, capsys, broken, told):
    assert judge(truth(tmp_path, **broken), [], [0, 0], "") == 1
    assert f"FAIL {told}" in capsys.readouterr().out


def test_a_sound_run_is_sound_and_an_early_end_is_not(tmp_path, capsys):
    folder = truth(tmp_path)
    assert judge(folder, [], [0, 0], "") == 0
    assert judge(folder, [], [0, -9], "the program ended with -9") == 1
    growing = [(float(i), 70.0 + i / 10.0) for i in range(600)]
    assert judge(folder, growing, [0, 0], "") == 1
    assert "FAIL memory does not grow" in capsys.readouterr().out
