"""What commands have in common: the file they are told, how they refuse."""

import sys
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console

from ppc.configuration.findings import ConfigurationError
from ppc.configuration.loading import Configuration, load
from ppc.configuration.machine import Machine, read_machine

BAD_CONFIGURATION = 2

ConfigOption = Annotated[
    Path | None,
    typer.Option(
        "--config",
        help="plant.yaml; left out: PPC_CONFIG, config/plant.yaml here, the project's.",
    ),
]


def configured(config: Path | None) -> tuple[Machine, Configuration]:
    """Machine and plant; ends the program where they are not sound."""
    try:
        machine = read_machine()
        return machine, load(config or machine.plant_file)
    except ConfigurationError as error:
        refuse(error)


def refuse(error: ConfigurationError) -> NoReturn:
    """Tell all that is wrong, and end the program."""
    for finding in error.findings:
        sys.stderr.write(f"{finding}\n")
    count = len(error.findings)
    sys.stderr.write(f"{count} error{'s' if count > 1 else ''} in the configuration\n")
    raise typer.Exit(BAD_CONFIGURATION)


def console_of(machine: Machine) -> Console:
    """The terminal, in colours where they are wanted."""
    return Console(no_color=None if machine.color else True)
