"""`ppc history energy`: kWh of each device, by day or month."""

import json
import sys
from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated

import typer
from rich.console import Console

from ppc.cli.figures import DASH
from ppc.cli.history_command import JsonOption, span_of
from ppc.cli.history_desk import Desk, desk
from ppc.cli.listing import listing
from ppc.history.day_file import DayFile, Unreadable
from ppc.history.energies import Counters, Energy, days_in_trend, months
from ppc.history.frames import Span
from ppc.history.moments import iso


class By(StrEnum):
    """What energy is summed up over."""

    DAY = "day"
    MONTH = "month"


def energy(
    since: Annotated[
        str | None, typer.Option("--from", metavar="DAY", help="Left out: the first.")
    ] = None,
    until: Annotated[str, typer.Option("--to", metavar="DAY")] = "today",
    by: By = By.DAY,
    *,
    as_json: JsonOption = False,
) -> None:
    """Show the energy each device gave, took, and could have given, in kWh."""
    of = desk()
    days = _days(of, span_of(since or "1970-01-02", until))
    told = months(days.items()) if by is By.MONTH else days
    if as_json:
        shown = {
            when: {device: each._asdict() for device, each in devices.items()}
            for when, devices in told.items()
        }
        sys.stdout.write(json.dumps(shown, indent=1) + "\n")
    elif told:
        _show(of.console, told, by)
    else:
        of.remark(f"no counters of energy in {of.directory} for that time")
    raise typer.Exit(of.code)


def _days(of: Desk, span: Span) -> dict[str, dict[str, Energy]]:
    """Out of the daily files; of those that are gone, out of trend.db."""
    first, last = iso(span.since_s)[:10], iso(span.until_s - 1.0)[:10]
    counters = Counters()
    days = days_in_trend(of.directory)
    for path in of.files(span):
        try:
            with DayFile(path) as file:
                found = counters.day(file)
        except Unreadable as error:
            of.tell(error)
            continue
        if found:
            days[path.stem.replace("_", "-")] = found
    return {day: days[day] for day in sorted(days) if first <= day <= last}


def _show(console: Console, told: Mapping[str, Mapping[str, Energy]], by: By) -> None:
    table = listing(by, "device", "given", "taken", "possible", wrap="device")
    for column in table.columns[2:]:
        column.justify = "right"
        column.header = f"{column.header}, kWh"
    for when, devices in told.items():
        for device, each in sorted(devices.items()):
            table.add_row(when, device, *(_kwh(value_wh) for value_wh in each))
    console.print(table)


def _kwh(value_wh: float | None) -> str:
    return DASH if value_wh is None else f"{value_wh / 1e3:.3f}"
