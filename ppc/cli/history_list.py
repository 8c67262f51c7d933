"""The table of days."""

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from ppc.cli.figures import DASH
from ppc.cli.listing import listing
from ppc.history.moments import clock, length, moment, readable
from ppc.history.survey import NOT_CHECKED, Day

_CELLS = 12
"""Of the picture of a day: two hours each, where it has 24."""
_GAPS_SHOWN = 20
_RIGHT = ("size", "rows", "lost")


def show_days(console: Console, days: Sequence[Day], aside: Sequence[str]) -> None:
    """A line for each day, then its gaps, then the sum of all."""
    names = ("day", "size", "rows", "0 to 24 h", "first", "last", "gaps", "lost")
    table = listing(*names, "integrity", "state", wrap="integrity")
    for column in table.columns:
        if column.header in _RIGHT:
            column.justify = "right"
    for day in days:
        table.add_row(*_line(day))
    console.print(table)
    _show_gaps(console, days)
    for name in aside:
        console.print(f"set aside: {name}", style="yellow", highlight=False)
    size = megabytes(sum(day.size_bytes for day in days))
    rows = grouped(sum(day.rows_count for day in days))
    s = "" if len(days) == 1 else "s"
    console.print(f"{len(days)} day{s}, {size}, {rows} rows", highlight=False)


def megabytes(size_bytes: float) -> str:
    """A size, to a tenth of a megabyte."""
    return f"{size_bytes / 1e6:.1f} MB"


def grouped(count: int) -> str:
    """Thousands apart."""
    return f"{count:,}".replace(",", " ")


def _line(day: Day) -> list[str | Text]:
    if day.trouble:
        reason = day.trouble.removeprefix(f"{day.file}: ")
        told: list[str | Text] = [DASH, "", DASH, DASH, DASH, DASH]
        return [day.day, megabytes(day.size_bytes), *told, Text(reason, "red"), ""]
    state = "finished" if day.is_finished else "live"
    state += ", thinned" if day.is_thinned else ""
    good = day.integrity in {"ok", NOT_CHECKED}
    return [
        day.day,
        megabytes(day.size_bytes),
        grouped(day.rows_count),
        _picture(day),
        DASH if day.first_s is None else clock(day.first_s),
        DASH if day.last_s is None else clock(day.last_s),
        _gaps(day),
        DASH if day.lost_count is None else grouped(day.lost_count),
        Text(day.integrity, "" if good else "red"),
        f"{state}, v{day.version}",
    ]


def _gaps(day: Day) -> str:
    if not day.gaps:
        return "none"
    return f"{len(day.gaps)}, {length(sum(g.until_s - g.since_s for g in day.gaps))}"


def _picture(day: Day) -> Text:
    """The local day: where there are samples, in part, or none."""
    if day.first_s is None or day.last_s is None:
        return Text("·" * _CELLS, "dim")
    begin_s = moment(day.day, day.last_s)
    cell_s = (moment(day.day, day.last_s, is_end=True) - begin_s) / _CELLS
    drawn = Text()
    for number in range(_CELLS):
        since_s = begin_s + number * cell_s
        until_s = since_s + cell_s
        lacking_s = max(0.0, min(day.first_s, until_s) - since_s)
        lacking_s += max(0.0, until_s - max(day.last_s, since_s))
        for gap in day.gaps:
            begin = max(gap.since_s, since_s, day.first_s)
            lacking_s += max(0.0, min(gap.until_s, until_s, day.last_s) - begin)
        share = 1.0 - lacking_s / cell_s
        drawn.append(*_cell(share))
    return drawn


def _cell(share: float) -> tuple[str, str]:
    if share <= 0.0:
        return "·", "dim"
    return ("█", "green") if share >= 0.999 else ("▒", "yellow")  # noqa: PLR2004


def _show_gaps(console: Console, days: Sequence[Day]) -> None:
    gaps = [gap for day in days for gap in day.gaps]
    for gap in gaps[-_GAPS_SHOWN:]:
        since, until = readable(gap.since_s), readable(gap.until_s)
        long = length(gap.until_s - gap.since_s)
        console.print(f"gap: {since} to {until}, {long}", highlight=False)
    if len(gaps) > _GAPS_SHOWN:
        earlier = len(gaps) - _GAPS_SHOWN
        console.print(f"{earlier} earlier gaps: in --json", highlight=False)
