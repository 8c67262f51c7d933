"""`ppc fault`: list, add and clear faults of a simulated field that runs."""

import json
import socket
import sys
from collections.abc import Sequence
from typing import Annotated, Any

import typer
import yaml
from rich.console import Console
from rich.table import Table

from ppc.configuration.loading import Configuration
from ppc.configuration.simulation import ConsoleSection, SimulationConfig
from ppc.simulation.faults.catalogue import KINDS

NOT_DONE = 1
PATIENCE_S = 3.0


def listing(configuration: Configuration, *, kinds: bool) -> int:
    """Show the faults in force, or all kinds there are. Returns the exit code."""
    console = Console()
    if kinds:
        console.print(_kinds())
        return 0
    answer = _ask(configuration, {"do": "list"})
    if answer is None:
        return NOT_DONE
    table = Table("number", "fault", "for", "left", box=None)
    for row in answer["active"]:
        left = "until cleared" if row["left_s"] is None else f"{row['left_s']:.1f} s"
        table.add_row(str(row["number"]), row["fault"], f"{row['since_s']:.1f} s", left)
    console.print(table if answer["active"] else "no fault is in force")
    return 0


def add(
    configuration: Configuration,
    kind: str,
    device: str | None,
    lasts_s: float | None,
    parameters: Sequence[str],
) -> int:
    """Put a fault into force. Returns the exit code."""
    question: dict[str, Any] = {"do": "add", "kind": kind}
    question |= {k: v for k, v in (("device", device), ("lasts_s", lasts_s)) if v}
    for parameter in parameters:
        name, sign, value = parameter.partition("=")
        if not sign:
            sys.stderr.write(f"{parameter}: write name=value\n")
            return NOT_DONE
        question[name] = yaml.safe_load(value)
    answer = _ask(configuration, question)
    if answer is None:
        return NOT_DONE
    added = answer["added"]
    sys.stdout.write(f"fault {added['number']}: {added['fault']}\n")
    return 0


def clear(configuration: Configuration, number: int | None) -> int:
    """Take one fault back, or all. Returns the exit code."""
    answer = _ask(configuration, {"do": "clear", "number": number})
    if answer is None:
        return NOT_DONE
    for row in answer["cleared"]:
        sys.stdout.write(f"cleared {row['number']}: {row['fault']}\n")
    if not answer["cleared"]:
        sys.stdout.write("no fault was in force\n")
    return 0


def _kinds() -> Table:
    table = Table("layer", "kind", "what it does", "parameters", box=None)
    for name, kind in KINDS.items():
        fields = ", ".join(
            name if field.is_required() else f"{name}={field.default}"
            for name, field in kind.model_fields.items()
        )
        effect = " ".join((kind.__doc__ or "").split())
        table.add_row(kind.layer, name, effect, fields)
    return table


def _ask(
    configuration: Configuration, question: dict[str, Any]
) -> dict[str, Any] | None:
    """The answer of the field that runs; None, told on stderr: there is none."""
    simulation = configuration.plant.simulation or SimulationConfig()
    desk: ConsoleSection | None = simulation.console
    if desk is None:
        sys.stderr.write("simulation.console is null: the field takes no faults\n")
        return None
    where = (desk.host, desk.faults_port)
    try:
        with socket.create_connection(where, PATIENCE_S) as link:
            link.sendall(json.dumps(question).encode() + b"\n")
            answer: dict[str, Any] = json.loads(link.makefile().readline() or "{}")
    except (OSError, ValueError) as error:
        sys.stderr.write(f"no simulated field at {where[0]}:{where[1]}: {error}\n")
        return None
    if reason := answer.get("error"):
        sys.stderr.write(f"{reason}\n")
        return None
    return answer


KindsOption = Annotated[
    bool, typer.Option("--kinds", help="All kinds there are, instead.")
]
KindArgument = Annotated[str, typer.Argument(help="See: ppc fault list --kinds")]
DeviceOption = Annotated[str | None, typer.Option(help="Left out: the plant itself.")]
LastsOption = Annotated[
    float | None, typer.Option("--for", min=0.001, help="Seconds; else until cleared.")
]
ParameterOption = Annotated[
    list[str] | None, typer.Option("--param", metavar="NAME=VALUE", help="Again: more.")
]
NumberArgument = Annotated[int | None, typer.Argument(help="Left out: all.")]
