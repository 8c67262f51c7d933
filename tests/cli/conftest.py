import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager

from pytest import fixture

from ppc.application.explaining import Explanation, Verdict
from ppc.application.status import CycleStatus, PlantStatus, UnitStatus
from tests.rig import ROOT, Rig, write_plant

FUNCTIONS = (
    ("equipment_watchdog", "degraded"),
    ("state_of_charge", "normal"),
    ("power_limit", "limited"),
    ("voltage_support", "auto"),
    ("set_point_tracking", "idle"),
)
EXPLANATION = Explanation(
    measured=("P = 3.000 MW", "Q = -1.000 Mvar"),
    ordered=("P = 8.000 MW", "P at most 5.000 MW"),
    verdicts=tuple(
        Verdict(
            name, mode, ("P at most 5.000 MW (was 10.00 MW)",) * (mode == "limited")
        )
        for name, mode in FUNCTIONS
    ),
    aim=("P = 5.000 MW, Q = -1.500 Mvar at the connection point",),
    limits=("P: power_limit keeps it at 5.000 MW, ordered by SCADA",),
)


def unit(i):
    battery, serves = i < 3, i != 2
    return UnitStatus(
        name=f"unit{i}", type="bess" if battery else "pv", connected=serves,
        in_service=serves, age_s=0.05 if serves else 12.0, p_w=1e6, q_var=-2e5,
        p_set_w=1e6, q_set_var=None, p_available_w=2e6,
        p_available_min_w=-2e6 if battery else None, soc_pu=0.5 if battery else None,
        s_max_va=2.2e6, state="running",
    )  # fmt: skip


@fixture
def plant_of():
    """A status of a plant with so many units, of which unit2 is silent."""

    def make(count):
        cycle = CycleStatus(
            period_s=0.1, late_p50_s=4e-5, late_max_s=2e-4, acknowledged_p50_s=9e-4,
            acknowledged_max_s=2e-3, meter_in_time_pu=1.0, cycles_count=1234,
            missed_count=0, incomplete_count=1, realtime=True,
        )  # fmt: skip
        return PlantStatus(
            plant="demonstration plant", wall_s=time.time(), state="limited", p_w=3e6,
            decided_age_s=0.04, explanation=EXPLANATION,
            q_var=-1e6, v_v=20100.0, f_hz=50.01, poi_age_s=0.01, v_nominal_v=20e3,
            p_max_w=10e6, p_min_w=-6e6, q_max_var=3.3e6, p_order_w=8e6,
            q_order_var=None, v_order_pu=1.01, p_active_w=5e6, q_active_var=-1.5e6,
            p_limited_by="power_limit", q_limited_by="", p_shortfall_w=2e6,
            q_shortfall_var=0.0, functions=FUNCTIONS,
            units=tuple(unit(i) for i in range(count)), cycle=cycle,
            scada_clients_count=1, listeners=(),
            scada_orders_left_s=55.0, record_dropped_count=0,
        )  # fmt: skip

    return make


@fixture
def status(plant_of):
    """The demonstration plant has seven units."""
    return plant_of(7)


@fixture(scope="session")
def running(tmp_path_factory):
    """The demonstration plant with its controller."""
    folder = tmp_path_factory.mktemp("running")
    with Rig(write_plant(folder / "plant"), folder / "db") as rig:
        yield rig


@contextmanager
def field_of(plant, db_dir):
    """`ppc simulate` on a plant file."""
    rig = Rig(plant, db_dir)
    command = [sys.executable, ROOT / "main.py", "simulate", "--attached"]
    field = subprocess.Popen(
        [*command, "--config", rig.plant],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert field.stdout.readline()
    try:
        yield rig
    finally:
        field.stdin.close()
        field.wait(10)
        field.stdout.close()
        rig.scada.close()
        rig.console.close()


@fixture(scope="session")
def alone(tmp_path_factory):
    """The same field, without a controller."""
    folder = tmp_path_factory.mktemp("alone")
    with field_of(write_plant(folder / "plant"), folder / "db") as rig:
        yield rig


@fixture
def simulated():
    """Serves the field of a plant file, without a controller."""
    with ExitStack() as stack:
        yield lambda plant, db_dir: stack.enter_context(field_of(plant, db_dir))
