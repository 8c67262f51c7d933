import json
import os
import pty
import select
import subprocess
import sys
import time
from io import StringIO

from pytest import fixture, mark
from rich.console import Console

from ppc.application.status import CycleStatus, PlantStatus, UnitStatus
from ppc.cli.live_view import render


@fixture
def status():
    cycle = CycleStatus(
        period_s=0.1, late_p50_s=4e-5, late_max_s=2e-4, acknowledged_p50_s=9e-4,
        acknowledged_max_s=2e-3, meter_in_time_pu=1.0, cycles_count=1234,
        missed_count=0, incomplete_count=1, realtime=True,
    )  # fmt: skip
    units = tuple(
        UnitStatus(
            name=f"bess{i}", type="bess", connected=True, in_service=i != 2, age_s=0.05,
            p_w=1e6, q_var=-2e5, p_set_w=1e6, q_set_var=None, p_available_w=2e6,
            p_available_min_w=-2e6, soc_pu=0.55, s_max_va=2.2e6, state="running",
        )
        for i in range(7)
    )  # fmt: skip
    return PlantStatus(
        plant="demonstration plant", wall_s=time.time(), state="limited", p_w=3e6,
        q_var=-1e6, v_v=20100.0, f_hz=50.01, poi_age_s=0.01, v_nominal_v=20e3,
        p_max_w=10e6, p_min_w=-6e6, q_max_var=3.3e6, p_order_w=3e6, q_order_var=None,
        v_order_pu=1.01, p_active_w=3e6, q_active_var=-1e6, p_limited_by="power_limit",
        q_limited_by="", p_shortfall_w=2e6, q_shortfall_var=0.0,
        functions=(("equipment_watchdog", "degraded"), ("voltage_support", "auto")),
        units=units, cycle=cycle, scada_clients_count=1, scada_orders_left_s=55.0,
        record_dropped_count=0,
    )  # fmt: skip


@mark.parametrize(("width", "height"), [(80, 24), (140, 50)])
def test_the_screen_holds_everything_and_does_not_run_over(status, width, height):
    console = Console(width=width, height=height, record=True, file=StringIO())
    lines = ["a line of the log " * 20] * 30
    console.print(render(status.as_dict(), lines, height=height))
    shown = console.export_text().rstrip("\n").split("\n")
    assert len(shown) <= height
    assert max(map(len, shown)) <= width
    text = "\n".join(shown)
    for word in (
        "LIMITED",
        "3.000 MW",
        "power_limit",
        "bess6",
        "order 1.01 pu",
        "auto",
    ):
        assert word in text


def test_what_is_not_known_is_shown_as_a_dash(status):
    blank = status.as_dict() | dict.fromkeys(
        ("p_w", "q_var", "v_v", "f_hz", "poi_age_s")
    )
    console = Console(width=80, record=True, file=StringIO())
    console.print(render(blank, [], height=24))
    assert "—" in console.export_text()


def test_the_view_ends_with_its_input_and_leaves_the_terminal_as_it_was(status):
    ours, theirs = pty.openpty()
    view = subprocess.Popen(
        [sys.executable, "-m", "ppc.cli.live_view"],
        stdin=subprocess.PIPE,
        stdout=theirs,
        stderr=theirs,
        text=True,
        env={**os.environ, "TERM": "xterm"},
    )
    os.close(theirs)
    for _ in range(2):
        view.stdin.write(json.dumps({"status": status.as_dict(), "lines": []}) + "\n")
        view.stdin.flush()
    view.stdin.close()
    seen = b""
    while select.select([ours], [], [], 10.0)[0]:
        try:
            seen += os.read(ours, 65536)
        except OSError:  # the other end is closed
            break
    os.close(ours)
    assert view.wait(10) == 0
    assert b"demonstration plant" in seen
    assert b"\x1b[?1049h" in seen  # the other screen
    assert seen.rindex(b"\x1b[?1049l") > seen.rindex(b"\x1b[?1049h")  # and back
    assert b"\x1b[?25h" in seen  # the cursor too
