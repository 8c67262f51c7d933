"""The whole plant, by its map: what docs/scada.md says, done."""

import re
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from pyModbusTCP.client import ModbusClient
from pytest import approx, fixture, importorskip, mark, skip

from ppc.application.scada_segments import all_registers
from ppc.configuration.loading import load
from tests.rig import Rig, wait_for, write_plant

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "scada.md").read_text(encoding="utf-8")
FUNCTIONS = [
    {"equipment_watchdog": {}},
    {"plant_sequence": {"stop_s": 1.0, "start_s": 1.0}},
    {"power_limit": {}},
    {"run_back": {}},
    {"set_point_tracking": {}},
    {"volt_var": {"response_s": 1.0}},
]
ALL = [
    *("p_set_w", "p_next_w", "p_next_at_s", "q_set_var", "v_set_pu", "p_limit_max_w"),
    *("p_limit_min_w", "enable_code", "q_mode_code", "run_back_code", "reset_code"),
    *("emergency_stop_code", "curves_code"),
]


@fixture(name="rig", scope="module")
def _rig(tmp_path_factory):
    folder = tmp_path_factory.mktemp("map")

    def change(plant):
        plant["functions"] = FUNCTIONS
        plant["scada"]["sources"] = [{"name": "operator", "unit": 1, "keys": ALL}]

    with Rig(write_plant(folder / "plant", change), folder / "db") as rig:
        yield rig


def example(language):
    [text] = re.findall(rf"```{language}\n(.*?)```", PAGE, flags=re.DOTALL)
    return text


def with_port(text, rig):
    return text.replace("5502", str(rig.scada_port))


def result_is(desk, *results):
    def reached():
        desk.write("heartbeat_in", (desk.read("heartbeat_in") + 1) % 65536)
        return desk.read("command.result_code") in results

    wait_for(reached, 20.0, f"result {results}")


def test_the_python_example_does_what_it_says(rig):
    done = subprocess.run(
        [sys.executable, "-c", with_port(example("python"), rig)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert re.fullmatch(r"P -?\d+ W, Q -?\d+ var, f \d\d\.\d{3} Hz", lines[0])
    assert re.fullmatch(r"accepted 2000000 W, lives for \d+ s", lines[1])
    assert lines[2] == "result 4, the plant is standing"
    result_is(rig.scada, 4)


def test_every_line_for_mbpoll_is_taken(rig):
    if shutil.which("mbpoll") is None:
        skip("mbpoll is not installed")
    said = []
    for line in with_port(example("sh"), rig).splitlines():
        command = line.partition("#")[0].split()
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=20, check=False
        )
        assert done.returncode == 0, (line, done.stdout, done.stderr)
        said.append(done.stdout)
        if "10402" in line:
            assert rig.scada.read("p_set_w") == 1.5e6
            assert rig.scada.read("q_set_var") == -2e5
    assert "0x5050" in said[0]
    assert rig.scada.read("p_accepted_w") != rig.scada.read("p_accepted_w")  # NaN


def test_a_set_point_has_a_life_of_its_own_and_an_echo_of_each_step(rig):
    desk = rig.scada
    assert desk.write("p_set_validity_s", 2)
    assert desk.write("p_set_w", 1.2e6)
    assert desk.read("p_set_received_w") == desk.read("p_accepted_w") == 1.2e6
    assert 1 <= desk.read("p_set_left_s") <= 2
    wait_for(lambda: desk.read("p_in_force_w") == 1.2e6, 5.0, "it is in force")
    assert desk.read("p_source_code") == 1
    wait_for(lambda: desk.read("p_set_reject_code") == 7, 5.0, "it expires")
    assert desk.write("p_set_validity_s", 0)


def test_an_emergency_stop_holds_until_it_is_reset_and_started(rig):
    desk = rig.scada
    assert desk.write("command.operate_code", 3)
    result_is(desk, 4)
    assert desk.read("command.emergency_active_code") == 1
    for command in (4, 1):
        assert desk.write("command.select_code", command)
        assert desk.write("command.operate_code", command)
        result_is(desk, 4)
    assert desk.read("command.run_active_code") == 2


def test_a_curve_is_adopted_while_the_plant_runs(rig):
    desk = rig.scada
    assert desk.write_all({"curve.curve_code": 1, "curve.points_count": 2})
    points = {"curve.x1": 0.95, "curve.y1": 0.2, "curve.x2": 1.05, "curve.y2": -0.2}
    assert desk.write_all(points)
    missed = desk.read("cycles_missed_count")
    assert desk.write("curve.adopt_request_code", 1)
    wait_for(lambda: desk.read("curve.adopt_result_code") == 2, 10.0, "adopted")
    assert desk.read("curve.version_count") == 1
    assert desk.write("curve.shown_code", 1)
    assert desk.read("curve.shown_points_count") == 2
    assert desk.read("curve.shown_y2") == approx(-0.2)
    assert desk.read("cycles_missed_count") - missed <= 1
    assert "0001 by operator" in rig.ppc("set", "--history").stdout.replace("\n", " ")


def test_a_device_stands_in_its_slot(rig):
    desk = rig.scada
    wait_for(lambda: desk.read("bess1.link_code") == 2, 5.0, "bess1 answers")
    assert desk.read("bess1.type_code") == 1
    assert desk.read("poi.f_hz") == approx(desk.read("f_hz"), abs=0.1)
    assert desk.read("pv1.quality_code") == 0


def test_pysunspec2_reads_and_limits_the_running_plant(rig):
    client = importorskip(
        "sunspec2.modbus.client", reason="the group oracle is not installed"
    )
    device = client.SunSpecModbusClientDeviceTCP(
        1, "127.0.0.1", rig.scada_port, timeout=5
    )
    device.scan()
    assert device.DERMeasureAC[0].Hz.cvalue == approx(50.0, abs=0.2)
    assert device.DERVoltVar[0].Crv[0].Pt[1].Var.cvalue == approx(-20.0)
    control = device.DERCtlAC[0]
    control.WMaxLimPct.cvalue, control.WMaxLimPctEna.value = 10.0, 1
    control.write()
    limit = 1.0e6
    assert rig.scada.read("p_limit_max_accepted_w") == approx(limit)
    wait_for(
        lambda: rig.console.read("true_p_w") < limit + 5e4, 20.0, "the limit is met"
    )
    control.WMaxLimPctEna.value = 0
    control.write()
    device.close()


def test_the_record_tells_the_life_of_a_command(rig):
    desk = rig.scada
    assert desk.write("command.one_shot_code", 0xA500 + 1)
    result_is(desk, 4)
    wanted = ["received", "accepted", "confirmed", "achieved"]

    def told():
        with closing(
            sqlite3.connect(f"file:{rig.db_dir}/current.db?mode=ro", uri=True)
        ) as record:
            rows = record.execute(
                "SELECT number, state FROM orders WHERE key = 'start' ORDER BY seq"
            ).fetchall()
        last = max((number for number, _ in rows), default=None)
        return [state for number, state in rows if number == last] == wanted

    wait_for(told, 10.0, "the life is on record")


@mark.parametrize("address", [500, 599, 960, 9990, 30000, 40549])
def test_the_page_s_blocks_can_be_read(rig, address):
    one = ModbusClient("127.0.0.1", rig.scada_port, 1, timeout=2.0)
    assert one.read_input_registers(address, 1) is not None
    one.close()


def test_the_page_names_registers_that_there_are():
    known = {r.name for r in all_registers(load(ROOT / "config" / "plant.yaml"))}
    known |= {name.partition(".")[2] for name in known}
    named = set(re.findall(r"`([a-z_]+_(?:code|count|w|s|in|out))`", PAGE))
    settings = {"arm_s", "order_life_s", "reset_s", "heartbeat_timeout_s"}
    assert named - known <= {*settings, "rate_pu_per_s", "curves_code"}
