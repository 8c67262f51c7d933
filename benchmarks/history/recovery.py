"""A recorder killed at a moment of chance, and how soon the next one has written."""

import os
import signal
import subprocess
import sys
import time
from datetime import UTC
from functools import partial
from pathlib import Path
from random import Random
from threading import Event

from benchmarks.history.plant import Plant
from ppc.database.recorder import Recorder

_SIGNALS = 1000


def recorder(folder: Path) -> Recorder:
    return Recorder(
        folder, raw_days=7, trend_days=400, daily_files=10, wall_s=time.time, zone=UTC
    )


def live(folder: Path) -> None:
    """Record 1000 signals at 20 Hz until somebody kills us."""
    record, plant = recorder(folder), Plant(_SIGNALS)
    record.start()
    print("recording", flush=True)
    for second in range(1_000_000):
        record.record("bess", plant.rows(second, time.time() - second))
        time.sleep(0.05)


def _set(done: Event, _: bool) -> None:  # noqa: FBT001 (as it is heard)
    done.set()


def recoveries_s(folder: Path, count: int) -> list[float]:
    """Seconds from the start to a row on the disk, sorted."""
    pick, found_s = Random(1), []  # noqa: S311
    for _ in range(count):
        command = [sys.executable, "-m", "benchmarks.history.recovery", str(folder)]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as victim:
            assert victim.stdout is not None
            victim.stdout.readline()
            time.sleep(pick.uniform(0.5, 3.0))
            os.kill(victim.pid, signal.SIGKILL)
            victim.wait()
        began_s = time.perf_counter()
        record, done = recorder(folder), Event()
        record.start()
        record.event("info", "benchmark", "back", on_disk=partial(_set, done))
        assert done.wait(60.0), "nothing was written"
        found_s.append(time.perf_counter() - began_s)
        record.stop()
    return sorted(found_s)


if __name__ == "__main__":
    live(Path(sys.argv[1]))
