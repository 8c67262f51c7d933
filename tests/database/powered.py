"""A program that records for a while: `python -m tests.database.powered`.

Arguments: directory, hand-ins, and `normal` to have no row durable. Its wall clock goes
so fast that it sees three midnights. `acknowledged` in the directory has the number of
each event that was said to be on the disk.
"""

import os
import struct
import sys
import time
from functools import partial
from pathlib import Path

from ppc.database import recorder as module
from ppc.database.store import Store
from tests.database.files import DAY_S, Wall, poi, recorder

DEVICES = 30


def main(directory: Path, hand_ins_count: int, *, durable: bool) -> None:
    module._BATCH_S = 0.01
    if not durable:
        write = Store.write
        Store.write = lambda store, batch, durable: write(store, batch)  # noqa: ARG005
    wall = Wall()
    record = recorder(directory, wall)
    record.start()
    acknowledged = os.open(directory / "acknowledged", os.O_WRONLY | os.O_CREAT)

    def note(number: int, on_disk: bool) -> None:  # noqa: FBT001 (what it hears)
        assert on_disk
        os.write(acknowledged, struct.pack("<I", number))

    for number in range(hand_ins_count):
        ts = wall.now_s
        record.record("poi", [{**poi(ts), "device": f"m{n}"} for n in range(DEVICES)])
        record.event("info", "powered", f"{number}", partial(note, number))
        wall.now_s += 3.0 * DAY_S / hand_ins_count
        time.sleep(0.004)
    record.stop()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), durable=sys.argv[3:] != ["normal"])
