"""The dashboards as they are committed, and all that stands in them."""

import json
from pathlib import Path

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "grafana" / "dashboards"
BOARDS = {
    path.stem: json.loads(path.read_text(encoding="utf-8"))
    for path in sorted(FOLDER.glob("*.json"))
}
PANELS = {
    f"{name}: {panel['title']}": panel
    for name, board in BOARDS.items()
    for panel in board["panels"]
}
VARIABLES = {
    f"{name}: {variable['name']}": variable
    for name, board in BOARDS.items()
    for variable in board["templating"]["list"]
}
CHOICES = {n: v for n, v in VARIABLES.items() if v["type"] == "query"}
MARKS = {
    f"{name}: {mark['name']}": mark["target"]
    for name, board in BOARDS.items()
    for mark in board["annotations"]["list"]
}
TARGETS = {
    **{f"{n} {t['refId']}": t for n, p in PANELS.items() for t in p["targets"]},
    **MARKS,
}
STATEMENTS = {
    **{name: target["queryText"] for name, target in TARGETS.items()},
    **{name: variable["query"] for name, variable in CHOICES.items()},
}
"""All SQL."""


def overrides(panel: dict) -> dict[str, dict]:
    """How each column of a panel looks, by its name."""
    return {
        override["matcher"]["options"]: {
            each["id"]: each["value"] for each in override["properties"]
        }
        for override in panel["fieldConfig"]["overrides"]
    }


def is_long(target: dict) -> bool:
    return target["queryType"] == "time series"
