"""How fast is the control loop, beside a bare C loop and a bare uvloop and struct loop?

    python benchmarks/latency.py [--units 8 100 500] [--seconds 20] [--missed-seconds 300]

The field is a C program on libmodbus, in three processes. All three loops exchange the
same frames with it: one FC3 of 20 registers from the POI meter and from each unit, one
FC16 of 4 registers to each unit. The bare loops spin for 6 us a unit in place of control;
the controller does all it does for a real plant: five control functions, record, SCADA
server. At equal priority (SCHED_FIFO where permitted), one after the other.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
BUILD = HERE.parent / "build"
STEP_US_PER_UNIT = 6.0
CLIENT_PRIORITY, FIELD_PRIORITY = 10, 15

POINTS = {
    "state_code": (4, "u16", 1),
    "p_w": (5, "s32", 1),
    "q_var": (7, "s32", 1),
    "p_available_w": (9, "u32", 1),
    "p_available_min_w": (11, "s32", 1),
    "soc_pu": (13, "u16", 0.001),
}
METER = {
    "v_v": (14, "u32", 0.1),
    "f_hz": (16, "u32", 0.001),
    "p_w": (18, "s32", 1),
    "q_var": (7, "s32", 1),
}


def profile(kind, points):
    return {
        "source": "benchmarks/latency/field.c",
        "type": kind,
        "blocks": [
            {
                "address": 0,
                "count": 20,
                "points": [
                    {"key": k, "address": a, "type": t, "scale": s}
                    for k, (a, t, s) in points.items()
                ],
            }
        ],
    }


def plant(units, period_s, port):
    def at(i):
        return {"connection": {"host": "127.0.0.1", "port": port + i}, "station": 1}

    commands = [
        {"key": "p_set_w", "address": 100, "type": "s32"},
        {"key": "q_set_var", "address": 102, "type": "s32"},
    ]
    unit = profile("bess", POINTS) | {
        "commands": {"address": 100, "count": 4, "points": commands}
    }
    rating = {"profile": "unit", "s_max_va": 1.1e5, "p_max_w": 1e5, "e_max_wh": 2e5}
    devices = {"poi": {"profile": "meter"} | at(0)}
    devices |= {f"u{i:03}": rating | own(at(1 + i % 2), i) for i in range(units)}
    functions = (
        "equipment_watchdog",
        "state_of_charge",
        "power_limit",
        "voltage_support",
        "set_point_tracking",
    )
    size = 1e5 * units
    return {
        "plant.yaml": {
            "plant": {
                "v_nominal_v": 20e3,
                "p_max_w": size,
                "p_min_w": -size,
                "q_max_var": 0.33 * size,
            },
            "control": {"period_s": period_s},
            "devices": devices,
            "functions": [{name: {}} for name in functions],
            "scada": {"port": port + 9},
        },
        "profiles/meter.yaml": profile("poi", METER),
        "profiles/unit.yaml": unit,
    }


def own(place, i):
    """A connection and a station of its own for each unit, though the port is shared."""
    place["connection"]["backoff_max_s"] = 30.0 + i * 1e-6
    return place | {"station": i // 2}


def compile_c():
    BUILD.mkdir(exist_ok=True)
    if not shutil.which("cc"):
        sys.exit("a C compiler is needed (Debian: build-essential)")
    flags = ["-I/usr/include/modbus", "-O2", "-Wall"]
    for name in ("field", "bare"):
        command = ["cc", *flags, "-o", BUILD / name, HERE / f"{name}.c", "-lmodbus"]
        if subprocess.run(command, check=False).returncode:
            sys.exit("libmodbus is needed to play the field (Debian: libmodbus-dev)")


def quantile(values, part):
    ordered = sorted(values)
    return (
        ordered[min(len(ordered) - 1, int(part * len(ordered)))]
        if ordered
        else float("nan")
    )


def told(values):
    return "/".join(f"{quantile(values, p):7.2f}" for p in (0.5, 0.99, 1.0))


def bare(command):
    """Figures of a bare loop, without its first second."""
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    *rows, cpu = lines.splitlines()
    table = [[float(x) for x in row.split()] for row in rows][10:]
    late, _, wrote, _, age = map(list, zip(*table, strict=True))
    return {"late": late, "ack": wrote, "age": age, "cpu": float(cpu.split()[1])}


def measure(units, seconds, missed_seconds, level, port):
    period_s = 0.1 if units > 100 else 0.05
    step_us = STEP_US_PER_UNIT * units
    args = [str(x) for x in (units, 1e6 * period_s, seconds, step_us, port, level)]
    print(
        f"\n== {units} units, period {1e3 * period_s:.0f} ms, SCHED_FIFO {'yes' if level else 'no'}"
    )
    print(
        "   ms: p50/p99/max       tick to last ack          age of POI value          tick late      CPU %"
    )
    rows = {"bare C": bare([BUILD / "bare", *args])}
    with tempfile.TemporaryDirectory() as folder:
        path = write_plant(Path(folder), plant(units, period_s, port))
        ours = controller(path, seconds)
        rows["controller"] = ours
        rows["bare uvloop"] = bare([sys.executable, HERE / "bare_loop.py", *args])
        for name, row in rows.items():
            print(
                f"   {name:12} {told(row['ack']):>25} {told(row['age']):>25} {told(row['late']):>25} {row['cpu']:6.1f}"
            )
        compare(rows, units)
        if missed_seconds:
            long = controller(path, missed_seconds)
            print(
                f"   {missed_seconds:.0f} s: {long['cycles']} cycles, {long['missed']} missed, {long['incomplete']} incomplete, meter in time {100 * long['in_time'] / max(1, long['cycles'] - long['incomplete']):.2f} %, ack {told(long['ack'])} ms, late {told(long['late'])} ms, CPU {long['cpu']:.1f} %"
            )


def write_plant(folder, files):
    """YAML is a superset of JSON: no need for a dumper here."""
    shutil.copytree(HERE.parents[1] / "config" / "northbound", folder / "northbound")
    (folder / "profiles").mkdir()
    for name, content in files.items():
        (folder / name).write_text(json.dumps(content))
    return folder / "plant.yaml"


def controller(path, seconds):
    command = [sys.executable, HERE / "controller.py", path, str(seconds)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def compare(rows, units):
    c, ours, py = rows["bare C"], rows["controller"], rows["bare uvloop"]
    extra = {"ack": 0.3, "age": 1.2} if units <= 8 else {"ack": 0.0, "age": 0.0}
    for what, factor in (("ack", 2.0), ("age", 1.75)):
        for part in (0.5, 0.99):
            mine, best = quantile(ours[what], part), quantile(c[what], part)
            goal = factor * best + extra[what]
            verdict = (
                ""
                if part < 0.9
                else f", goal {goal:.2f} ms: {'met' if mine <= goal else 'MISSED'}"
            )
            print(
                f"   {what} p{100 * part:.0f}: {mine / best:.2f} x bare C, {mine / quantile(py[what], part):.2f} x bare uvloop{verdict}"
            )
    span = told(ours["span"])
    print(
        f"   POI asked to last ack {span} ms; step {told(ours['step'])} ms; {ours['cycles']} cycles, {ours['missed']} missed, {ours['incomplete']} incomplete; memory {ours['memory_mb']:.0f} MB"
    )


def options_of(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--units", type=int, nargs="+", default=[8, 100, 500])
    parser.add_argument("--seconds", type=float, default=20.0, help="of each loop")
    parser.add_argument(
        "--missed-seconds",
        type=float,
        default=300.0,
        help="of the controller alone, to count missed cycles; 0: not",
    )
    parser.add_argument("--port", type=int, default=15600, help="first of ten ports")
    return parser.parse_args(arguments)


def main():
    options = options_of()
    compile_c()
    level = CLIENT_PRIORITY if may_fifo() else 0
    fields = [
        subprocess.Popen(
            [
                BUILD / "field",
                str(options.port + i),
                str(FIELD_PRIORITY if level else 0),
            ],
            stdout=subprocess.PIPE,
        )
        for i in range(3)
    ]
    try:
        for field in fields:
            field.stdout.readline()
        print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
        for units in options.units:
            measure(units, options.seconds, options.missed_seconds, level, options.port)
    finally:
        for field in fields:
            field.terminate()
            field.wait()


def may_fifo():
    try:
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))
        os.sched_setscheduler(0, os.SCHED_OTHER, os.sched_param(0))
    except OSError:
        return False
    return True


if __name__ == "__main__":
    main()
