"""Shows 3: cables are pulled, and nothing stupid happens."""

import sqlite3
import time
from contextlib import closing
from itertools import pairwise

from pytest import approx, fixture

from tests.rig import Rig, wait_for, write_plant

HOLD_S, RESET_S = 2.0, 1.5


def quick(plant):
    """Short waits, so that the test need not."""
    for entry in plant["functions"]:
        if "voltage_support" in entry:
            entry["voltage_support"] |= {
                "hold_s": HOLD_S,
                "reset_s": RESET_S,
                "v_set_pu": 1.02,
                "q_rate_error_var_per_s": 1.0e6,
            }


@fixture
def rig(tmp_path):
    with Rig(write_plant(tmp_path / "plant", quick), tmp_path / "db") as rig:
        yield rig


def events(rig, source):
    """What the record says of a source, oldest first."""
    with closing(
        sqlite3.connect(f"file:{rig.db_dir}/current.db?mode=ro", uri=True)
    ) as db:
        found = db.execute("SELECT text FROM events WHERE source = ?", (source,))
        return [text for (text,) in found]


def sample_q(rig, seconds):
    rows, began_s = [], time.monotonic()
    while (now_s := time.monotonic() - began_s) < seconds:
        rows.append((now_s, rig.console.read("true_q_var")))
        time.sleep(0.02)
    return rows


def test_without_its_meter_the_plant_holds_then_goes_to_its_default_and_returns(rig):
    time.sleep(4.0)
    before = rig.console.read("true_q_var")
    assert before > 0.5e6
    rig.console.write("plugged_poi", 0)
    wait_for(lambda: "auto -> error" in events(rig, "voltage_support"), 3.0, "error")
    held = sample_q(rig, HOLD_S - 1.0)
    assert all(q == approx(before, abs=0.1e6) for _, q in held)
    wait_for(lambda: abs(rig.console.read("true_q_var")) < 0.3e6, 6.0, "the default")
    assert rig.scada.read("state_code") == 3

    rig.console.write("plugged_poi", 1)
    back = sample_q(rig, RESET_S + 9.0)
    steps = [abs(b - a) for (_, a), (_, b) in pairwise(back)]
    assert max(steps) < 0.15 * before  # it returns as it goes: no bump
    assert back[-1][1] == approx(before, abs=0.1e6)
    assert "error -> auto" in events(rig, "voltage_support")


def test_the_others_take_the_share_of_a_lost_unit(rig):
    rig.console.write("sky_pu", 0.3)
    rig.scada.write("p_set_w", 3.0e6)
    wait_for(lambda: abs(rig.console.read("true_p_w") - 3.0e6) < 30e3, 20.0, "3 MW")
    time.sleep(2.0)
    rig.console.write("plugged_bess1", 0)
    wait_for(lambda: rig.scada.read("units_in_service_count") == 6, 2.0, "its loss")
    time.sleep(10.0)  # it runs on, until its own watchdog stops it after 5 s
    assert rig.console.read("true_p_w") == approx(3.0e6, abs=0.005 * 10e6)
    assert rig.scada.read("p_shortfall_w") == approx(0.0, abs=1.0)
    assert "ok -> degraded" in events(rig, "equipment_watchdog")

    rig.console.write("plugged_bess1", 1)
    wait_for(lambda: rig.scada.read("units_in_service_count") == 7, 20.0, "its return")
    time.sleep(5.0)
    assert rig.console.read("true_p_w") == approx(3.0e6, abs=0.005 * 10e6)
