"""`ppc watch`: a device read again and again, as a table that moves."""

import asyncio
import signal
from contextlib import suppress
from time import monotonic
from typing import Annotated

import typer
from rich.console import Console
from rich.live import Live
from rich.table import Table
from rich.text import Text

from ppc.cli.entry import ConfigOption, console_of
from ppc.cli.figures import DASH, duration
from ppc.cli.listing import listing
from ppc.cli.read_command import STYLES, WORST, DeviceArgument, KeysArgument, checked
from ppc.cli.way import NOT_REACHED, Plant, ended
from ppc.commissioning.knowing import known
from ppc.commissioning.line import Line
from ppc.commissioning.reading import read
from ppc.commissioning.subject import Subject
from ppc.commissioning.watching import Watch

EveryOption = Annotated[
    float, typer.Option("--every", min=0.05, help="Seconds from one round to the next.")
]
ForOption = Annotated[
    float | None,
    typer.Option("--for", min=0.0, help="Seconds to watch; left out: until Ctrl-C."),
]


def watch(
    device: DeviceArgument,
    keys: KeysArgument = None,
    config: ConfigOption = None,
    every_s: EveryOption = 1.0,
    lasts_s: ForOption = None,
) -> None:
    """Watch the points of a device: value, registers, age, latency."""
    plant = Plant.of(config)
    subject = plant.subject(device)
    wanted = checked(subject, keys)
    console = console_of(plant.machine)

    async def work() -> int:
        async with plant.line(device) as line:
            asked = await known(line, subject)
            console.print(f"{device}: {line.way}", highlight=False, soft_wrap=True)
            view = _View(line, asked, wanted, console)
            await view.run(every_s, lasts_s)
            return view.sum_up()

    raise typer.Exit(ended(work))


class _View:
    """The table, moved by each round."""

    def __init__(
        self, line: Line, subject: Subject, wanted: list[str], console: Console
    ) -> None:
        self._line, self._subject, self._wanted = line, subject, wanted
        self._console = console
        self._watch = Watch()

    async def run(self, every_s: float, lasts_s: float | None) -> None:
        """Until Ctrl-C, or for so long."""
        stop = asyncio.Event()
        asyncio.get_running_loop().add_signal_handler(signal.SIGINT, stop.set)
        until_s = None if lasts_s is None else monotonic() + lasts_s
        with Live(console=self._console, auto_refresh=False, transient=True) as live:
            while not stop.is_set() and (until_s is None or monotonic() < until_s):
                began_s = monotonic()
                found = [r async for r in read(self._line, self._subject, self._wanted)]
                self._watch.take(found)
                live.update(self._table(), refresh=self._console.is_terminal)
                left_s = max(began_s + every_s - monotonic(), 0.0)
                if until_s is not None:
                    left_s = min(left_s, max(until_s - monotonic(), 0.0))
                with suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), left_s)
            live.update(Text())

    def sum_up(self) -> int:
        """What was seen in all; the exit code."""
        columns = ("point", "reads", "bad", "changes", "least", "most", "p50", "p95")
        table = listing(*columns, wrap="point")
        for name, course in self._watch.courses.items():
            seen = course.low <= course.high
            table.add_row(
                name,
                str(course.reads_count),
                str(course.bad_count),
                str(course.changes_count),
                f"{course.low:.10g}" if seen else DASH,
                f"{course.high:.10g}" if seen else DASH,
                duration(course.median_s),
                duration(course.at(0.95)),
            )
        self._console.print(table)
        courses = self._watch.courses.values()
        return 0 if any(c.bad_count < c.reads_count for c in courses) else NOT_REACHED

    def _table(self) -> Table:
        columns = ("point", "value", "unit", "raw", "age", "latency", "median")
        table = listing(*columns, wrap="raw")
        now_s = monotonic()
        for name, course in self._watch.courses.items():
            last = course.last
            style = STYLES.get(last.quality, WORST)
            value = last.shown if last.registers or last.keyed else last.quality
            table.add_row(
                name,
                Text(value, "bold yellow" if course.changed else style),
                last.unit,
                last.registers or last.quality,
                duration(now_s - last.read_s),
                duration(last.latency_s),
                duration(course.median_s),
            )
        return table
