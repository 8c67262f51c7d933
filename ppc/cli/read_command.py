"""`ppc read`: what a device says now, point by point."""

import json
import sys
from collections.abc import Sequence
from time import monotonic
from typing import Annotated

import typer
from rich.text import Text

from ppc.cli.entry import BAD_CONFIGURATION, ConfigOption, console_of
from ppc.cli.figures import duration
from ppc.cli.listing import listing
from ppc.cli.way import NOT_REACHED, Plant, ended
from ppc.commissioning.knowing import known
from ppc.commissioning.line import Line
from ppc.commissioning.reading import GOOD, Reading
from ppc.commissioning.reading import read as read_all
from ppc.commissioning.subject import Subject
from ppc.configuration.findings import instead

STYLES = {GOOD: "", "absent": "dim"}
WORST = "bold red"

DeviceArgument = Annotated[str, typer.Argument(help="Its name in plant.yaml.")]
KeysArgument = Annotated[
    list[str] | None,
    typer.Argument(metavar="[KEY ...]", help="Keys or names; left out: all points."),
]


def read(
    device: DeviceArgument,
    keys: KeysArgument = None,
    config: ConfigOption = None,
    *,
    as_json: Annotated[
        bool, typer.Option("--json", help="As one JSON object.")
    ] = False,
) -> None:
    """Read points of a device: value, quality, registers, age; control goes on."""
    plant = Plant.of(config)
    subject = plant.subject(device)
    wanted = checked(subject, keys)

    async def work() -> int:
        async with plant.line(device) as line:
            asked = await known(line, subject)
            return await _read(plant, asked, line, wanted, as_json=as_json)

    raise typer.Exit(ended(work))


def checked(subject: Subject, keys: list[str] | None) -> list[str]:
    """The names that were asked for. Ends the program where one is not known."""
    names = subject.names
    unknown = [key for key in keys or [] if key not in names]
    for key in unknown:
        sys.stderr.write(f"{subject.name} has no point {key}{instead(key, names)}\n")
    if unknown:
        raise typer.Exit(BAD_CONFIGURATION)
    return keys or []


async def _read(
    plant: Plant, subject: Subject, line: Line, keys: Sequence[str], *, as_json: bool
) -> int:
    found = [reading async for reading in read_all(line, subject, keys)]
    if as_json:
        now_s = monotonic()
        points = [reading.as_dict(now_s) for reading in found]
        answer = {"device": subject.name, "way": line.way, "points": points}
        sys.stdout.write(json.dumps(answer, indent=2) + "\n")
    else:
        console = console_of(plant.machine)
        console.print(f"{subject.name}: {line.way}", highlight=False, soft_wrap=True)
        console.print(table_of(found, monotonic()))
    return 0 if any(reading.registers for reading in found) else NOT_REACHED


def table_of(found: Sequence[Reading], now_s: float) -> object:
    """Points as a table."""
    table = listing(
        *("point", "value", "unit", "quality", "raw", "address", "age"), wrap="raw"
    )
    for reading in found:
        table.add_row(
            reading.name,
            Text(reading.shown),
            reading.unit,
            Text(reading.quality, STYLES.get(reading.quality, WORST)),
            reading.registers,
            reading.where,
            duration(now_s - reading.read_s),
        )
    return table
