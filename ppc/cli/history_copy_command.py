"""`ppc history backup`, `load`, `rebuild-trend`: copies, and what can be made again."""

import time
from pathlib import Path
from typing import Annotated

import typer

from ppc.cli.entry import ConfigOption, configured
from ppc.cli.history_desk import Desk, desk, usage
from ppc.cli.history_list import megabytes
from ppc.database.retention import Retention
from ppc.database.trend import rebuild
from ppc.history.copies import (
    INSPECTED,
    NoSpace,
    back_up,
    check_space,
    load,
    to_back_up,
)
from ppc.history.day_file import DayFile, Unreadable
from ppc.history.survey import size_bytes


def backup(
    target: Annotated[Path, typer.Argument(help="A directory; made if need be.")],
    days: Annotated[
        int | None, typer.Option(min=1, help="Only the newest; left out: all.")
    ] = None,
) -> None:
    """Copy the record, whole and verified, while the controller runs.

    Finished files that are there already, of the same size and time, are skipped: it
    can be broken off and done again.
    """
    of = desk()
    if target.resolve() == of.directory.resolve():
        usage(f"{target} is the record itself")
    if not of.files():
        of.say_nothing_there()
        raise typer.Exit(of.code)
    try:
        target.mkdir(parents=True, exist_ok=True)
        files = to_back_up(of.directory, target, days)
        needed = check_space(files, target)
    except NoSpace as error:
        usage(f"{error}")
    except OSError as error:
        usage(f"{target}: {error.strerror}")
    copied = _copied(of, files, needed, target)
    of.console.print(
        f"{target}: {copied} of {len(files)} files copied, the others were there",
        highlight=False,
        soft_wrap=True,
    )
    raise typer.Exit(of.code)


def _copied(of: Desk, files: list[Path], needed: int, target: Path) -> int:
    """How many could be."""
    copied = 0
    with of.progress("copying", needed) as done:
        for path in files:
            try:
                back_up(path, target, done)
                copied += 1
            except Unreadable as error:
                of.tell(error)
    return copied


def load_day(
    day: Annotated[
        str | None, typer.Argument(help="2026-11-21, or today; left out: --clear.")
    ] = None,
    *,
    clear: Annotated[bool, typer.Option("--clear", help="Take it away again.")] = False,
) -> None:
    """Have a full-rate look at one day in Grafana: as inspect.db, beside the record."""
    if clear == (day is not None):
        usage("write a day, or --clear")
    of = desk()
    target = of.directory / INSPECTED
    if day is None:
        try:
            target.unlink(missing_ok=True)
        except OSError as error:
            usage(f"{target}: {error.strerror}")
        raise typer.Exit(of.code)
    path = of.day(day)
    try:
        needed = check_space([path], of.directory)
        with of.progress("copying", needed) as done:
            load(path, done)
        of.console.print(f"{target} is {path.name} now", soft_wrap=True)
    except NoSpace as error:
        usage(f"{error}")
    except Unreadable as error:
        of.tell(error)
    raise typer.Exit(of.code)


def rebuild_trend(config: ConfigOption = None) -> None:
    """Make trend.db again, out of the daily files; the controller may run meanwhile."""
    machine, configuration = configured(config)
    record = configuration.plant.record
    of = Desk(machine.db_dir, color=machine.color)
    files = of.files()
    if not files:
        of.say_nothing_there()
        raise typer.Exit(of.code)
    for path in files:
        try:
            DayFile(path).close()
        except Unreadable as error:
            of.tell(error)
    retention = Retention(
        raw_days=record.raw_days,
        trend_days=record.trend_days,
        daily_files=record.daily_files,
    )
    left = len(files)

    with of.progress("reading", left) as done:

        def tell(now_left: int) -> None:
            nonlocal left
            done(left - now_left)
            left = now_left

        try:
            path = rebuild(
                of.directory, retention=retention, wall_s=time.time, tell=tell
            )
        except OSError as error:
            usage(f"{error.filename}: {error.strerror}")
    of.console.print(f"{path}: {megabytes(size_bytes(path))}", soft_wrap=True)
    raise typer.Exit(of.code)
