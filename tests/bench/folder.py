"""A folder of cases, made for a test."""

from copy import deepcopy
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[2]
LIBRARY = ROOT / "config"
CASE = {
    "title": "The order is followed",
    "source": {"document": "this test", "case": "order"},
    "needs": ["set_point_tracking"],
    "plant": "bess",
    "duration_s": 12,
    "stimulus": [{"at_s": 0, "order.p_set_pu": 0.2}],
    "expect": [
        {
            "check": "static",
            "name": "it is there",
            "signal": "p_pu",
            "from_s": 8,
            "law": {"constant": {"value": 0.2}},
            "tolerance_pu": 0.005,
        }
    ],
}


def write_cases(folder, **cases):
    """`cases`: by name, what is different from CASE; also the plants of the project."""
    (folder / "plants").mkdir()
    for plant in (ROOT / "bench" / "plants").glob("*.yaml"):
        (folder / "plants" / plant.name).write_bytes(plant.read_bytes())
    for name, changes in cases.items():
        data = deepcopy(CASE) | changes
        text = yaml.safe_dump(data, sort_keys=False)
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


def expecting(value):
    """The check of CASE with another value."""
    check = deepcopy(CASE["expect"][0])
    check["law"] = {"constant": {"value": value}}
    return [check]
