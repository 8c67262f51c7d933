"""Tables for the terminal: all of one look, and lean enough for 80 columns."""

from rich.box import SIMPLE_HEAD
from rich.table import Table


def listing(*names: str, wrap: str) -> Table:
    """A table with these columns, of which `wrap` may take several lines."""
    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False)
    for name in names:
        table.add_column(name, no_wrap=name != wrap)
    return table
