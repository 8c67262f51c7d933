"""What the commands of `ppc history` have in common."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TimeRemainingColumn

from ppc.cli.entry import BAD_CONFIGURATION, refuse
from ppc.configuration.findings import ConfigurationError
from ppc.configuration.machine import read_machine
from ppc.database.daily import daily_files
from ppc.history.copies import day_named
from ppc.history.export import files_of
from ppc.history.frames import Span

WRONG = 1
_WIDE = 130
"""Signs in a line when nobody looks: a file or another program reads."""

Done = Callable[[float], None]


class Desk:
    """The folder of the record, the terminal, and what went wrong so far."""

    def __init__(self, directory: Path, *, color: bool) -> None:
        self.directory = directory
        self.code = 0
        no_color = None if color else True
        width = None if sys.stdout.isatty() else _WIDE
        self.console = Console(no_color=no_color, width=width)
        self._errors = Console(no_color=no_color, stderr=True)

    def files(self, span: Span | None = None) -> list[Path]:
        """The daily files, the oldest first; of a stretch of time."""
        if span is None:
            return daily_files(self.directory)
        return files_of(self.directory, span)

    def day(self, name: str) -> Path:
        """The file of a day; ends the program when there is none."""
        path = day_named(self.directory, name)
        if path is None:
            there = [path.stem.replace("_", "-") for path in self.files()]
            known = f"{there[0]} to {there[-1]}" if there else "none"
            usage(f"{name}: no such day in {self.directory}; there: {known}")
        return path

    def tell(self, trouble: object) -> None:
        """Something is wrong with a file; the rest goes on."""
        self.code = WRONG
        self._errors.print(f"{trouble}", style="red", soft_wrap=True, markup=False)

    def remark(self, text: str) -> None:
        """To who looks, not into what is written."""
        self._errors.print(text, soft_wrap=True, markup=False, highlight=False)

    def say_nothing_there(self) -> None:
        self.remark(
            f"no record in {self.directory}: `ppc run` writes it; PPC_DB_DIR says where"
        )

    @contextmanager
    def progress(self, what: str, total: float) -> Iterator[Done]:
        """A bar on the terminal, not in what is written. Hears of steps done."""
        columns = BarColumn(), TaskProgressColumn(), TimeRemainingColumn()
        bar = Progress(
            f"{what} ",
            *columns,
            console=self._errors,
            transient=True,
            disable=not self._errors.is_terminal,
        )
        with bar:
            task = bar.add_task(what, total=total)
            yield lambda steps: bar.advance(task, steps)


def desk() -> Desk:
    """For the record of this machine; ends the program when its settings are wrong."""
    try:
        machine = read_machine()
    except ConfigurationError as error:
        refuse(error)
    return Desk(machine.db_dir, color=machine.color)


def usage(text: str) -> NoReturn:
    """What was asked for cannot be: say so, and end the program."""
    sys.stderr.write(f"{text}\n")
    raise typer.Exit(BAD_CONFIGURATION)
