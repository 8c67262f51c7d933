#!/usr/bin/env python3
"""Makes ppc/adapter/sunspec/models from a folder of SunSpec JSON files.

Usage: sunspec_models.py FOLDER, with the model_NUMBER.json of github.com/sunspec/models
(Apache-2.0). Facts only: names, types, sizes, scale factors, units, access, symbols.
"""

import csv
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

MODELS = (
    *(1, 11, 12, 101, 102, 103, 111, 112, 113),
    *range(120, 133),
    *(135, 136, 139, 140, 145, 160, 201, 202, 203, 204, 211, 212, 213, 214),
    *range(701, 716),
    *(802, 803, 64412),
)
COLUMNS = ("group", "name", "type", "size", "sf", "unit", "access", "symbols")
OUT = Path(__file__).parent.parent / "ppc" / "adapter" / "sunspec" / "models"


def rows(group: dict[str, Any], path: str = "") -> Iterator[dict[str, Any]]:
    """The lines of one group and of all within it."""
    for point in group.get("points", ()):
        if path or point["name"] not in {"ID", "L"}:
            yield {"group": path, **_row(point)}
    for each in group.get("groups", ()):
        count = each.get("count", "")
        yield {"group": path, "name": each["name"], "type": "group", "size": count}
        yield from rows(each, f"{path}.{each['name']}".lstrip("."))


def _row(point: dict[str, Any]) -> dict[str, Any]:
    access = "rw" if point.get("access") == "RW" else "r"
    symbols = (f"{s['value']} {s['name']}" for s in point.get("symbols", ()))
    return {
        "name": point["name"],
        "type": point["type"],
        "size": point["size"],
        "sf": point.get("sf", ""),
        "unit": point.get("units", "").strip(),
        "access": access + ("m" if point.get("mandatory") == "M" else ""),
        "symbols": "; ".join(symbols),
    }


def main(folder: Path) -> None:
    """Write one CSV file for each model."""
    OUT.mkdir(exist_ok=True)
    for number in MODELS:
        text = (folder / f"model_{number}.json").read_text(encoding="utf-8")
        with (OUT / f"{number}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS, restval="", lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows(json.loads(text)["group"]))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
