"""The record: rows per second, bytes, processor time, and how soon it is back.

    python benchmarks/history.py [--signals 200 1000 5000] [--seconds 86400]

Samples of a simulated day at 1 Hz through the recorder with its trend store, beside bare
`sqlite3` executemany of the same rows in the same run, both a transaction a second and
both from rows by name (goals for the file of the day: at least 0.7 of its rows per
second, under 12 bytes per value); the time from the start after a `kill -9` to the first
row on the disk. Query times of the panels: benchmarks/grafana.py.
"""

import argparse
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.history.ingest import ingest
from benchmarks.history.recovery import recoveries_s

GOAL_RATIO, GOAL_BYTES = 0.7, 12.0
_KILLS = 20


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--signals", type=int, nargs="+", default=[200, 1000, 5000])
    arguments.add_argument("--seconds", type=int, default=86_400)
    arguments.add_argument("--folder", type=Path, default=None)
    asked = arguments.parse_args()
    print(f"{asked.seconds} s at 1 Hz; rows/s by processor time")
    print(f"{'':28}{'rows/s':>10}{'ratio':>8}{'bytes/value':>13}{'ms CPU per s':>14}")
    for signals in asked.signals:
        with TemporaryDirectory(dir=asked.folder) as folder:
            found = ingest(Path(folder), signals, asked.seconds)
        bare = found["bare, rows made"].rows_per_s
        for name, cost in found.items():
            per_s = 1e3 * cost.cpu_s / asked.seconds
            ratio = cost.rows_per_s / bare
            shown = f"{signals:5} signals, {name}"
            print(
                f"{shown:28}{cost.rows_per_s:10.0f}{ratio:8.2f}"
                f"{cost.bytes_per_value():13.2f}{per_s:14.2f}",
                flush=True,
            )
    print(
        f"goals of the file of the day: ratio {GOAL_RATIO}, {GOAL_BYTES} bytes per value"
    )
    with TemporaryDirectory(dir=asked.folder) as folder:
        found_s = recoveries_s(Path(folder), _KILLS)
    at = [1e3 * found_s[int(q * (len(found_s) - 1))] for q in (0.5, 0.9, 1.0)]
    print(
        f"after kill -9, opened, mended and a row on the disk, {_KILLS} times: "
        f"p50 {at[0]:.0f} ms, p90 {at[1]:.0f} ms, most {at[2]:.0f} ms"
    )
