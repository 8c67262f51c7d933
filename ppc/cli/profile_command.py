"""`ppc profile`: check register maps, and show the requests they are made into."""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

import typer
import yaml
from pydantic import ValidationError
from rich.console import Console
from rich.table import Table

from ppc.adapter.block import Block, CommandBlock
from ppc.adapter.point import CommandPoint, Point
from ppc.adapter.profile import DeviceProfile
from ppc.cli.listing import listing
from ppc.configuration.checking import faults
from ppc.configuration.findings import ConfigurationError, Finding
from ppc.configuration.machine import Machine, read_machine
from ppc.configuration.profile_check import ProfileCheck

WRONG = 2
_LIBRARY = "profiles"

app = typer.Typer(
    help="Check register maps of devices, and show what they are made into.",
    no_args_is_help=True,
)


@app.command(epilog="Example: ppc profile check my_inverter.yaml")
def check(
    files: Annotated[
        list[Path] | None,
        typer.Argument(help="Left out: all profiles beside plant.yaml."),
    ] = None,
) -> None:
    """Hold profiles against the format and against what is usual."""
    machine = _machine()
    folder = machine.plant_file.parent / _LIBRARY
    named = [_found(file, folder) for file in files or sorted(folder.glob("*.yaml"))]
    console = Console(no_color=None if machine.color else True)
    raise typer.Exit(checked(named, console))


@app.command(epilog="Example: ppc profile show config/profiles/abb_b23_b24.yaml")
def show(
    file: Annotated[Path, typer.Argument(help="The profile, or its name.")],
    option: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=VALUE", help="Of the device; may be given again."),
    ] = None,
) -> None:
    """Show the requests of a profile: addresses as on the wire, and every point."""
    machine = _machine()
    named = _found(file, machine.plant_file.parent / _LIBRARY)
    console = Console(no_color=None if machine.color else True)
    raise typer.Exit(shown(named, option or [], console))


def _machine() -> Machine:
    try:
        return read_machine()
    except ConfigurationError as error:
        sys.stderr.write(f"{error}\n")
        raise typer.Exit(WRONG) from None


def _found(file: Path, folder: Path) -> Path:
    """The file, or the shipped profile of this name."""
    shipped = folder / f"{file.name}.yaml"
    return shipped if not file.exists() and shipped.exists() else file


def checked(files: Sequence[Path], console: Console) -> int:
    """Tell all that is wrong and doubtful, then a summary. Returns the exit code."""
    checks = [ProfileCheck(file) for file in files]
    for each in checks:
        _tell(each.errors, "red", "error", console)
        _tell(each.warnings, "yellow", "warning", console)
    table = listing(
        *("profile", "type", "points", "keys", "a cycle", "slower"), wrap="profile"
    )
    for each in checks:
        if each.profile is not None and not each.errors:
            table.add_row(each.file.stem, *_figures(each.profile))
    if table.row_count:
        console.print(table)
    wrong = sum(len(each.errors) for each in checks)
    doubtful = sum(len(each.warnings) for each in checks)
    said = [_count(len(checks), "profile"), _count(wrong, "error")]
    console.print(", ".join([*said, _count(doubtful, "warning")]))
    return WRONG if wrong else 0


def _tell(findings: Sequence[Finding], color: str, kind: str, console: Console) -> None:
    for finding in findings:
        console.print(f"[{color}]{kind}[/{color}]", end=" ")
        console.print(str(finding), soft_wrap=True, markup=False, highlight=False)


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _figures(profile: DeviceProfile) -> Iterator[str]:
    """What the summary says of a profile."""
    points = sum(len(block.points) for block in profile.blocks) + len(profile.points)
    keys = sum(len(block.keys) for block in profile.reads)
    fast = [block for block in profile.reads if block.every_s is None]
    yield profile.type
    yield str(points)
    yield str(keys)
    yield str(len(fast) + len(profile.commands))
    yield str(len(profile.reads) - len(fast))


def shown(file: Path, options: Sequence[str], console: Console) -> int:
    """Print the requests of a profile. Returns the exit code."""
    given = {}
    for option in options:
        name, sign, value = option.partition("=")
        if not sign:
            sys.stderr.write(f"{option}: write name=value\n")
            return WRONG
        given[name] = yaml.safe_load(value)
    try:
        profile = DeviceProfile.load(file, given)
    except ValidationError as error:
        for place, reason in faults(DeviceProfile, error):
            sys.stderr.write(f"{Finding(str(file), '.'.join(place), reason)}\n")
        return WRONG
    except (OSError, yaml.YAMLError) as error:
        sys.stderr.write(f"{file}: {error}\n")
        return WRONG
    console.print(f"{file.stem}: {profile.maker} {', '.join(profile.models)}")
    console.print(f"source: {profile.source}", highlight=False)
    for note in profile.notes:
        console.print(f"- {note}", markup=False, highlight=False)
    for title, block in _requests(profile):
        console.print(f"\n{title}", highlight=False)
        console.print(_points(block, profile))
    return 0


def _requests(
    profile: DeviceProfile,
) -> Iterator[tuple[str, Block | CommandBlock]]:
    """What goes over the wire, with a headline each."""
    for block in profile.reads:
        often = f"every {block.every_s:g} s" if block.every_s else "every cycle"
        yield f"read {_where(block)}, {often}", block
    for block in profile.for_people:
        yield f"read {_where(block)}, when asked for", block
    for group in profile.commands:
        often = (
            f"again after {group.refresh_s:g} s" if group.refresh_s else "every cycle"
        )
        often = "when it changes" if group.stored else often
        watched = f", watchdog {group.watchdog_s:g} s" if group.watchdog_s else ""
        yield f"write {_where(group)}, {often}{watched}", group


def _where(block: Block | CommandBlock) -> str:
    """Table and registers, in decimal and hexadecimal figures."""
    first, last = block.address, block.address + block.count - 1
    model = f" of SunSpec model {', '.join(map(str, block.sunspec))}"
    where = f"{block.table} {first} to {last} ({first:04X}h to {last:04X}h)"
    if first == last:
        where = f"{block.table} {first} ({first:04X}h)"
    return where + model if block.sunspec else where


def _points(block: Block | CommandBlock, profile: DeviceProfile) -> Table:
    table = listing("address", "point", "raw", "value", "valid", wrap="value")
    for point in block.points:
        table.add_row(*_row(point, profile))
    for each in getattr(block, "sums", ()):
        parts = " + ".join(f"{factor:g} {name}" for name, factor in each.of.items())
        table.add_row("", each.key, "sum", parts, _valid(each.valid))
    return table


def _row(point: Point, profile: DeviceProfile) -> tuple[str, ...]:
    places = point.registers or ((point.address,) if point.address is not None else ())
    raw = str(point.type)
    if point.length:
        raw += f" of {point.length}"
    if point.size > 1 and not point.type.is_text:
        raw += f" {point.word_order or profile.word_order}"
    if point.mask is not None:
        raw += f" & {point.mask:X}h"
    at = ", ".join(map(str, places)) or point.sunspec or ""
    return at, point.label or "constant", raw, _value(point), _valid(point.valid)


def _value(point: Point) -> str:
    """How raw becomes SI, in short."""
    steps = (
        (f"* {point.scale:g}", point.scale != 1.0),
        (f"/ {point.divisor:g}", point.divisor != 1.0),
        (f"* 10^{point.scale_from}", point.scale_from),
        (f"+ {point.offset:g}", point.offset),
        (f"* {point.base}", point.base),
        (f"* {point.times}", point.times),
        (point.key.unit if point.key else point.unit, True),
    )
    said = [" ".join(text for text, is_so in steps if is_so and text)]
    if point.sign_from:
        said.append(f"sign by {point.sign_from.point}")
    for name in ("map", "special", "words"):
        entries = getattr(point, name) or {}
        said += [f"{raw}: {value}" for raw, value in entries.items()]
    said += [f"none {_raw(raw)}" for raw in point.absents]
    if isinstance(point, CommandPoint):
        said += [f"{point.part} only"] if point.part != "all" else []
        said += [f"always {point.constant:g}"] if point.constant is not None else []
    return ", ".join(filter(None, said))


def _raw(raw: float) -> str:
    return f"{int(raw):X}h" if raw > 0 and raw == int(raw) else f"{raw:g}"


def _valid(valid: tuple[float, float] | None) -> str:
    return f"{valid[0]:g} to {valid[1]:g}" if valid else ""
