"""Adds what is new to the golden bytes and to the released addresses.

    python -m tests.application.golden

Read the lines that came before they are kept.
"""

import csv

from tests.application.test_scada_segments import (
    DEMO,
    GOLDEN,
    IMAGES,
    RELEASED,
    all_registers,
    golden,
    read,
    station,
)


def add_bytes():
    """What each register shows, a column for each image."""
    of, kept, rows = station(), golden(), {}
    for r in all_registers(DEMO):
        row = rows.setdefault(r.name, {"name": r.name, "block": r.block})
        row[r.block if r.block in IMAGES else "bytes"] = read(of, r).hex()
    with GOLDEN.open("w", encoding="utf-8", newline="") as file:
        names = ["name", "block", "bytes", *IMAGES]
        writer = csv.DictWriter(file, names, lineterminator="\n")
        writer.writeheader()
        writer.writerows((rows | kept).values())


def add_addresses():
    """Where each register stands, in the order of the map."""
    with RELEASED.open(encoding="utf-8", newline="") as file:
        head, *kept = map(tuple, csv.reader(file))
    known = {row[:2] for row in kept}
    stands = [
        (r.name, str(r.address), r.type.value, str(r.size), f"{r.scale:g}", r.access)
        for r in all_registers(DEMO)
    ]
    new = [row for row in stands if row[:2] not in known]
    with RELEASED.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerows([head, *sorted([*kept, *new], key=lambda row: int(row[1]))])


add_bytes()
add_addresses()
