"""Settings changed at the running plant: no bump, no missed cycle, and they last."""

import json
import socket
import sqlite3
import time
from contextlib import closing
from itertools import pairwise

from pytest import approx, fixture

from tests.rig import Rig, wait_for, write_plant


@fixture
def rig(tmp_path):
    with Rig(write_plant(tmp_path / "plant"), tmp_path / "db") as rig:
        yield rig


def status(rig):
    return json.loads(rig.ppc("explain", "--json").stdout)


def set_(rig, *arguments):
    done = rig.ppc("set", *arguments)
    assert done.returncode == 0, done.stderr
    return done.stdout


def log(rig):
    return (rig.db_dir.parent / "log.txt").read_text()


def configured(rig, what):
    """All versions on record, the oldest first."""
    with closing(sqlite3.connect(rig.db_dir / "current.db")) as base:
        rows = base.execute(
            "SELECT text FROM configurations WHERE what = ? ORDER BY seq", (what,)
        )
        return [text for (text,) in rows]


def events(rig):
    """What the record says of settings."""
    with closing(sqlite3.connect(rig.db_dir / "current.db")) as base:
        rows = base.execute("SELECT text FROM events WHERE source = 'parameters'")
        return [text for (text,) in rows]


def field_runs(rig):
    with socket.socket() as link:
        return link.connect_ex(("127.0.0.1", rig.console.port)) == 0


def test_other_settings_give_no_bump_and_cost_no_cycle(rig):
    """A limit that is being approached goes on from where it is, at its new rate."""
    rig.scada.write("p_set_w", 5e6)
    wait_for(lambda: abs(rig.scada.read("p_w") - 5e6) < 5e4, 20.0, "the order")
    before = status(rig)["cycle"]
    set_(rig, "power_limit.rate_w_per_s=1e5")
    rig.scada.write("p_limit_max_w", 1e6)
    wait_for(lambda: rig.scada.read("p_w") < 4.8e6, 20.0, "the limit to begin")
    seen = []
    for rate in ("5e4", "8e4", "1e5"):
        set_(rig, f"power_limit.rate_w_per_s={rate}")
        seen.append((time.monotonic(), rig.scada.read("p_w")))
    for (early_s, high_w), (late_s, low_w) in pairwise(seen):
        assert 0.0 < high_w - low_w < 1e5 * (late_s - early_s) + 3e4
    set_(rig, "power_limit.rate_w_per_s=1e7")
    wait_for(lambda: abs(rig.scada.read("p_w") - 1e6) < 5e4, 5.0, "the limit")
    after = status(rig)["cycle"]
    assert after["missed_count"] == before["missed_count"]


def test_a_slope_that_is_set_changes_q_and_its_way_back_too(rig):
    rig.console.write("v_pu", 0.98)
    wait_for(lambda: rig.scada.read("q_var") > 5e5, 20.0, "voltage support")
    time.sleep(3.0)
    steep_var = rig.scada.read("q_var")
    set_(rig, "voltage_support.slope_pu=0.07", "--say", "softer")
    wait_for(lambda: rig.scada.read("q_var") < 0.8 * steep_var, 10.0, "less Q")
    set_(rig, "--revert", "1")
    wait_for(
        lambda: rig.scada.read("q_var") == approx(steep_var, rel=0.05), 10.0, "Q again"
    )


def test_it_holds_after_a_kill_and_is_on_record(rig):
    set_(rig, "voltage_support.slope_pu=0.06", "--say", "asked by the grid operator")
    set_(rig, "set_point_tracking.hold_s=20")
    set_(rig, "--revert", "2")
    taken_back = "takes back 0002: set_point_tracking.hold_s"
    wait_for(lambda: any(taken_back in t for t in events(rig)), 5.0, "the event")
    rig.kill()
    wait_for(lambda: not field_runs(rig), 5.0, "the field to end")
    rig.start()
    line = "INFO    ppc.application.application: parameters over plant.yaml: 0001 by "
    wait_for(lambda: line in log(rig), 5.0, "the line in the log")
    rows = json.loads(set_(rig, "--list", "--json"))["settings"]
    held = {row["setting"]: row["value"] for row in rows if row["version"]}
    assert held == {"slope_pu": 0.06}
    rig.stop()
    told = events(rig)
    assert any("slope_pu 0.04 -> 0.06 (asked by the grid" in text for text in told)
    assert any(taken_back in text for text in told)
    assert any(text.startswith("holds: 0001 by ") for text in told)
    *_, last = versions = configured(rig, "parameters")
    assert len(versions) == 4  # none, one, two, one again; nothing new after the kill
    assert last == versions[1] != versions[2]
    assert "slope_pu 0.04 -> 0.06" in last
    assert len(configured(rig, "plant.yaml")) == 1
