import json
import subprocess
import sys
from pathlib import Path

import yaml
from jsonschema import Draft7Validator
from pytest import fixture, mark

ROOT = Path(__file__).parents[1]
PROFILES = ROOT / "config" / "profiles"
SCHEMA = json.loads((PROFILES / "profile.schema.json").read_text(encoding="utf-8"))
HEAD = "# yaml-language-server: $schema=profile.schema.json\n"


def test_schema_and_page_are_up_to_date():
    command = [sys.executable, "scripts/profile_schema.py", "--check"]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def faults(data):
    """Where `data` is against the schema, as JSON knows it: names are text."""
    found = Draft7Validator(SCHEMA).iter_errors(json.loads(json.dumps(data)))
    return [".".join(map(str, fault.absolute_path)) for fault in found]


def test_the_schema_is_one():
    Draft7Validator.check_schema(SCHEMA)


@mark.parametrize("path", sorted(PROFILES.glob("*.yaml")), ids=lambda p: p.stem)
def test_a_shipped_profile_follows_the_schema_and_names_it(path):
    text = path.read_text(encoding="utf-8")
    assert text.startswith(HEAD)
    assert faults(yaml.safe_load(text)) == []


@fixture
def inverter():
    return yaml.safe_load((PROFILES / "demo_pv_inverter.yaml").read_text())


def test_what_only_people_write_is_allowed(inverter):
    inverter["address_base"] = 40001
    inverter["commands"] = [inverter["commands"]]
    cells = {"name": "cell_{n}", "address": 49999, "unit": "V"}
    inverter["points"] = [{**cells, "repeat": {"count": 3, "step": 2}}]
    assert faults(inverter) == []


@mark.parametrize(
    ("place", "entry"),
    [
        ("blocks.0.points.0", {"scael": 1}),
        ("blocks.0.points.0.type", {"type": "u15"}),
        ("blocks.0.points.0.key", {"key": "p_kw"}),
        ("blocks.0.points.0.valid", {"valid": [1]}),
        ("blocks.0.points.0.valid.1", {"valid": [1, "x"]}),
        ("blocks.0.points.0.mask", {"mask": 0}),
        ("blocks.0.points.0.map.7", {"map": {7: "on"}}),
        ("blocks.0.points.0.repeat", {"repeat": {"count": 3}}),
    ],
)
def test_what_is_wrong_is_shown_where_it_stands(inverter, place, entry):
    inverter["blocks"][0]["points"][0] |= entry
    assert faults(inverter) == [place]


def test_every_field_of_the_format_is_described_to_the_editor():
    bare = [
        f"{name}.{field}"
        for name, kind in {**SCHEMA["$defs"], "profile": SCHEMA}.items()
        for field, entry in kind.get("properties", {}).items()
        if "description" not in entry and field != "repeat"
    ]
    assert bare == []
