"""Writes what helps people to write register profiles, from the code of the format.

    python scripts/profile_schema.py [--check]

config/profiles/profile.schema.json, by which an editor completes and checks, the first
line of every profile, which names it, and docs/profile_format.md. With --check nothing
is written; exit code 1 says that one is out of date.
"""

import json
import sys
from pathlib import Path
from typing import Any

from profile_page import KINDS, about, page, plain
from profile_page import texts as said_of

from ppc.adapter.profile import DeviceProfile
from ppc.keys import Key

ROOT = Path(__file__).resolve().parents[1]
_DRAFT = "http://json-schema.org/draft-07/schema#"
"""The newest that editors of YAML know well."""
_PLACES = ("address", "write_address", "first", "last", "registers", "apart")
_GREATEST_PLACE = 465_536
"""Of six figures, as a maker may write it; see `address_base`."""
_REPEAT = {
    "type": "object",
    "description": "The entry stands for several: {n} in its texts is 1, 2, ...",
    "properties": {
        "count": {"type": "integer", "minimum": 1, "description": "How many."},
        "step": {
            "type": "integer",
            "description": "Registers from one to the next.",
        },
    },
    "required": ["count", "step"],
    "additionalProperties": False,
}
_HEAD = "# yaml-language-server: $schema=profile.schema.json\n"
_COMMANDS = "One group, or a list of them, in the order they are sent."


def schema() -> dict[str, Any]:
    """The JSON Schema of a profile as people write it."""
    whole = DeviceProfile.model_json_schema()
    kinds = whole["$defs"] | {"DeviceProfile": whole}
    for kind in KINDS:
        said = said_of(kind)
        for name, entry in kinds[kind.__name__]["properties"].items():
            if said.get(name):
                entry["description"] = said[name]
            if name in _PLACES:
                _widen(entry)
        kinds[kind.__name__]["description"] = about(kind)
        if "sunspec" in kinds[kind.__name__]["properties"]:
            _loosen(kinds[kind.__name__])
    for name in _listed(whole):
        whole["$defs"][name]["properties"]["repeat"] = {"$ref": "#/$defs/Repeat"}
    whole["$defs"]["Repeat"] = _REPEAT
    whole["$defs"]["Key"]["enumDescriptions"] = [f"{k.meaning} [{k.unit}]" for k in Key]
    whole["$defs"]["Key"].pop("description", None)
    groups = whole["properties"]["commands"]
    whole["properties"]["commands"] = {
        "anyOf": [groups["items"], {"type": "array", "items": groups["items"]}],
        "description": _COMMANDS,
    }
    told = plain(whole)
    assert isinstance(told, dict)
    return {"$schema": _DRAFT, "title": "Register profile"} | told


def _loosen(kind: dict[str, Any]) -> None:
    """Where an entry stands in a SunSpec model, the model says place and size."""
    needed = set(kind.get("required", ())) - {"address", "count"}
    kind["required"] = sorted(needed)


def _widen(entry: Any) -> None:  # noqa: ANN401
    """Places as a maker counts them may be greater than those on the wire."""
    if isinstance(entry, dict):
        if entry.get("maximum") == 2**16 - 1:
            entry["maximum"] = _GREATEST_PLACE
        for below in entry.values():
            _widen(below)
    elif isinstance(entry, list):
        for below in entry:
            _widen(below)


def _listed(entry: Any) -> set[str]:  # noqa: ANN401
    """The kinds that stand in lists."""
    if isinstance(entry, list):
        return set().union(*map(_listed, entry))
    if not isinstance(entry, dict):
        return set()
    found = set().union(*map(_listed, entry.values()))
    items = entry.get("items")
    if isinstance(items, dict) and "$ref" in items:
        name = items["$ref"].rpartition("/")[2]
        return found | ({name} if name in {k.__name__ for k in KINDS} else set())
    return found


def pages() -> dict[Path, str]:
    """What is generated, by its path."""
    folder = ROOT / "config" / "profiles"
    texts = {path: path.read_text(encoding="utf-8") for path in folder.glob("*.yaml")}
    return {
        path: text if text.startswith(_HEAD) else _HEAD + text
        for path, text in texts.items()
    } | {
        folder / "profile.schema.json": json.dumps(schema(), indent=1) + "\n",
        ROOT / "docs" / "profile_format.md": page(),
    }


def main() -> int:
    """Write what is out of date, or say so."""
    stale = [
        path
        for path, text in pages().items()
        if not path.exists() or path.read_text(encoding="utf-8") != text
    ]
    for path in stale:
        if "--check" in sys.argv:
            name = path.relative_to(ROOT)
            sys.stderr.write(f"{name} is out of date: run scripts/profile_schema.py\n")
        else:
            path.write_text(pages()[path], encoding="utf-8")
    return 1 if "--check" in sys.argv and stale else 0


if __name__ == "__main__":
    raise SystemExit(main())
