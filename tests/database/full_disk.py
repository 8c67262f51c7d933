"""A program that records on a disk and fills it: `python -m tests.database.full_disk`.

Argument: the folder of the disk, 48 MB. Ends with an assertion that does not hold, or
says how long control waited at most.
"""

import logging
import sqlite3
import sys
import time
from pathlib import Path

from ppc.application.record.event_log import EventLog
from ppc.database import keeper
from ppc.database import recorder as recorder_module
from ppc.database.daily import daily_files
from tests.database.disk import fill
from tests.database.files import (
    DAY_S,
    NOON_S,
    Wall,
    ask,
    is_sound,
    poi,
    recorder,
    value,
    wait_until,
    written,
)

BALLAST_BYTES = 4_000_000
ROWS = 50
"""Samples of a cycle."""
DAYS = ["2026_11_18", "2026_11_19", "2026_11_20"]
ALARM, OVER = "the disk of the record is full%", "there is room on the disk again%"


class Control:
    """What the control thread does to the record: a cycle, and again."""

    def __init__(self, record):
        self.record = record
        self.cycles_count = 0
        self.acknowledged = []
        self.slowest_s = 0.0

    def cycle(self, ts):
        began_s = time.perf_counter()
        self.record.record("poi", [poi(ts + n / ROWS) for n in range(ROWS)])
        row = {"ts": ts, "severity": "info", "source": "control", "text": f"{ts}"}
        self.record.record("events", [row], self.acknowledged.append)
        self.slowest_s = max(self.slowest_s, time.perf_counter() - began_s)
        self.cycles_count += 1

    def wait(self):
        """Until all that was handed in is settled."""
        wait_until(lambda: len(self.acknowledged) == self.cycles_count)


class Disk:
    """What is on it."""

    def __init__(self, directory: Path):
        self.db, self.filler = directory / "db", directory / "filler"
        self.trend = self.db / "trend.db"
        self.ballast = self.db / "ballast"

    def count(self, table, where="1"):
        asked = f"SELECT count(*) FROM {table} WHERE {where}"  # noqa: S608
        return sum(value(path, asked) for path in daily_files(self.db))

    def events(self, text):
        return self.count("events", f"text LIKE '{text}'")

    def thinned(self):
        try:
            rows = ask(
                self.trend, "SELECT day FROM days WHERE thinned = 1 ORDER BY day"
            )
        except sqlite3.Error:
            return []
        return [day for (day,) in rows]


def record_four_days(control, disk):
    """Three that are over, and today."""
    for day in (-3, -2, -1, 0):
        for second in range(600):
            control.cycle(NOON_S + day * DAY_S + second)
        control.wait()
    known = "SELECT count(*) = 3 FROM days WHERE rows > 0 AND integrity = 'ok'"
    wait_until(lambda: written(disk.trend, known))
    wait_until(disk.ballast.exists)
    assert disk.count("poi") == ROWS * control.cycles_count


def fill_until_nothing_gives_way(control, disk):
    """Returns the days that were thinned, as they came."""
    seen, full_since_s, until_s = [], None, time.monotonic() + 60
    second = NOON_S + 1000
    while time.monotonic() < until_s:
        is_full = control.record._space.is_full
        if disk.ballast.exists() and not is_full:
            fill(disk.filler)
        second += 1
        control.cycle(second)
        time.sleep(0.02)
        thinned = disk.thinned()
        seen += [day for day in thinned if day not in seen]
        if not is_full:
            full_since_s = None
        full_since_s = full_since_s or time.monotonic()
        if thinned == DAYS and is_full and time.monotonic() - full_since_s > 2.0:
            return seen
    raise AssertionError("there is always room")


def go_on_while_it_is_full(control, disk):
    control.wait()
    dropped = control.record.dropped
    for second in range(100):
        control.cycle(NOON_S + 5000 + second)
    control.wait()
    assert all(control.acknowledged), "an event was lost"
    assert control.record.dropped == dropped + 100 * ROWS
    assert disk.count("events", "source = 'control'") == control.cycles_count
    assert disk.events(ALARM) >= 1
    assert disk.count("poi", f"ts >= {NOON_S + 5000}") == 0
    assert disk.count("poi", f"ts < {NOON_S}") == 0


def recover(control, disk):
    disk.filler.unlink()
    wait_until(lambda: not control.record._space.is_full)
    dropped = control.record.dropped
    control.cycle(NOON_S + 9000)
    control.record.stop()
    assert control.record.dropped == dropped
    assert disk.ballast.stat().st_blocks * 512 >= BALLAST_BYTES
    assert disk.count("poi", f"ts >= {NOON_S + 9000}") == ROWS
    assert disk.events(OVER) >= 1
    thinned_count = 3 * 600 * ROWS
    there_count = disk.count("poi") + dropped + thinned_count
    assert there_count == ROWS * control.cycles_count


def main(directory: Path) -> None:
    keeper._EVERY_S, recorder_module._BATCH_S = 0.2, 0.01  # the writer finds it first
    disk = Disk(directory)
    record = recorder(disk.db, Wall(), ballast_bytes=BALLAST_BYTES)
    logging.getLogger("ppc").addHandler(EventLog(record))
    record.start()
    control = Control(record)
    record_four_days(control, disk)
    assert fill_until_nothing_gives_way(control, disk) == DAYS
    go_on_while_it_is_full(control, disk)
    recover(control, disk)
    assert all(control.acknowledged)
    mine = "source = 'control'"
    assert disk.count("events", mine) == control.cycles_count
    in_trend = f"SELECT count(*) FROM events WHERE {mine}"  # noqa: S608
    assert value(disk.trend, in_trend) == control.cycles_count
    assert all(map(is_sound, [*daily_files(disk.db), disk.trend]))
    sys.stdout.write(f"control waited {control.slowest_s * 1000:.3f} ms at most\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
