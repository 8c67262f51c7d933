"""`/metrics` beside a controller that runs: served, true, and gone with it."""

import json
import os
import signal
import socket
import subprocess
import sys
from urllib.error import URLError
from urllib.request import urlopen

from prometheus_client.parser import text_string_to_metric_families
from pytest import approx, fixture

from tests.rig import ROOT, Rig, free_ports, wait_for, write_plant


@fixture(scope="module")
def port():
    return free_ports(1)[0]


@fixture(scope="module")
def rig(tmp_path_factory, port):
    def with_metrics(plant):
        plant["metrics"] = {"port": port}
        plant["scada"]["limits"] = {"connections": 2}

    folder = tmp_path_factory.mktemp("metrics")
    with Rig(write_plant(folder / "plant", with_metrics), folder / "db") as rig:
        yield rig


def scraped(port, label="unit"):
    with urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10.0) as answer:
        text = answer.read().decode()
    return {
        (sample.name, sample.labels.get(label)): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def answers(port):
    try:
        return bool(scraped(port))
    except (URLError, ConnectionError):
        return False


def test_what_is_scraped_is_what_the_controller_says(rig, port):
    wait_for(lambda: answers(port), 20.0, "the metrics")
    found = scraped(port)
    status = json.loads(rig.ppc("explain", "--json").stdout)
    assert found["ppc_up", None] == 1
    assert found["ppc_voltage_volts", None] == approx(status["v_v"], rel=0.01)
    assert status["cycle"]["cycles_count"] >= found["ppc_cycles_total", None] > 0
    units = {unit for name, unit in found if name == "ppc_unit_connected"}
    assert units == {unit["name"] for unit in status["units"]}


def test_what_comes_to_the_scada_port_is_counted(rig, port):
    wait_for(lambda: answers(port), 20.0, "the metrics")
    at = "127.0.0.1", rig.scada_port
    rig.scada.read("p_w")  # the first of two connections
    before = scraped(port, "code")
    with socket.create_connection(at) as second:
        second.sendall(bytes.fromhex("000100000006 01 63 0000 0001"))
        assert second.recv(99).hex() == "000100000003" + "01e301"
        with socket.create_connection(at, timeout=5.0) as third:
            assert third.recv(99) == b""
        second.sendall(bytes.fromhex("0001 0007 0006 01"))
        assert second.recv(99) == b""
    after = scraped(port, "code")
    for name, code in (
        ("ppc_scada_connections_total", None),
        ("ppc_scada_connections_refused_total", None),
        ("ppc_scada_malformed_total", None),
        ("ppc_scada_exceptions_total", "1"),
    ):
        assert after[name, code] == before[name, code] + 1, name
    assert after["ppc_scada_requests_total", None] > 0
    (listener,) = json.loads(rig.ppc("explain", "--json").stdout)["listeners"]
    assert listener["listener"] == f"127.0.0.1:{rig.scada_port}"
    assert listener["refused_count"] == 1
    assert listener["malformed_count"] == 1
    assert dict(listener["exceptions"])[1] == 1


def test_a_port_that_is_taken_is_named(rig, port):
    wait_for(lambda: answers(port), 20.0, "the metrics")
    done = rig.ppc("metrics")
    assert done.returncode == 1
    assert f"metrics: cannot listen on 127.0.0.1:{port}: Address already" in done.stderr


def test_alone_it_tells_that_nobody_runs_until_it_is_stopped(tmp_path):
    (own,) = free_ports(1)
    plant = write_plant(
        tmp_path / "plant", lambda plant: plant.update(metrics={"port": own})
    )
    command = [sys.executable, ROOT / "main.py", "metrics", "--config", plant]
    env = {**os.environ, "PPC_DB_DIR": str(tmp_path)}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env=env
    ) as served:
        assert served.stdout.readline() == f"http://127.0.0.1:{own}/metrics\n"
        assert scraped(own) == {("ppc_up", None): 0}
        served.send_signal(signal.SIGTERM)
        assert served.wait(10) == 0


def test_it_ends_with_a_controller_that_is_killed(rig, port):
    wait_for(lambda: answers(port), 20.0, "the metrics")
    rig.kill()

    def free():
        with socket.socket() as knock:
            return knock.connect_ex(("127.0.0.1", port)) != 0

    wait_for(free, 10.0, "the metrics to end")
