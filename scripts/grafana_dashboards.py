"""Writes grafana/dashboards/*.json: what people see of the record.

    python scripts/grafana_dashboards.py [--check]

With --check nothing is written; exit code 1 says that a dashboard is out of date. What
stands in them is in grafana_boards/.
"""

import json
import sys
from pathlib import Path

from grafana_boards import (
    batteries,
    commands,
    controller,
    energy,
    plant,
    poi,
    pv,
    quality,
    why,
)
from grafana_foundation_sdk.cog.encoder import JSONEncoder

FOLDER = Path(__file__).resolve().parents[1] / "grafana" / "dashboards"
DASHBOARDS = {
    "plant_overview": plant.board,
    "poi_and_grid_code": poi.board,
    "batteries": batteries.board,
    "pv": pv.board,
    "why": why.board,
    "commands_and_events": commands.board,
    "controller_health": controller.board,
    "energy": energy.board,
    "data_quality": quality.board,
}


def made() -> dict[Path, str]:
    """The text of each file."""
    return {
        FOLDER / f"{name}.json": json.dumps(build(), cls=JSONEncoder, indent=1) + "\n"
        for name, build in DASHBOARDS.items()
    }


def main(arguments: list[str]) -> int:
    """Write the dashboards, or say which are out of date."""
    texts = made()
    there = set(FOLDER.glob("*.json"))
    stale = sorted(
        path
        for path in there | texts.keys()
        if path not in there or texts.get(path) != path.read_text(encoding="utf-8")
    )
    for path in stale:
        if "--check" in arguments:
            sys.stderr.write(f"{path.name} is out of date: run {Path(__file__).name}\n")
        elif path in texts:
            path.write_text(texts[path], encoding="utf-8")
        else:
            path.unlink()
    return 1 if stale and "--check" in arguments else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
