"""The real controller on the benchmark's field; prints one JSON object.

python controller.py PLANT_YAML SECONDS
"""

import json
import logging
import struct
import sys
import tempfile
import time
from pathlib import Path
from resource import RUSAGE_SELF, getrusage

from ppc.application.application import Application
from ppc.configuration.loading import load


def cpu_s():
    usage = getrusage(RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def watch_stamps(app, stamps):
    """Note when the field built each of the meter's answers, by question."""
    poll = app._field.devices[0].polls[0]  # noqa: SLF001
    decode = poll._decode  # noqa: SLF001

    def stamped(payload, time_s):
        stamps[time_s] = struct.unpack_from(">Q", payload)[0] * 1e-6
        return decode(payload, time_s)

    poll._decode = stamped  # noqa: SLF001


def run(configuration, seconds):
    """Cycles, stamps, status before and after, CPU per cent, of `seconds` of control."""
    cycles, stamps = [], {}
    with tempfile.TemporaryDirectory() as db_dir:
        app = Application(configuration, db_dir=Path(db_dir), on_cycle=cycles.append)
        app.start()
        watch_stamps(app, stamps)
        time.sleep(3.0)  # connections made, leads learnt
        cycles.clear()
        before, began_s, busy_s = app.status(), time.monotonic(), cpu_s()
        time.sleep(seconds)
        cpu = 100 * (cpu_s() - busy_s) / (time.monotonic() - began_s)
        told, after = list(cycles)[:-1], app.status()
        app.stop()
    return told, stamps, before, after, cpu


def main():
    logging.getLogger("transitions").setLevel(logging.ERROR)
    cycles, stamps, before, after, cpu = run(
        load(Path(sys.argv[1])), float(sys.argv[2])
    )
    done = [c for c in cycles if c.complete and c.expected_count]
    fresh = [c for c in done if c.meter_in_time and c.meter_asked_s in stamps]
    figures = {
        "late": [1e3 * c.late_s for c in done],
        "step": [1e3 * (c.stepped_s - c.begun_s) for c in done],
        "ack": [1e3 * c.acknowledged_s for c in done],
        "span": [1e3 * (c.last_acknowledged_s - c.meter_asked_s) for c in done],
        "age": [1e3 * (c.last_acknowledged_s - stamps[c.meter_asked_s]) for c in fresh],
        "in_time": len(fresh),
        "cycles": len(cycles),
        "incomplete": len(cycles) - len(done),
        "missed": after.cycle.missed_count - before.cycle.missed_count,
        "cpu": cpu,
        "memory_mb": getrusage(RUSAGE_SELF).ru_maxrss / 1024,
        "realtime": after.cycle.realtime,
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
