"""`ppc profile new`: a profile drafted from a maker's table."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from ppc.cli.entry import BAD_CONFIGURATION
from ppc.commissioning.maker_table import COLUMNS, NoTable, parse
from ppc.commissioning.new_profile import Draft, draft, written

TableArgument = Annotated[
    Path, typer.Argument(metavar="TABLE.csv", help="The maker's table.")
]
OutOption = Annotated[
    Path | None,
    typer.Option("-o", "--output", metavar="FILE", help="Left out: to the screen."),
]
ColumnsOption = Annotated[
    str,
    typer.Option(
        metavar="address=NAME,type=NAME,...",
        help="Which column is which, where that is not seen by their names.",
    ),
]


def new(
    table: TableArgument,
    output: OutOption = None,
    columns: ColumnsOption = "",
    kind: Annotated[
        str | None, typer.Option("--type", help="poi, bess or pv; else guessed.")
    ] = None,
    base: Annotated[
        int | None, typer.Option(help="Written address of the first register.")
    ] = None,
    word_order: Annotated[str, typer.Option(help="big or little.")] = "big",
) -> None:
    """Draft a profile from a CSV of a maker's table: then `ppc profile check` it."""
    try:
        found = parse(_text(table), _columns(columns))
    except (OSError, NoTable) as error:
        sys.stderr.write(f"{table}: {error}\n")
        raise typer.Exit(BAD_CONFIGURATION) from None
    if kind not in {None, "poi", "bess", "pv"} or word_order not in {"big", "little"}:
        sys.stderr.write("--type is poi, bess or pv; --word-order big or little\n")
        raise typer.Exit(BAD_CONFIGURATION)
    drafted = draft(
        found,
        source=f"{table.name}: name the document here, its revision and table",
        kind=kind,
        base=base,
        word_order=word_order,
    )
    told = ", ".join(f"{column}: {head!r}" for column, head in found.heads.items())
    text = written(drafted.profile, f"Drafted from {table.name}. Columns: {told}")
    if output is None:
        sys.stdout.write(text)
    else:
        output.write_text(text, encoding="utf-8")
    _sum_up(drafted, len(found.rows))


def _sum_up(drafted: Draft, rows_count: int) -> None:
    points = drafted.profile["points"]
    keyed = sum("key" in point for point in points)
    for remark in drafted.remarks:
        sys.stderr.write(f"{remark}\n")
    sys.stderr.write(
        f"{rows_count} rows, {len(points)} points, {keyed} of them signals; signs and "
        "word order are for you to try\n"
    )


def _text(file: Path) -> str:
    data = file.read_bytes()
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _columns(text: str) -> dict[str, str]:
    """Of "address=Reg,type=Format"."""
    found = {}
    for part in filter(None, text.split(",")):
        column, sign, head = part.partition("=")
        if not sign or column.strip() not in COLUMNS:
            raise NoTable(f"{part}: columns are {', '.join(COLUMNS)}, each =NAME")
        found[column.strip()] = head.strip()
    return found
