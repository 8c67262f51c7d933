"""Grid voltage step at the demonstration plant: how does reactive power follow?

    python benchmarks/voltage_step.py [--step -0.02] [--scr 10] [--json]

The whole program on real sockets; the truth is read from the simulated grid at 100 Hz.
Definitions: reaction, first 10 % of the change; rise, 10 % to 90 %; settling, last time
outside 5 % of the change; overshoot, in part of the change; static error, distance of
the voltage from the droop line at the end, in part of nominal voltage, by what the meter
shows; "true" includes the errors of the meter, class 0.5 S with 0.2 % in voltage.
"""

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.rig import Rig, write_plant

SLOPE_PU, Q_MAX_VAR, V_NOMINAL_V = 0.04, 3.3e6, 20e3
BEFORE_S, AFTER_S = 1.0, 10.0


def record(rig, step_pu):
    """Time since the step, true Q and U."""
    rows, stepped_s = [], None
    began_s = time.monotonic()
    while True:
        now_s = time.monotonic()
        if stepped_s is None and now_s - began_s >= BEFORE_S:
            assert rig.console.write("v_pu", rig.console.read("v_pu") + step_pu)
            stepped_s = time.monotonic()
        if stepped_s is not None and now_s - stepped_s > AFTER_S:
            return [(t - stepped_s, q, v) for t, q, v in rows]
        rows.append(
            (now_s, rig.console.read("true_q_var"), rig.console.read("true_v_v"))
        )
        time.sleep(0.01)


def metrics(rows):
    before = [q for t, q, _ in rows if t < 0]
    after = [(t, q) for t, q, _ in rows if t >= 0]
    tail = [(q, v) for t, q, v in rows if t > 0.9 * AFTER_S]
    start = sum(before) / len(before)
    end = sum(q for q, _ in tail) / len(tail)
    change, v_end = end - start, sum(v for _, v in tail) / len(tail)

    def first(part):
        return next(t for t, q in after if (q - start) / change >= part)

    outside = [t for t, q in after if abs(q - end) > 0.05 * abs(change)]
    on_droop_pu = 1.0 - SLOPE_PU * end / Q_MAX_VAR
    return {
        "change_mvar": change / 1e6,
        "reaction_s": first(0.1),
        "rise_s": first(0.9) - first(0.1),
        "settling_s": max([0.0, *outside]),
        "overshoot_pu": max([0.0, *((q - end) / change for _, q in after)]),
        "static_error_true_pu": abs(v_end / V_NOMINAL_V - on_droop_pu),
    }


def static_error(rig):
    """Distance from the droop line of what the meter shows, mean of a second."""
    shown = []
    for _ in range(50):
        shown.append((rig.scada.read("v_v"), rig.scada.read("q_var")))
        time.sleep(0.02)
    v_pu = sum(v for v, _ in shown) / len(shown) / V_NOMINAL_V
    q_pu = sum(q for _, q in shown) / len(shown) / Q_MAX_VAR
    return abs(v_pu - (1.0 - SLOPE_PU * q_pu))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--step", type=float, default=-0.02, help="pu of the source voltage"
    )
    parser.add_argument("--scr", type=float, default=10.0)
    parser.add_argument("--settle", type=float, default=8.0, help="s before the step")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        plant = write_plant(
            Path(folder) / "plant",
            lambda p: p["simulation"]["grid"].update(scr=options.scr),
        )
        with Rig(plant, Path(folder) / "db") as rig:
            rig.scada.write("p_set_w", 3e6)
            time.sleep(options.settle)
            figures = metrics(record(rig, options.step))
            figures["static_error_pu"] = static_error(rig)
    if options.json:
        print(json.dumps(figures))
        return
    print(
        f"step {options.step:+.3f} pu at SCR {options.scr:g}, slope {SLOPE_PU:g}, Qmax {Q_MAX_VAR / 1e6:g} Mvar"
    )
    for name, value in figures.items():
        print(f"  {name:16} {value:9.4f}")


if __name__ == "__main__":
    main()
