"""Show 1: independent clients read, order, and see the plant follow."""

import shutil
import subprocess
import time

from pytest import approx, fixture, mark

from ppc.database.schema import KINDS
from tests.database.files import ask, value
from tests.rig import Rig, wait_for, write_plant


@fixture(scope="module")
def rig(tmp_path_factory):
    folder = tmp_path_factory.mktemp("scada")
    with Rig(write_plant(folder / "plant"), folder / "db") as rig:
        yield rig


def true_p_is(rig, p_w):
    return lambda: abs(rig.console.read("true_p_w") - p_w) < 0.005 * 10e6


def test_the_poi_is_shown_as_it_is(rig):
    def p_is_true():
        return rig.scada.read("p_w") == approx(rig.console.read("true_p_w"), rel=0.02)

    wait_for(p_is_true, 10.0, "PV to have come up")
    assert rig.scada.read("v_v") == approx(rig.console.read("true_v_v"), rel=0.005)
    assert rig.scada.read("f_hz") == approx(50.0, abs=0.01)
    assert rig.scada.read("poi_age_s") < 0.3 / 0.001  # raw: milliseconds
    assert rig.scada.read("magic_code") == 0x5050


def test_an_active_power_order_is_followed(rig):
    assert rig.scada.write("p_set_w", 3.0e6)
    wait_for(true_p_is(rig, 3.0e6), 20.0, "3 MW")
    time.sleep(2.0)
    assert rig.console.read("true_p_w") == approx(3.0e6, abs=0.005 * 10e6)
    assert rig.scada.read("p_accepted_w") == 3.0e6
    assert rig.scada.read("p_active_w") == approx(3.0e6)


def test_a_voltage_order_raises_the_voltage(rig):
    rig.scada.write("v_set_pu", 1.0)
    time.sleep(3.0)
    before_v, before_var = rig.console.read("true_v_v"), rig.console.read("true_q_var")
    assert rig.scada.write("v_set_pu", 1.02)
    time.sleep(3.0)
    assert rig.console.read("true_q_var") > before_var + 0.5e6
    assert rig.console.read("true_v_v") > before_v + 100.0


def test_what_is_out_of_range_is_refused(rig):
    before = rig.scada.read("p_set_w")
    assert not rig.scada.write("p_set_w", 20e6)
    assert not rig.scada.write("p_w", 1.0)
    assert rig.scada.read("p_set_w") == before


def test_our_heartbeat_moves(rig):
    before = rig.scada.read("heartbeat_out")
    wait_for(lambda: rig.scada.read("heartbeat_out") != before, 3.0, "a beat")


def test_a_limit_caps_an_order_and_says_so(rig):
    rig.scada.write("p_set_w", 4.0e6)
    assert rig.scada.write("p_limit_max_w", 2.0e6)
    wait_for(true_p_is(rig, 2.0e6), 20.0, "2 MW")
    assert rig.scada.read("p_limiting_code") == 4  # power_limit, fourth in plant.yaml
    assert rig.scada.write("withdraw_code", 8)
    wait_for(lambda: rig.scada.read("p_limiting_code") == 0, 10.0, "the limit to go")


@mark.skipif(not shutil.which("mbpoll"), reason="needs mbpoll (Debian: mbpoll)")
def test_mbpoll_reads_and_orders(rig):
    common = ["mbpoll", "-m", "tcp", "-p", str(rig.scada_port), "-a", "1", "-0", "-B"]

    def run(*arguments):
        command = [*common, *arguments[:-1], "127.0.0.1", *arguments[-1]]
        return subprocess.run(command, capture_output=True, text=True, check=True)

    read = run("-1", "-t", "4:float", "-r", "200", "-c", "4", []).stdout
    shown = [line.split()[-1] for line in read.splitlines() if line.startswith("[2")]
    assert float(shown[3]) == approx(50.0, abs=0.05)
    run("-t", "4:float", "-r", "400", ["1500000"])
    wait_for(true_p_is(rig, 1.5e6), 20.0, "1.5 MW")


def test_blocked_the_plant_goes_to_nothing_and_comes_back(rig):
    assert rig.scada.write("enable_code", 0)
    wait_for(true_p_is(rig, 0.0), 20.0, "no power")
    assert rig.scada.read("state_code") == 4
    assert rig.scada.write("enable_code", 1)
    wait_for(true_p_is(rig, 1.5e6), 20.0, "1.5 MW again")


def test_orders_die_with_the_heartbeat(rig):
    assert rig.scada.write("heartbeat_in", 7)
    assert rig.scada.read("orders_left_s") <= 10
    took_s = wait_for(
        lambda: rig.scada.read("p_accepted_w") != rig.scada.read("p_accepted_w"),
        12.0,
        "NaN",
    )
    assert took_s == approx(10.0, abs=1.0)


def test_all_of_it_is_in_the_record(rig):
    """The last test: the plant has been ordered about by now."""

    def count(table):
        return value(rig.db_dir / "current.db", f"SELECT count(*) FROM {table}")  # noqa: S608

    wait_for(lambda: count("commands") > 0, 5.0, "a batch to be written")
    assert {table for table in KINDS if not count(table)} == set()
    assert {state for (state,) in ask(rig.db_dir / "current.db", STATES)} >= {
        "issued",
        "written",
        "achieved",
        "superseded",
    }
    assert value(rig.db_dir / "current.db", MW_3) == 1


STATES = "SELECT DISTINCT state FROM commands"
MW_3 = """
SELECT EXISTS (
    SELECT 1 FROM decisions WHERE p_order_w = 3e6 AND p_asked_by = 'operator'
)
"""
