"""A maker's register table in CSV: which column is what, and what each row says."""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

_HEADS: Mapping[str, tuple[str, ...]] = {
    "address": (
        *("address", "addr", "adresse", "register address", "registeradresse"),
        *("modbus address", "start address", "startadresse", "register", "reg"),
        *("register number", "registernummer", "register no", "reg no", "offset"),
        *("reg addr", "modbus register", "dec", "hex", "index", "modbus adresse"),
        *("starting address", "start", "addr dec", "address dec", "address hex"),
    ),
    "name": (
        *("name", "parameter", "parameter name", "signal", "signal name", "variable"),
        *("bezeichnung", "messwert", "messgrosse", "label", "measured value", "wert"),
        *("field name", "register name", "point", "data point", "datenpunkt", "value"),
        *("description", "beschreibung", "signalname", "quantity name", "item"),
    ),
    "meaning": (
        "comment",
        "kommentar",
        "bemerkung",
        "remark",
        "remarks",
        "note",
        "scope",
    ),
    "type": (
        "type",
        "data type",
        "datatype",
        "datentyp",
        "typ",
        "format",
        "data format",
    ),
    "unit": ("unit", "units", "einheit", "einheiten", "measurement unit", "dimension"),
    "scale": (
        *("scale", "factor", "faktor", "skalierung", "scaling", "multiplier"),
        *(
            "resolution",
            "auflosung",
            "scale factor",
            "skalierungsfaktor",
            "coefficient",
        ),
        *("accuracy", "skalenfaktor", "step", "multiplikator"),
    ),
    "divisor": ("gain", "divisor", "divider", "teiler"),
    "length": (
        *("length", "size", "words", "count", "registers", "lange", "anzahl", "wort"),
        *("quantity", "number of registers", "no of registers", "anzahl register"),
        *("register count", "word count", "num registers", "number", "qty", "words no"),
    ),
    "access": (
        *("access", "r w", "rw", "zugriff", "read write", "lesen schreiben", "ro rw"),
        *("permission", "r wo", "attribute", "mode", "zugriffsart", "access type"),
    ),
    "function": (
        *("function", "fc", "function code", "funktionscode", "funktion", "code"),
        *("modbus function", "fc code", "function codes"),
    ),
    "table": (
        "table",
        "register type",
        "registertyp",
        "tabelle",
        "area",
        "modbus type",
    ),
}
"""What columns are called, in English and German, the surest first."""
COLUMNS = tuple(_HEADS)
_NEEDED = ("address", "name")


class NoTable(ValueError):
    """There is no table of registers in the file; it says what is missing."""


@dataclass(frozen=True, slots=True)
class MakerRow:
    """One row, as it is written."""

    line: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


@dataclass(frozen=True, slots=True)
class MakerTable:
    """The rows, and how each column that was found is called in the file."""

    rows: tuple[MakerRow, ...]
    heads: Mapping[str, str]


def parse(text: str, told: Mapping[str, str] | None = None) -> MakerTable:
    """The table in a CSV. `told`: column to the name it has in the file."""
    grid = list(_cells(text))
    wanted = {column: plain(head) for column, head in (told or {}).items()}
    at, places = _head_row(grid, wanted)
    if missing := sorted(set(wanted) - set(places)):
        raise NoTable(f"no column is called {', '.join(wanted[m] for m in missing)}")
    if lacking := [column for column in _NEEDED if column not in places]:
        raise NoTable(
            f"no column of {' nor '.join(lacking)} is found; --columns tells which"
        )
    heads = {column: grid[at][place].strip() for column, place in places.items()}
    rows = []
    for line, cells in enumerate(grid[at + 1 :], start=at + 2):
        kept = {c: cells[i].strip() for c, i in places.items() if i < len(cells)}
        if kept.get("name") and re.search(r"\d", kept.get("address", "")):
            rows.append(MakerRow(line, kept))
    if not rows:
        raise NoTable("no row has an address")
    return MakerTable(tuple(rows), heads)


def plain(text: str) -> str:
    """Lower case letters and digits with single blanks: what names are compared by."""
    text = text.lower().translate(str.maketrans("äöüéèµ", "aoueeu")).replace("ß", "ss")
    return " ".join(re.sub(r"[^a-z0-9]+", " ", text).split())


def _cells(text: str) -> Iterator[list[str]]:
    """Rows of cells, by the separator that makes the most of them."""
    text = text.removeprefix("\ufeff")
    counts = {sign: text.count(sign) for sign in (";", "\t", ",", "|")}
    if counts[";"] and counts[";"] >= counts[","] // 4:
        counts[","] = 0  # a comma may stand in numbers and sentences
    separator = max(counts, key=counts.__getitem__)
    yield from csv.reader(io.StringIO(text), delimiter=separator)


def _head_row(
    grid: Sequence[Sequence[str]], wanted: Mapping[str, str]
) -> tuple[int, dict[str, int]]:
    """The row that names the most columns, and where they are."""
    best: tuple[int, dict[str, int]] = 0, {}
    for at, cells in enumerate(grid):
        places = _columns([plain(cell) for cell in cells], wanted)
        if len(places) > len(best[1]):
            best = at, places
    return best


def _columns(heads: Sequence[str], wanted: Mapping[str, str]) -> dict[str, int]:
    """Which column is what: as told, else by its name, the surest name first."""
    places = {c: heads.index(head) for c, head in wanted.items() if head in heads}
    for exact in (True, False):
        for column, names in _HEADS.items():
            if column in places or column in wanted:
                continue
            for name in names:
                place = _find(heads, name, set(places.values()), exact=exact)
                if place is not None:
                    places[column] = place
                    break
    return places


def _find(
    heads: Sequence[str], name: str, taken: set[int], *, exact: bool
) -> int | None:
    for i, head in enumerate(heads):
        if i in taken or not head:
            continue
        if head == name or (not exact and _within(name, head)):
            return i
    return None


def _within(name: str, head: str) -> bool:
    """Whether the words of `name` stand in the head, which says little else."""
    words, said = name.split(), head.split()
    if len(said) > len(words) + 2:
        return False
    runs = [said[i : i + len(words)] for i in range(len(said) - len(words) + 1)]
    return words in runs
