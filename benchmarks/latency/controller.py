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


def main():
    logging.getLogger("transitions").setLevel(logging.ERROR)
    configuration, seconds = load(Path(sys.argv[1])), float(sys.argv[2])
    cycles, stamps = [], {}
    with tempfile.TemporaryDirectory() as db_dir:
        app = Application(configuration, db_dir=Path(db_dir), on_cycle=cycles.append)
        app.start()
        codec = app._field.devices[0].polls[0].codec  # noqa: SLF001
        decode = codec.decode

        def stamped(payload, time_s):
            """When the field built this answer, by the question it answers."""
            stamps[time_s] = struct.unpack_from(">Q", payload)[0] * 1e-6
            return decode(payload, time_s)

        codec.decode = stamped
        time.sleep(3.0)  # connections made, leads learnt
        cycles.clear()
        missed, began_s, busy_s = (
            app.status().cycle.missed_count,
            time.monotonic(),
            cpu_s(),
        )
        time.sleep(seconds)
        busy_s, took_s = cpu_s() - busy_s, time.monotonic() - began_s
        measured = [c for c in list(cycles)[:-1] if c.complete and c.expected_count]
        count, status = len(cycles) - 1, app.status()
        app.stop()
    print(
        json.dumps(
            {
                "late": [1e3 * c.late_s for c in measured],
                "step": [1e3 * (c.stepped_s - c.begun_s) for c in measured],
                "ack": [1e3 * c.acknowledged_s for c in measured],
                "span": [
                    1e3 * (c.last_acknowledged_s - c.meter_asked_s) for c in measured
                ],
                "age": [
                    1e3 * (c.last_acknowledged_s - stamps[c.meter_asked_s])
                    for c in measured
                    if c.meter_asked_s in stamps and c.meter_in_time
                ],
                "in_time": sum(c.meter_in_time for c in measured),
                "cycles": count,
                "incomplete": count - len(measured),
                "missed": status.cycle.missed_count - missed,
                "cpu": 100 * busy_s / took_s,
                "memory_mb": getrusage(RUSAGE_SELF).ru_maxrss / 1024,
                "realtime": status.cycle.realtime,
            }
        )
    )


if __name__ == "__main__":
    main()
