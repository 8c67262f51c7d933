"""A maker's table made into a profile: a draft, and what is still to be looked at."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from ppc.commissioning.maker_cells import words_of
from ppc.commissioning.maker_entries import (
    Entry,
    bases_of,
    entries,
    notation,
    table_of,
)
from ppc.commissioning.maker_table import MakerTable, plain
from ppc.commissioning.proposal import Guess
from ppc.keys import Key

_FAST = (Key.P_W, Key.Q_VAR, Key.V_V, Key.F_HZ, Key.P_AVAILABLE_W)
_SLOWER_S, _SLOW_S = 1.0, 10.0
_VALID: Mapping[Key, list[float]] = {Key.F_HZ: [40.0, 70.0], Key.SOC_PU: [0.0, 1.0]}
_LAST = 0xFFFF
_THIRD_ROOT = 0.5773502692
"""Of three phase voltages, each, in the line voltage: the root of three over three."""


@dataclass
class Draft:
    """The profile as data, and what is said about it."""

    profile: dict[str, Any]
    remarks: list[str] = field(default_factory=list)


def draft(
    table: MakerTable,
    *,
    source: str,
    kind: str | None = None,
    base: int | None = None,
    word_order: str = "big",
) -> Draft:
    """The profile of a device with this table.

    `kind`: poi, bess or pv. `base`: the written address of the first register. Left
    out, both are guessed.
    """
    remarks: list[str] = []
    rows = list(entries(table, remarks))
    bases = bases_of(rows, base, remarks)
    found = _Found(remarks)
    for entry in rows:
        table_name = table_of(entry, notation_counts=base is None and bool(bases))
        found.take(entry, entry.place.first - bases.get(notation(entry), 0), table_name)
    known = kind or _kind(found.keys)
    profile = _head(source, known, word_order)
    profile["points"] = found.points
    _add_line_voltage(profile, found.keys, known)
    if found.commands:
        profile["commands"] = found.commands
    remarks += _missing(found.keys, known)
    return Draft(profile, remarks)


class _Found:
    """Points and set-points, none of which stands on another."""

    def __init__(self, remarks: list[str]) -> None:
        self.points: list[dict[str, Any]] = []
        self.commands: list[dict[str, Any]] = []
        self.keys: set[Key] = set()
        self._names: set[str] = set()
        self._taken: dict[str, set[int]] = {}
        self._remarks = remarks

    def take(self, entry: Entry, first: int, table: str) -> None:
        """One row, whose registers begin at `first`."""
        size = entry.form.length or entry.form.type.size
        places, taken = set(range(first, first + size)), self._taken
        clash = taken.setdefault(table, set()) & places
        if clash or first < 0 or max(places) > _LAST:
            why = "stands on registers of another row" if clash else "no such register"
            self._remarks.append(f"line {entry.row.line}: {entry.row['name']}: {why}")
            return
        taken[table] |= places
        guess = (
            entry.guess if entry.guess and entry.guess.key not in self.keys else None
        )
        if guess is not None:
            self.keys.add(guess.key)
        if guess is not None and guess.command:
            name = f"set_{len(self.commands) + 1}"
            self.commands.append(_group(name, entry, first, guess))
        else:
            name = "" if guess else _name(entry, self._names)
            self.points.append(_point(entry, first, table, guess, name))


def _head(source: str, kind: str, word_order: str) -> dict[str, Any]:
    return {
        "source": source,
        "type": kind,
        "maker": "",
        "models": [],
        "standing": "read",
        "notes": [
            "Drafted from a table: signs, word order and addresses are not tried."
        ],
        "word_order": word_order,
    }


def _point(
    entry: Entry, first: int, table: str, guess: Guess | None, name: str
) -> dict[str, Any]:
    factor = entry.factor * (guess.factor if guess else 1.0)
    point: dict[str, Any] = {"key": guess.key.value} if guess else {"name": name}
    point |= {"address": first, "type": entry.form.type.value}
    if table != "holding":
        point["table"] = table
    if entry.form.length:
        point["length"] = entry.form.length
    if entry.form.little:
        point["word_order"] = "little"
    if factor != 1.0:
        point["scale"] = float(f"{factor:.12g}")
    return point | (_signal(guess) if guess else _for_people(entry))


def _signal(guess: Guess) -> dict[str, Any]:
    """What belongs to a point that is a signal."""
    said: dict[str, Any] = {}
    if valid := _VALID.get(guess.key):
        said["valid"] = valid
    if guess.key not in _FAST:
        said["every_s"] = _SLOW_S if guess.key.unit == "Wh" else _SLOWER_S
    return said


def _for_people(entry: Entry) -> dict[str, Any]:
    """What belongs to a point that only people read."""
    said: dict[str, Any] = {}
    if entry.unit:
        said["unit"] = entry.unit
    else:
        meaning = entry.row["meaning"] or entry.row["name"]
        said["meaning"] = " ".join(meaning.split())
    words = words_of(entry.row["meaning"]) or words_of(entry.row["name"])
    if words:
        said["words"] = words
    if entry.form.bits:
        said["bits"] = True
    if entry.writable:
        said["writable"] = True
    return said


def _group(name: str, entry: Entry, first: int, guess: Guess) -> dict[str, Any]:
    """A write request of its own for one set-point."""
    kind = entry.form.type
    point: dict[str, Any] = {"key": guess.key.value, "address": first}
    point["type"] = kind.value
    if entry.factor != 1.0:
        point["scale"] = float(f"{entry.factor:.12g}")
    if entry.form.little:
        point["word_order"] = "little"
    return {"name": name, "address": first, "count": kind.size, "points": [point]}


def _name(entry: Entry, names: set[str]) -> str:
    """A name of its own, made of what the table calls it."""
    said = re.sub(r"[\[(][^\])]*[\])]\s*$", "", entry.row["name"])
    stem = "_".join(plain(said).split())[:40].strip("_") or "point"
    stem = stem if stem[0].isalpha() else f"r_{stem}"
    name, number = stem, 2
    while name in names:
        name, number = f"{stem}_{number}", number + 1
    names.add(name)
    return name


def _kind(keys: set[Key]) -> str:
    if Key.SOC_PU in keys:
        return "bess"
    return "pv" if Key.P_SET_W in keys else "poi"


def _add_line_voltage(profile: dict[str, Any], keys: set[Key], kind: str) -> None:
    """The line voltage of a meter that tells only those of its phases."""
    phases = (Key.V_L1_V, Key.V_L2_V, Key.V_L3_V)
    if kind != "poi" or Key.V_V in keys or not keys.issuperset(phases):
        return
    for point in profile["points"]:
        if point.get("key") in phases:
            point.pop("every_s", None)
    of = {key.value: _THIRD_ROOT for key in phases}
    profile["sums"] = [{"key": Key.V_V.value, "of": of}]
    keys.add(Key.V_V)


def _missing(keys: set[Key], kind: str) -> Iterator[str]:
    """What a profile of this type needs and nothing was found for."""
    needed = {
        "poi": (Key.V_V, Key.F_HZ, Key.P_W, Key.Q_VAR),
        "bess": (Key.P_W, Key.SOC_PU, Key.P_SET_W),
        "pv": (Key.P_W, Key.P_SET_W),
    }[kind]
    for key in needed:
        if key not in keys:
            yield f"nothing is found for {key}, which a {kind} must have"


def written(profile: Mapping[str, Any], head: str) -> str:
    """The profile as YAML, a line for each point."""
    lines = [f"# {line}" for line in head.splitlines()]
    for key, value in profile.items():
        if key in ("points", "sums"):
            lines.append(f"{key}:")
            lines += [f"  - {_flow(entry)}" for entry in value]
        elif key == "commands":
            lines.append("commands:")
            for group in value:
                rest = {k: v for k, v in group.items() if k != "points"}
                first, *others = (f"{k}: {_flow(v)}" for k, v in rest.items())
                lines += [f"  - {first}", *(f"    {other}" for other in others)]
                lines.append("    points:")
                lines += [f"      - {_flow(point)}" for point in group["points"]]
        else:
            lines.append(f"{key}: {_flow(value)}")
    return "\n".join(lines) + "\n"


def _flow(value: object) -> str:
    text = yaml.safe_dump(
        value,
        default_flow_style=True,
        sort_keys=False,
        width=10**6,
        allow_unicode=True,
    )
    return text.removesuffix("\n").removesuffix("\n...")
