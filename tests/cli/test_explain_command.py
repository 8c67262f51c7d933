"""`ppc explain` asks a controller that runs, in a process of its own."""

import json

from pytest import fixture

from ppc.cli.explain_command import lines
from tests.rig import Rig, wait_for, write_plant


def with_frequency(plant):
    plant["functions"].insert(2, {"limited_frequency_sensitive_mode": {}})
    plant["simulation"]["units"]["bess2"]["soc_pu"] = 0.05


@fixture(scope="module")
def rig(tmp_path_factory):
    folder = tmp_path_factory.mktemp("explain")
    with Rig(write_plant(folder / "plant", with_frequency), folder / "db") as rig:
        yield rig


def told(rig):
    done = rig.ppc("explain")
    assert done.returncode == 0, done.stderr
    return done.stdout


def verdict(rig, name):
    start = f"  {name}: "
    rows = [row for row in told(rig).split("\n") if row.startswith(start)]
    return rows[0].removeprefix(start)


def test_it_says_what_is_ordered_and_who_is_in_the_way(rig):
    rig.scada.write("p_limit_max_w", 4e6)
    rig.scada.write("p_set_w", 5e6)
    wait_for(lambda: rig.scada.read("p_limiting_code") == 5, 20.0, "the limit")
    said = told(rig)
    assert said.startswith("demonstration plant: limited\ndecided ")
    assert "ordered by SCADA, for " in said
    assert "  P = 5.000 MW, by operator\n  P at most 4.000 MW, by operator\n" in said
    assert "P: power_limit keeps it at 4.000 MW, ordered by operator" in said
    assert verdict(rig, "equipment_watchdog") == "ok, nothing"
    assert verdict(rig, "state_of_charge").startswith("limiting, bess2 at most 0 W")
    assert verdict(rig, "power_limit").startswith("limited, P at most 4.000 MW (was ")
    assert verdict(rig, "set_point_tracking").startswith("tracking, chose P = 4.000 MW")
    assert "  pv4: running, told P = " in said


def test_a_frequency_that_is_too_high_is_answered_and_explained(rig):
    lfsm = "limited_frequency_sensitive_mode"
    assert verdict(rig, lfsm) == "normal, nothing"
    assert rig.console.write("f_hz", 50.4)
    wait_for(lambda: rig.scada.read("f_hz") > 50.39, 10.0, "the frequency")
    wait_for(lambda: "over, adds -" in verdict(rig, lfsm), 10.0, "the answer")
    assert "f = 50.40" in told(rig)
    rig.console.write("f_hz", 50.0)


def test_as_json_it_is_the_status_with_the_sentences(rig):
    status = json.loads(rig.ppc("explain", "--json").stdout)
    assert status["plant"] == "demonstration plant"
    assert 0.0 <= status["decided_age_s"] < 1.0
    names = [v["function"] for v in status["explanation"]["verdicts"]]
    assert ["measurement", *names] == [name for name, _ in status["functions"]]
    assert len(status["units"]) == 7


def test_asking_costs_no_cycle(rig):
    before = json.loads(rig.ppc("explain", "--json").stdout)["cycle"]
    for _ in range(5):
        told(rig)
    after = json.loads(rig.ppc("explain", "--json").stdout)["cycle"]
    assert after["cycles_count"] > before["cycles_count"]
    assert after["missed_count"] == before["missed_count"]


def test_another_plant_file_or_none_that_runs_is_refused(rig, tmp_path):
    other = Rig(write_plant(tmp_path / "plant"), rig.db_dir)
    done = other.ppc("explain")
    assert (done.returncode, done.stdout) == (1, "")
    assert f"the controller here runs {rig.plant.resolve()}" in done.stderr
    other.db_dir = tmp_path
    done = other.ppc("explain")
    assert (done.returncode, done.stdout) == (1, "")
    assert f"no controller runs with its record in {tmp_path}" in done.stderr
    other.__exit__()


def test_one_that_was_killed_does_not_answer_any_more(tmp_path):
    rig = Rig(write_plant(tmp_path / "plant"), tmp_path / "db")
    rig.start()
    assert rig.ppc("explain").returncode == 0
    rig.kill()
    done = rig.ppc("explain")
    assert done.returncode == 1
    assert "no controller runs" in done.stderr
    assert "Traceback" not in done.stderr
    rig.__exit__()


def plain(status):
    return "\n".join(line.plain for line in lines(status.as_dict()))


def test_what_is_silent_or_unknown_is_said(status):
    said = plain(status)
    assert "decided 40 ms ago" in said
    assert "unit2: running, out of service, SOC 50 %, told nothing" in said
    blank = status.as_dict() | {"poi_age_s": None, "scada_orders_left_s": None}
    blank["explanation"]["ordered"] = ()
    said = "\n".join(line.plain for line in lines(blank))
    assert "measured, — ago" in said
    assert "ordered by SCADA\n  nothing\n" in said


def test_a_decision_that_is_old_is_not_told_as_one_of_now(status):
    old = status.as_dict() | {"decided_age_s": 12.0}
    said = "\n".join(line.plain for line in lines(old))
    assert "no decision for 12 s: control fails, the log says why" in said


def test_a_unit_that_is_sent_no_set_points_is_told_with_the_reason(status):
    held = status.as_dict()
    held["units"][0]["held"] = "register 91 is 0, not 1"
    said = "\n".join(line.plain for line in lines(held))
    assert said.count("not sent (register 91 is 0, not 1)") == 1
