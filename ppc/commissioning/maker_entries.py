"""The rows of a maker's table, understood one by one."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ppc.commissioning.maker_cells import (
    Form,
    Place,
    Unreadable,
    form_of,
    number_of,
    place_of,
    unit_of,
)
from ppc.commissioning.maker_table import MakerRow, MakerTable, plain
from ppc.commissioning.proposal import Guess, proposed

_INPUTS, _HOLDINGS = (30001, 39999), (40001, 49999)
SI = ("W", "V", "A", "Wh", "Hz", "var", "VA")


@dataclass(frozen=True, slots=True)
class Entry:
    """One row, understood."""

    row: MakerRow
    place: Place
    form: Form
    factor: float
    unit: str
    writable: bool
    guess: Guess | None


def entries(table: MakerTable, remarks: list[str]) -> Iterator[Entry]:
    """The rows that can be understood; of the others it is said why not."""
    head = plain(table.heads["address"])
    hexadecimal = "hex" in head.split() or any(
        re.fullmatch(r"[0-9A-Fa-f]*[A-Fa-f][0-9A-Fa-f]*", row["address"].strip())
        for row in table.rows
    )
    factors_divide = "divisor" in table.heads
    for row in table.rows:
        try:
            yield _entry(row, hexadecimal=hexadecimal, heads=table.heads)
        except Unreadable as why:
            remarks.append(f"line {row.line}: {row['name']}: {why}")
    if factors_divide:
        remarks.append(f"raw numbers are divided by {table.heads['divisor']!r}")


def _entry(row: MakerRow, *, hexadecimal: bool, heads: Mapping[str, str]) -> Entry:
    place = place_of(row["address"], hexadecimal=hexadecimal)
    registers = _registers(row, place, heads)
    form = form_of(row["type"], registers)
    unit, factor = unit_of(row["unit"])
    if not row["unit"]:
        unit, factor = _unit_in(row["name"])
    factor *= number_of(row["scale"]) or 1.0
    factor /= number_of(row["divisor"]) or 1.0
    access = plain(row["access"] or row["function"])
    writable = bool(re.search(r"\b(rw|wo|w|write|schreib\w*|r w|6|16|06|10)\b", access))
    guess = None
    if not form.type.is_text:
        guess = proposed(row["name"], unit, writable=writable)
    return Entry(row, place, form, factor, unit, writable, guess)


def _unit_in(name: str) -> tuple[str, float]:
    """The unit in brackets at the end of a name."""
    found = re.search(r"[\[(]([^\])]{1,8})[\])]\s*$", name)
    if not found:
        return "", 1.0
    unit, factor = unit_of(found[1])
    return (unit, factor) if unit in (*SI, "pu") else ("", 1.0)


def _registers(row: MakerRow, place: Place, heads: Mapping[str, str]) -> int | None:
    """How many registers the row says it has."""
    if place.last is not None:
        return place.last - place.first + 1
    found = re.match(r"\d+", row["length"])
    if not found or not int(found[0]):
        return None
    size, head = int(found[0]), plain(heads.get("length", ""))
    said = f"{head} {plain(row['length'])}"
    if "byte" in said:
        return max(size // 2, 1)
    return max(size // 16, 1) if "bit" in said else size


def bases_of(
    found: Sequence[Entry], told: int | None, remarks: list[str]
) -> dict[str, int]:
    """What is taken off written addresses, by the table they are written for."""
    written = {notation(entry) for entry in found}
    if told is not None:
        return dict.fromkeys(written, told)
    firsts = [e.place.first for e in found]
    marked = [
        _INPUTS[0] <= f <= _INPUTS[1] or _HOLDINGS[0] <= f <= _HOLDINGS[1]
        for f in firsts
    ]
    if not firsts or not all(marked):
        remarks.append("addresses are taken as counted from 0; --base 1 if from 1")
        return {}
    remarks.append(
        "addresses are taken as 3xxxx and 4xxxx: 40001 is register 0 on the wire; "
        "--base 0 if they are meant as they stand"
    )
    return {"input": _INPUTS[0], "holding": _HOLDINGS[0]}


def notation(entry: Entry) -> str:
    """The table whose notation the address is written in."""
    first = entry.place.first
    return "input" if _INPUTS[0] <= first <= _INPUTS[1] else "holding"


def table_of(entry: Entry, *, notation_counts: bool) -> str:
    """Its table: as the row says, or by the notation of its address where that counts.

    Function 4 reads inputs.
    """
    if entry.place.table:
        return entry.place.table
    said = plain(f"{entry.row['table']} {entry.row['function']}")
    if re.search(r"\b(input|eingang\w*|4|04|fc4|fc04|0x04|3x)\b", said):
        return "input"
    return notation(entry) if notation_counts and not said else "holding"
