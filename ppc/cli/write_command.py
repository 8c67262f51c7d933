"""`ppc write`: one value, or one action, after it was shown and agreed to."""

import sys
from typing import Annotated

import typer
from rich.console import Console

from ppc.cli.entry import BAD_CONFIGURATION, ConfigOption, console_of
from ppc.cli.read_command import DeviceArgument
from ppc.cli.way import NOT_REACHED, Plant, ended
from ppc.commissioning.action import ActionFailed, actions, performed, told, write_of
from ppc.commissioning.frames import request
from ppc.commissioning.knowing import known
from ppc.commissioning.line import Line
from ppc.commissioning.subject import NotThere, Subject
from ppc.commissioning.writing import CannotWrite, Change, change, writable, written
from ppc.configuration.findings import instead

NOT_TAKEN, REFUSED, NOT_AGREED = NOT_REACHED, BAD_CONFIGURATION, 3

WhatArgument = Annotated[str, typer.Argument(metavar="KEY|ACTION")]
ValueArgument = Annotated[str | None, typer.Argument(help="SI value, or its word.")]
YesOption = Annotated[bool, typer.Option("--yes", help="Do not ask.")]
ForceOption = Annotated[
    bool, typer.Option("--force", help="Also what the running controller writes.")
]
SingleOption = Annotated[bool, typer.Option("--single", help="By function 6, not 16.")]


def write(
    device: DeviceArgument,
    what: WhatArgument,
    value: ValueArgument = None,
    config: ConfigOption = None,
    *,
    yes: YesOption = False,
    force: ForceOption = False,
    single: SingleOption = False,
) -> None:
    """Write a set-point or a writable point, or do an action; asks first.

    Ends with 0 taken, 1 not taken, 2 refused here, 3 not agreed to.
    """
    plant = Plant.of(config)
    subject = plant.subject(device)
    names = writable(subject) if value is not None else actions(subject.profile)
    if what not in names:
        kind = "writable point" if value is not None else "action"
        sys.stderr.write(f"{device} has no {kind} {what}{instead(what, names)}\n")
        raise typer.Exit(REFUSED)
    console = console_of(plant.machine)

    async def work() -> int:
        async with plant.line(device, force=force) as line:
            asked = await known(line, subject)
            console.print(f"{device}: {line.way}", highlight=False, soft_wrap=True)
            if value is None:
                return await _act(line, asked, what, console, yes=yes)
            found = await change(line, asked, what, value, single=single)
            return await _write(line, found, console, yes=yes)

    try:
        raise typer.Exit(ended(work))
    except typer.Abort:
        raise typer.Exit(NOT_AGREED) from None
    except (CannotWrite, NotThere) as error:
        sys.stderr.write(f"{error}\n")
        raise typer.Exit(REFUSED) from None


async def _write(line: Line, change: Change, console: Console, *, yes: bool) -> int:
    _show(change, console)
    if not (yes or typer.confirm("write?")):
        return NOT_AGREED
    troubles = [trouble async for trouble in written(line, change)]
    for trouble in troubles:
        sys.stderr.write(f"{trouble}\n")
    if troubles:
        return NOT_TAKEN
    said = "written, cannot be read back" if change.before is None else "taken"
    console.print(said)
    return 0


def _show(change: Change, console: Console) -> None:
    def say(text: str) -> None:
        console.print(text, markup=False, highlight=False, soft_wrap=True)

    asked = change.question
    say(f"{change.what}: function {asked.function:d}, address {asked.address}")
    before = "cannot be read" if change.before is None else change.before.hex(" ", 2)
    say(f"  before: {before}{_meaning(change.meant)}")
    say(f"  after:  {change.taken.hex(' ', 2)}{_meaning(change.means)}")
    say(f"  frame:  {request(asked).hex(' ')}")


def _meaning(values: object) -> str:
    assert isinstance(values, dict)
    said = ", ".join(
        f"{name} = {value if isinstance(value, str) else f'{value:.10g}'}"
        for name, value in values.items()
    )
    return f"  ({said})" if said else ""


async def _act(
    line: Line, subject: Subject, name: str, console: Console, *, yes: bool
) -> int:
    steps = actions(subject.profile)[name]
    for step in steps:
        frame = request(write_of(subject, step.write)).hex(" ") if step.write else ""
        console.print(f"  {told(step)}  {frame}", highlight=False, soft_wrap=True)
    if not (yes or typer.confirm(f"{name}: do these steps?")):
        return NOT_AGREED
    try:
        async for done in performed(line, subject, steps):
            console.print(f"done: {done}", highlight=False, soft_wrap=True)
    except ActionFailed as failed:
        sys.stderr.write(f"{failed}\n")
        return NOT_TAKEN
    return 0
