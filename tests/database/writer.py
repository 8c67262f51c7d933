"""A program that records until it is killed: `python -m tests.database.writer`.

Arguments: directory, speed of its wall clock. A life for each line read, each a process
of its own: forked, because starting Python takes longer than a life. Prints the process
id of each. The file `recorded` says (monotonic) up to when rows were taken before a
batch began that has been written: all of them must be kept; then when the life began,
and when its last row was taken.
`acknowledged` has the times of all events that are on the disk.
"""

import os
import struct
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from tests.database.files import NOON_S, poi, recorder


def wall_of(directory: Path, speed: float) -> Callable[[], float]:
    """The clock of all lives, and of who comes after them."""
    began_s = float((directory / "began").read_text())
    return lambda: NOON_S + (time.monotonic() - began_s) * speed


def live(directory: Path, speed: float) -> None:
    wall_s = wall_of(directory, speed)
    record = recorder(directory, wall_s)
    recorded = os.open(directory / "recorded", os.O_RDWR | os.O_CREAT)
    taken_s = 0.0
    write = record._write_what_waits

    def write_and_note(**more: bool) -> None:
        before_s = taken_s
        write(**more)
        os.pwrite(recorded, struct.pack("d", before_s), 0)

    record._write_what_waits = write_and_note
    record.start()
    born_s = time.monotonic()
    acknowledged = os.open(
        directory / "acknowledged", os.O_WRONLY | os.O_CREAT | os.O_APPEND
    )

    def note(now_s: float, on_disk: bool) -> None:  # noqa: FBT001 (what it hears)
        assert on_disk
        os.write(acknowledged, struct.pack("d", now_s))

    while True:
        now_s = time.monotonic()
        record.record("poi", [{**poi(wall_s()), "v_v": now_s}])
        record.event("info", "writer", f"{now_s}", partial(note, now_s))
        record.count([{"device": "pv1", "ts": wall_s(), "e_export_wh": now_s}])
        taken_s = now_s
        os.pwrite(recorded, struct.pack("2d", born_s, now_s), 8)
        time.sleep(0.004)


def main(directory: Path, speed: float) -> None:
    (directory / "began").write_text(str(time.monotonic()))
    (directory / "recorded").write_bytes(struct.pack("3d", 0.0, 0.0, 0.0))
    for _ in sys.stdin:
        child = os.fork()
        if child == 0:
            live(directory, speed)
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()
        os.waitpid(child, 0)


if __name__ == "__main__":
    main(Path(sys.argv[1]), float(sys.argv[2]))
