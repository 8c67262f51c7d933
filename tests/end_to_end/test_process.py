"""Show 4, and what a process owes its machine: ports, signals, children, kill -9."""

import os
import random
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from math import isnan

from pytest import fixture, mark

from tests.rig import ROOT, Rig, wait_for, write_plant


@fixture
def rig(tmp_path):
    rig = Rig(write_plant(tmp_path / "plant"), tmp_path / "db")
    yield rig
    rig.__exit__()


def listens(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def console_port(rig):
    return rig.console.port


def log(rig):
    return (rig.db_dir.parent / "log.txt").read_text()


def test_it_stops_in_order_and_leaves_nothing_behind(rig):
    rig.start()
    assert rig.stop() == 0
    assert "safe set-points" in log(rig)
    assert not listens(console_port(rig))
    assert not listens(rig.scada_port)
    assert not list(rig.db_dir.glob("*-wal"))
    rig.start()  # and again, on the same ports and files
    assert rig.stop() == 0
    assert "Traceback" not in log(rig)


def test_the_field_does_not_outlive_a_killed_controller(rig):
    rig.start()
    rig.kill()
    wait_for(lambda: not listens(console_port(rig)), 5.0, "the field to end")


def last_and_sound(rig):
    """Time of the newest sample, in a file that is whole."""
    with closing(sqlite3.connect(rig.db_dir / "current.db")) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return db.execute("SELECT max(ts) FROM poi").fetchone()[0]


def test_killed_at_any_moment_it_starts_again_and_resumes_no_order(rig):
    pick = random.Random(4)  # noqa: S311
    for _ in range(4):
        rig.start()
        rig.scada.write("p_set_w", 1.0e6)
        time.sleep(2.0 + pick.random())
        killed_s = time.time()
        rig.kill()
        wait_for(lambda: not listens(console_port(rig)), 5.0, "the field to end")
        assert last_and_sound(rig) > killed_s - 2.1  # a sample a second, the last lost
    rig.start()
    assert isnan(rig.scada.read("p_accepted_w"))
    assert rig.stop() == 0


@mark.parametrize(
    ("which", "setting"), [("scada", "scada.port"), ("poi", "a device's")]
)
def test_a_port_in_use_is_told_in_a_sentence(rig, which, setting):
    port = rig.scada_port if which == "scada" else console_port(rig)
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", port))
        holder.listen()
        done = rig.ppc("run", "--for", "1")
    assert done.returncode == 2
    assert f"127.0.0.1:{port} is in use" in done.stderr
    assert setting in done.stderr
    assert "Traceback" not in done.stderr


def test_simulate_serves_the_field_alone(rig):
    command = [sys.executable, ROOT / "main.py", "simulate", "--config", rig.plant]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as field:
        assert field.stdout.readline() == "field ready\n"
        assert rig.console.read("v_pu") == 1.0
        field.send_signal(signal.SIGTERM)
        assert field.wait(10) == 0


def test_it_says_when_there_is_no_real_time_priority(rig):
    if os.geteuid() != 0:
        rig.start()
        rig.stop()
        assert "no real-time priority" in log(rig)
        return
    # As root without CAP_SYS_NICE: the limit that SCHED_FIFO needs is taken away.
    script = (
        "import resource, runpy, sys, os\n"
        "os.sched_setscheduler = lambda *a: (_ for _ in ()).throw(PermissionError())\n"
        f"sys.argv = ['ppc', 'run', '--for', '1', '--config', {str(rig.plant)!r}]\n"
        "runpy.run_module('ppc.cli.main', run_name='__main__')\n"
    )
    env = {**os.environ, "PPC_DB_DIR": str(rig.db_dir)}
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env=env,
    )
    assert "no real-time priority" in done.stdout
