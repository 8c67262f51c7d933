"""A record of a small plant for the tests of its history, by the real recorder."""

import os
import time
from contextlib import contextmanager
from zoneinfo import ZoneInfo

from tests.database.files import DAY_S, Wall, recorder

PARIS = ZoneInfo("Europe/Paris")


@contextmanager
def zone(name):
    """Within, the machine stands there."""
    before = os.environ.get("TZ")
    os.environ["TZ"] = name
    time.tzset()
    try:
        yield
    finally:
        if before is None:
            del os.environ["TZ"]
        else:
            os.environ["TZ"] = before
        time.tzset()


def sample(record, ts, number=0, *, bad=False):
    """What one second brings: the meter, a battery, an inverter, the decision."""
    quality = 2 if bad else 0
    poi = {"v_v": 20e3 + 0.1 * number, "f_hz": 50.0, "p_w": 333_333.0 + number}
    record.record("poi", [{"ts": ts, "device": "poi", **poi, "quality": quality}])
    bess = {"p_w": -1.5e5, "soc_pu": 0.1 + number * 1e-4, "state_code": 3.0}
    bess |= {"p_set_w": 1.0e5, "quality": quality}
    record.record("bess", [{"ts": ts, "device": "bess1", **bess}])
    pv = {"p_w": 2e5 + number, "q_var": -number / 7, "quality": 0}
    record.record("pv", [{"ts": ts, "device": name, **pv} for name in ("pv1", "pv2")])
    row = {"ts": ts, "p_w": 1e6, "p_limited_by": "power_limit", "modes": "{}"}
    record.record("decisions", [row])


def write(directory, stamps, *, zone=PARIS, bad=(), energy=None):
    """Samples at these times, and an event at the first."""
    wall = Wall(stamps[0])
    record = recorder(directory, wall, zone=zone)
    record.start()
    for number, ts in enumerate(stamps):
        wall.now_s = ts
        sample(record, ts, number, bad=ts in bad)
        if number == 0:
            record.event("warning", "test", f"begun at {ts}")
        if energy is not None:
            row = {"ts": ts, "device": "bess1", "e_export_wh": energy(number)}
            record.record("energy", [{**row, "e_import_wh": 2.5 * number}])
    record.stop()
    assert record.dropped == 0


def write_finished(directory, stamps, **how):
    """The same, and one sample of the next day: so those before are finished."""
    write(directory, stamps, **how)
    write(directory, [stamps[-1] + DAY_S])
