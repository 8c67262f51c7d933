"""`ppc probe`: the whole plant looked at, as on the day it is put to work."""

import sys
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from ppc.cli.entry import BAD_CONFIGURATION, ConfigOption, console_of
from ppc.cli.listing import listing
from ppc.cli.way import NOT_REACHED, Plant, ended
from ppc.cli.write_command import NOT_AGREED, YesOption
from ppc.commissioning.action import ActionFailed
from ppc.commissioning.findings import (
    details,
    overview,
    remarks,
    sign_section,
    watchdog_section,
)
from ppc.commissioning.holding import NotHeld
from ppc.commissioning.knowing import known
from ppc.commissioning.line import Line
from ppc.commissioning.probe import ROUNDS, Looked, look
from ppc.commissioning.report import Section, write
from ppc.commissioning.signs import Step
from ppc.commissioning.subject import NotThere, Subject
from ppc.commissioning.trials import NoTrial, WatchdogTime, steps, watchdog
from ppc.commissioning.writing import CannotWrite

_FAILURES = (NoTrial, NotHeld, ActionFailed, CannotWrite, NotThere)
_LONGEST_S = 120.0

Unit = tuple[Line, Subject]


RoundsOption = Annotated[
    int, typer.Option(min=1, help="How often all is read, for the latency.")
]
ReportOption = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Write a page: .md or .html.")
]
ShareOption = Annotated[
    float, typer.Option(min=0.01, max=0.5, help="Size of a step, of the rating.")
]
SettleOption = Annotated[
    float, typer.Option("--settle", min=0.1, help="Seconds a step takes.")
]
SignsOption = Annotated[
    bool, typer.Option("--signs", help="Step P and Q of each unit; asks first.")
]
WatchdogOption = Annotated[
    bool, typer.Option("--watchdog", help="Stop writing and wait; asks first.")
]


def probe(
    config: ConfigOption = None,
    rounds: RoundsOption = ROUNDS,
    report: ReportOption = None,
    share: ShareOption = 0.1,
    settle_s: SettleOption = 5.0,
    *,
    signs: SignsOption = False,
    watchdogs: WatchdogOption = False,
    yes: YesOption = False,
) -> None:
    """Probe every device: reached, identity, points, latency; signs and watchdogs."""
    plant = Plant.of(config)
    if plant.controlled and (signs or watchdogs):
        sys.stderr.write(
            "the controller runs and would write its own set-points: stop it first\n"
        )
        raise typer.Exit(BAD_CONFIGURATION)
    if (signs or watchdogs) and not (yes or typer.confirm(_WARNING)):
        raise typer.Exit(NOT_AGREED)
    visit = _Probe(plant, console_of(plant.machine), share, settle_s)

    async def work() -> int:
        code = await visit.look(rounds)
        if signs:
            code = max(code, await visit.try_signs())
        if watchdogs:
            code = max(code, await visit.try_watchdogs())
        return code

    code = ended(work)
    if report is not None:
        try:
            write(report, plant.configuration.plant.plant.name, visit.sections)
        except OSError as error:
            sys.stderr.write(f"{report}: {error.strerror}\n")
            code = BAD_CONFIGURATION
    raise typer.Exit(code)


_WARNING = (
    "Set-points will be written to every unit, one after the other; at the end each "
    "gets its safe ones. Go on?"
)


class _Probe:
    """What was found so far."""

    def __init__(
        self, plant: Plant, console: Console, share: float, settle_s: float
    ) -> None:
        self.sections: list[Section] = []
        self._plant, self._console = plant, console
        self._share, self._settle_s = share, settle_s
        self._found: list[Looked] = []

    async def look(self, rounds: int) -> int:
        """Read everything of every device."""
        for name, section in self._plant.configuration.plant.devices.items():
            with self._console.status(name):
                async with self._plant.line(name) as line:
                    subject = self._plant.subject(name)
                    found = await look(line, subject, section.profile, rounds)
            self._found.append(found)
        self._show(overview(self._found))
        for found in self._found:
            for remark in remarks(found):
                self._say(remark)
        self.sections += details(self._found)
        return 0 if all(found.sound for found in self._found) else NOT_REACHED

    async def try_signs(self) -> int:
        """Step every unit, and see what the meter says."""
        found: list[Step] = []

        async def trial(unit: Unit, meter: Unit) -> None:
            found.extend(
                await steps(unit, meter, share=self._share, settle_s=self._settle_s)
            )

        untried = await self._each_unit(trial)
        self._show(sign_section(found, untried))
        return 0 if found and all(step.right for step in found) else NOT_REACHED

    async def try_watchdogs(self) -> int:
        """Leave every unit alone at a set-point."""
        times: list[WatchdogTime] = []

        async def trial(unit: Unit, _: Unit) -> None:
            told_s = unit[1].profile.watchdog_s
            most_s = 2.0 * told_s + 2.0 if told_s else _LONGEST_S
            times.append(
                await watchdog(
                    unit, share=self._share, settle_s=self._settle_s, most_s=most_s
                )
            )

        untried = await self._each_unit(trial)
        self._show(watchdog_section(times, untried))
        return 0 if times and all(each.right for each in times) else NOT_REACHED

    async def _each_unit(
        self, trial: Callable[[Unit, Unit], Awaitable[None]]
    ) -> list[str]:
        """Do a trial with every unit; why some could not be tried."""
        configuration, untried = self._plant.configuration, []
        meter = next(
            name
            for name in configuration.plant.devices
            if name not in configuration.ratings
        )
        for name in configuration.ratings:
            with self._console.status(name):
                async with AsyncExitStack() as stack:
                    pair = [await self._visit(stack, each) for each in (name, meter)]
                    try:
                        await trial(pair[0], pair[1])
                    except _FAILURES as why:
                        untried.append(f"{name}: not tried: {why}")
        return untried

    async def _visit(self, stack: AsyncExitStack, name: str) -> Unit:
        line = await stack.enter_async_context(self._plant.line(name))
        return line, await known(line, self._plant.subject(name))

    def _show(self, section: Section) -> None:
        self.sections.append(section)
        self._say(section.title)
        if section.rows:
            table = listing(*section.head, wrap=section.head[-1])
            for row in section.rows:
                table.add_row(*row)
            self._console.print(table)
        for sentence in section.sentences:
            self._say(sentence)

    def _say(self, text: str) -> None:
        self._console.print(text, markup=False, highlight=False, soft_wrap=True)
