#!/usr/bin/env python3
"""Write docs/functions/<name>.md for every control function, from its code.

Usage: python scripts/function_pages.py
"""

import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import Field, fields
from importlib import import_module
from inspect import getdoc, isfunction
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from ppc.metier import FUNCTIONS, ControlFunction, shaping  # noqa: E402
from ppc.metier.setting import Domain  # noqa: E402

FOLDER = ROOT / "docs" / "functions"
UNITS = {
    "_w_per_s": "W/s",
    "_var_per_s": "var/s",
    "_w": "W",
    "_var": "var",
    "_v": "V",
    "_hz": "Hz",
    "_pu": "pu",
    "_s": "s",
}
NOTE = "<!-- Written by scripts/function_pages.py from the code: change it there. -->"


def pages() -> dict[str, str]:
    """Every page by its file name."""
    made = {f"{name}.md": page(name) for name in FUNCTIONS}
    return {"README.md": contents()} | made


def contents() -> str:
    """The list of all functions."""
    rows = [f"| [{n}]({n}.md) | {_title(n)} |" for n in FUNCTIONS]
    return _joined(
        "# Control functions",
        NOTE,
        "Listed under `functions` in `config/plant.yaml`, the most binding first: each"
        " may only narrow what those before it left. A new one: a folder in"
        " `ppc/metier`, a line in `ppc/metier/__init__.py`, a scenario in"
        " `tests/scenarios`.",
        "\n".join(["| name | what it does |", "|---|---|", *rows]),
    )


def page(name: str) -> str:
    """One function: what it is, its modes, its settings, its laws."""
    control = FUNCTIONS[name]
    machine = import_module(f"ppc.metier.{name}.state_machine")
    return _joined(
        f"# {name}",
        NOTE,
        _title(name),
        str(getdoc(control)),
        f"A day in its life: `tests/scenarios/{name}.yaml`.",
        "## Modes",
        str(machine.__doc__),
        *_modes(machine),
        "From a mode, the first line that holds is taken, one in each cycle at most.",
        "## Settings",
        f"In `config/plant.yaml`, for example `- {name}: {{{_example(control)}}}`.",
        str(getdoc(control.Settings)),
        _settings(control),
        "## Laws",
        *(text for law in _laws(name) for text in (f"### {law.__name__}", _law(law))),
    )


def _title(name: str) -> str:
    module = import_module(f"ppc.metier.{name}.{name}")
    return str(module.__doc__).strip()


def _modes(machine: ModuleType) -> Iterator[str]:
    table = [(s.value, d.value, guard) for s, d, guard in machine.TRANSITIONS]
    arrows = dict.fromkeys(f"    {source} --> {dest}" for source, dest, _ in table)
    yield "\n".join(["```mermaid", "stateDiagram-v2", *arrows, "```"])
    rows = [f"| {s} | {d} | {' '.join(str(getdoc(g)).split())} |" for s, d, g in table]
    yield "\n".join(["| from | to | when |", "|---|---|---|", *rows])


def _settings(control: type[ControlFunction]) -> str:
    rows = [_setting(each) for each in fields(control.Settings)]
    head = ["| name | unit | left out | may be | meaning |", "|---|---|---|---|---|"]
    return "\n".join([*head, *rows])


def _setting(each: "Field[Any]") -> str:
    domain: Domain = each.metadata["domain"]
    default = domain.unset if each.default is None else _yaml(each.default)
    may_be = "true or false" if isinstance(each.default, bool) else str(domain)
    unit = next((u for suffix, u in UNITS.items() if each.name.endswith(suffix)), "")
    return f"| `{each.name}` | {unit} | {default} | {may_be} | {domain.meaning} |"


def _example(control: type[ControlFunction]) -> str:
    given = (f for f in fields(control.Settings) if isinstance(f.default, float))
    first = next(given, None) or fields(control.Settings)[0]
    if first.default is None:
        return ""
    return f"{first.name}: {_yaml(first.default)}"


def _yaml(value: object) -> str:
    if isinstance(value, tuple):
        return f"[{', '.join(map(_yaml, value))}]"
    return str(value).lower() if isinstance(value, bool) else str(value)


def _laws(name: str) -> Iterator[FunctionType]:
    """Public laws of the function, then the shared ones it uses."""
    own = import_module(f"ppc.metier.{name}.law")
    modules = [
        import_module(f"ppc.metier.{name}.{part}") for part in ("law", "policy", name)
    ]
    found = [thing for module in modules for thing in vars(module).values()]
    for home in (own, shaping):
        for thing in dict.fromkeys(t for t in found if isfunction(t)):
            if thing.__module__ == home.__name__ and not thing.__name__.startswith("_"):
                yield thing


def _law(law: Callable[..., object]) -> str:
    """A docstring as Markdown: its sections get a heading, their entries a bullet."""
    lines = []
    for line in str(getdoc(law)).splitlines():
        text = line.strip()
        if re.fullmatch(r"(Args|Returns|Source):", line):
            lines += [f"**{text[:-1]}**", ""]
        elif entry := re.fullmatch(r"    (\w+): (.*)", line):
            lines.append(f"- `{entry[1]}`: {entry[2]}")
        elif line.startswith(" " * 8):
            lines.append(f"  {text}")
        else:
            lines.append(text)
    return "\n".join(lines)


def _joined(*blocks: str) -> str:
    return "\n\n".join(block.strip() for block in blocks) + "\n"


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    for file_name, text in pages().items():
        (FOLDER / file_name).write_text(text, encoding="utf-8")
