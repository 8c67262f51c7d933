"""What `ppc check` says about the grid code and the products a plant names."""

from collections.abc import Iterator
from itertools import groupby

from rich.table import Table

from ppc.cli.listing import listing
from ppc.configuration.conformity import remarks
from ppc.configuration.loading import Configuration


def named(configuration: Configuration) -> Iterator[tuple[str, str]]:
    """The grid code and the products, with how many of their figures count here."""
    listed = {name for name, _ in configuration.functions}
    for name, code in configuration.codes.items():
        functions = [p.function for p in configuration.prescriptions if p.code == name]
        used = sum(function in listed for function in functions)
        kind = "grid code" if name == configuration.plant.plant.grid_code else "product"
        text = f"{name}: {code.title}; {used} of {len(functions)} figures for functions"
        yield kind, f"{text} listed here"


def conformity(configuration: Configuration) -> Iterator[Table]:
    """By code: functions that are missing, figures overridden or not confirmed."""
    for name, of_code in groupby(remarks(configuration), lambda r: r.code):
        table = listing(f"asked by {name}", "remark", "what", wrap="what")
        shown = None
        for remark in of_code:
            if remark.setting and remark.function != shown:
                table.add_row(remark.function)
            shown = remark.function
            place = f"  {remark.setting}" if remark.setting else remark.function
            table.add_row(place, remark.about, remark.text)
        yield table
