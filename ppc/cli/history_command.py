"""`ppc history list`, `check`, `events`: the record, day by day."""

import json
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from ppc.cli.history_desk import Desk, desk, usage
from ppc.cli.history_list import show_days
from ppc.history.day_file import DayFile, Unreadable
from ppc.history.frames import Span
from ppc.history.happened import SEVERITIES, events_in
from ppc.history.known_days import KnownDays
from ppc.history.moments import moment, readable
from ppc.history.survey import (
    NOT_CHECKED,
    Day,
    after,
    noted_days,
    set_aside,
    soundness,
)

_STYLES = {"warning": "yellow", "error": "red", "alarm": "red", "critical": "bold red"}

JsonOption = Annotated[bool, typer.Option("--json", help="As one JSON object.")]
FromOption = Annotated[
    str,
    typer.Option(
        "--from",
        metavar="TIME",
        help="2026-11-21, 2026-11-21T14:30, with +01:00, today, yesterday, now, -6h.",
    ),
]
ToOption = Annotated[
    str, typer.Option("--to", metavar="TIME", help="The same; of a day its end.")
]
UtcOption = Annotated[bool, typer.Option("--utc", help="Times in UTC.")]


def list_(
    last: Annotated[
        int | None, typer.Option(min=1, metavar="DAYS", help="Only the newest.")
    ] = None,
    *,
    check_now: Annotated[
        bool, typer.Option("--check", help="Check the integrity of each file now.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Show the days on record: size, rows, gaps, lost rows, integrity."""
    of = desk()
    days = _days(of, of.files()[-last:] if last else of.files(), check=check_now)
    aside = [path.name for path in set_aside(of.directory)]
    if as_json:
        told = {"directory": str(of.directory), "days": [asdict(day) for day in days]}
        sys.stdout.write(json.dumps({**told, "set_aside": aside}, indent=1) + "\n")
    elif days or aside:
        show_days(of.console, days, aside)
    else:
        of.say_nothing_there()
    for day in days:
        if day.trouble:
            of.tell(day.trouble)
        elif day.integrity not in {"ok", NOT_CHECKED}:
            of.tell(f"{day.file}: {day.integrity}")
    raise typer.Exit(of.code)


def _days(of: Desk, files: Sequence[Path], *, check: bool) -> list[Day]:
    """What is in each file, and lacks since the one before it."""
    noted, known = noted_days(of.directory), KnownDays(of.directory)
    days: list[Day] = []
    with of.progress("looking through", len(files)) as done:
        for path in files:
            try:
                day = known.day(path, noted.get(path.name, {}), check=check)
                days.append(after(days[-1], day) if days else day)
            except Unreadable as error:
                of.tell(error)
            done(1)
    known.keep()
    return days


def check(
    day: Annotated[str | None, typer.Argument(help="Left out: all of them.")] = None,
) -> None:
    """Check the integrity of daily files: every page, every row, every index."""
    of = desk()
    files = of.files()
    if day is not None:
        files = [of.day(day)]
    elif not files:
        of.say_nothing_there()
    with of.progress("checking", len(files)) as done:
        for path in files:
            try:
                found = soundness(path)
                if found == "ok":
                    of.console.print(f"{path.name}: ok", highlight=False)
                else:
                    of.tell(f"{path.name}: {found}")
            except Unreadable as error:
                of.tell(error)
            done(1)
    raise typer.Exit(of.code)


def events(
    since: FromOption = "-1d",
    until: ToOption = "now",
    severity: Annotated[
        str, typer.Option(help=f"The least: {', '.join(SEVERITIES)}.")
    ] = "info",
    *,
    utc: UtcOption = False,
) -> None:
    """Read what happened, one line per event."""
    if severity not in SEVERITIES:
        usage(f"{severity} is no severity: {', '.join(SEVERITIES)}")
    of, span = desk(), span_of(since, until)
    events_count = 0
    for path in of.files(span):
        try:
            with DayFile(path) as file:
                for event in events_in(file, span, severity):
                    events_count += 1
                    of.console.print(
                        Text.assemble(
                            (readable(event.ts, utc=utc), "dim"),
                            (f" {event.severity:8}", _STYLES.get(event.severity, "")),
                            f" {event.source}: {event.text}",
                        ),
                        soft_wrap=True,
                    )
        except Unreadable as error:
            of.tell(error)
    if not events_count:
        of.remark(f"no events from {since} to {until}")
    raise typer.Exit(of.code)


def span_of(since: str, until: str) -> Span:
    """A stretch of time as it was asked for; ends the program when it is none."""
    now_s = time.time()
    try:
        span = Span(moment(since, now_s), moment(until, now_s, is_end=True))
    except ValueError as error:
        usage(f"{error}")
    if span.since_s >= span.until_s:
        usage(f"--from {since} is not before --to {until}")
    return span
